"""QS: who was how long in which strategy, at any Stichtag and Datenstand; then, now, the difference, as a file."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.knowledge import Reading
from domain.periods import local_day
from domain.permissions import QS, Action
from domain.purposes import PURPOSES
from services.office.office import Office, Transaction
from services.questions import cases
from services.web.case import disputes as reports
from services.web.http import templating
from services.web.http.visitor import Needs, NotThere, TheOffice, Visitor, list_purpose, log_behind, log_list
from services.web.qs import answer, files
from services.web.qs import form as stays_form
from services.web.qs.answer import Result
from services.web.qs.files import Sheet
from services.web.qs.form import Asked, Form
from services.web.words import dates, labels, links

router = APIRouter(include_in_schema=False)

SeesQs = Annotated[Visitor, Depends(Needs(Action.SEE_QS))]
PAGE = 50
KINDS = {
    "csv": (files.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (files.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@router.get("/qs")
def show(request: Request, office: TheOffice, visitor: SeesQs) -> Response:
    """The question as a sentence with blanks, and its answer; the address carries the whole question."""
    with office.read() as tx:
        form, asked = _read(request, tx, visitor)
        found = asked and answer.answer(tx, visitor.organisation, asked, PAGE, _own(visitor))
        disputes = [] if _own(visitor) else reports.read(tx, visitor)  # leads read theirs on the page Team
    log_behind(office, visitor, [one.case_key for one in disputes])
    _log(office, visitor, found, "qs")
    context: dict[str, Any] = {
        "form": form,
        "result": found,
        "own": _own(visitor),
        "disputes": disputes,
        "purpose": PURPOSES[list_purpose(visitor)],
        "strategies": stays_form.STRATEGIES,
        "areas": stays_form.AREAS,
        "asks": asked and answer.asks(asked, form),
        "share": answer.share,
        "why": answer.why,
        "known_words": answer.known_words,
        "to": lambda **changed: links.address(request.query_params, **changed),
        "file": lambda kind: links.address(request.query_params, f"/qs/liste.{kind}", seite=""),
        "at_case": _at_case(asked) if asked else None,
    }
    return templating.page(request, "qs.html", visitor, context, 422 if form.wrong else 200)


@router.get("/qs/liste.{kind}")
def download(request: Request, office: TheOffice, visitor: SeesQs, kind: str) -> Response:
    """The whole list as a file: case numbers, never names."""
    if kind not in KINDS:
        raise NotThere("Diese Liste gibt es als CSV und als XLSX.")
    with office.read() as tx:
        form, asked = _read(request, tx, visitor)
        if asked is None:
            return templating.go(links.address(request.query_params))
        found = answer.answer(tx, visitor.organisation, asked._replace(page=0), None, _own(visitor))
    _log(office, visitor, found, "qs-file")
    write, media = KINDS[kind]
    name = f"verweildauer_{asked.as_of.isoformat()}_{asked.then.strategy}{_suffix(asked)}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write(_sheet(found, form)), media_type=media, headers=headers)


def _own(visitor: Visitor) -> bool:
    """Whether the visitor asks about the cases of led units only."""
    return not visitor.roles & QS


def _log(office: Office, visitor: Visitor, found: Result | None, name: str) -> None:
    """Logs the list before the answer leaves, and whose entries it shows: those behind a difference."""
    if found is None:
        return
    log_list(office, visitor, name, len(found.rows) + len(found.turned), found.recipe)
    log_behind(office, visitor, [one.key for one in found.turned])


def _read(request: Request, tx: Transaction, visitor: Visitor) -> tuple[Form, Asked | None]:
    own = cases.of_leads(tx.conn, visitor.organisation, visitor.person, visitor.today) if _own(visitor) else None
    return stays_form.read(request.query_params, visitor.organisation, tx.now, own)


def _suffix(asked: Asked) -> str:
    read = "_wirksamkeitstag" if asked.shown.reading is Reading.EFFECTIVE_DAY else ""
    return {"then": "", "now": "_heute", "difference": "_unterschied"}[asked.view] + read


def _at_case(asked: Asked) -> Any:
    """The address of a case at the Stichtag, with the knowledge of the list it is on."""

    def path(number: str, then: bool = asked.view != "now") -> str:
        known_at = asked.then.known_at if then else None
        known = f"&datenstand={local_day(known_at).isoformat()}" if known_at else ""
        return f"{templating.case_path(number)}?stichtag={asked.as_of.isoformat()}{known}"

    return path


def _sheet(found: Result, form: Form) -> Sheet:
    asked = found.asked
    strategy = labels.code(asked.then.strategy)
    by_day = asked.shown.reading is Reading.EFFECTIVE_DAY
    origin = [
        ("Frage", f"Handlungsstrategie {strategy} am {dates.plain(asked.as_of)}, {answer.asks(asked, form)}"),
        *_results(found),
        *((("Lesart", f"Einträge ohne Erfassungszeitpunkt {answer.BY_DAY}"),) * by_day),
        *(("Hinweis", note) for note in found.notes),
        ("Rezept", found.recipe),
    ]
    if asked.view == "difference":
        return _difference_sheet(found, origin)
    head = ("Fall", "Einheit", "Bereich", "Balken seit", "laut Balken (Tage)", "bereinigt (Tage)", "Abzüge")
    rows = [
        (
            row["case"], row["unit"], labels.code(row["area"]) if row["area"] else None,
            dt.date.fromisoformat(row["since"]), row["gross"], row["net"], answer.why(row),
        )
        for row in found.rows
    ]  # fmt: skip
    return Sheet("Liste", head, rows, origin)


def _results(found: Result) -> list[tuple[str, str]]:
    lists = [(found.asked.then, found.then), (found.asked.now, found.now)]
    if found.asked.view != "difference":
        lists = [(found.asked.shown, found.shown)]
    return [
        (f"Datenstand {answer.known_words(wanted.known_at)}", f"{answer.share(one.found, one.base)} der offenen Balken")
        for wanted, one in lists
    ]


def _difference_sheet(found: Result, origin: list[tuple[str, str]]) -> Sheet:
    head = ("Fall", "Nur in der Liste von", "Ursache", "Eintrag", "gültig am", "erfasst am")
    then = answer.known_words(found.asked.then.known_at)
    rows = [
        (one.number, then if one.then else "heute", fact.why, fact.text, fact.on, local_day(fact.recorded_at))
        for one in found.turned
        for fact in one.behind
    ]
    return Sheet("Unterschied", head, rows, origin)
