"""Zuweisen, seen before it is done: who of several people gets which case, with what waits in it; undone as a whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.dialogues.handover import BETWEEN
from domain.dialogues.overdue import ASSIGN
from domain.permissions import Action
from services.dialogues import several
from services.dialogues.several import NotAll
from services.people import directory, receivers
from services.people.receivers import Receivers
from services.questions import cases, unattended
from services.records.words import number_typed
from services.web.cases.several import chosen
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.visitor import Visitor
from services.web.team.unattended import context_of
from services.web.words.forms import WHOLE, text_in

router = APIRouter(include_in_schema=False)

PATH = "/team/umverteilen"
MOST_RECEIVERS = 20
Leads = Annotated[Visitor, Depends(Needs(Action.SEE_TEAM))]
Wrong = Mapping[str, str]


class Given(NamedTuple):
    """Who is to get a case, "" for nobody else than now, and the last number the case had when that was chosen."""

    number: str
    to: str
    version: int


class Share(NamedTuple):
    """What one person would get: how many cases, open follow-ups in them, and cases with a request that waits."""

    name: str
    cases: int
    tasks: int
    requests: int


class Sent(NamedTuple):
    """What was sent: the cases with who gets them, who can be chosen, from when on and why."""

    given: Sequence[Given]
    to: Sequence[str]
    on: str
    reason: str


@router.get(PATH)
def show(
    request: Request, door: Annotated[Door, Depends(Opens(Action.SEE_TEAM))], weitere: str = "", verteilt: str = ""
) -> Response:
    """First the question who is to get these cases; then who gets which, one after the other in turn."""
    query = request.query_params
    with door.open() as visit:
        people, keys = _people(visit, query.getlist("fall"))
        wrong: dict[str, str] = {}
        try:
            to = _receivers(people, query.getlist("an"), weitere)
            if verteilt and not to:
                wrong["an"] = "Bitte mindestens eine Person wählen."
        except Refused as error:
            to, wrong = [], dict(error.reasons)
        numbers, versions = visit.tx.store.numbers(visit.tx.conn, keys), several.versions(visit.tx, keys)
        shared = _shared(visit, keys, to)
        given = [Given(numbers[key], shared[key], versions[key]) for key in keys]
        context = _context(visit, people, keys, Sent(given, to, "", ""), wrong, {})
    return templating.page(request, "reassign.html", visit.visitor, context | {"typed": weitere}, 422 if wrong else 200)


@router.post(PATH)
def decide(request: Request, office: TheOffice, visitor: Leads, form: Posted) -> Response:
    """Gives every case to whom it was shown with, or none: then the page says at which cases why not."""
    sent = _sent(form)
    with further(request, office, visitor) as visit:
        _, keys = _people(visit, [one.number for one in sent.given])
        numbers = visit.tx.store.numbers(visit.tx.conn, keys)
    by_number = {one.number: one for one in sent.given}
    moved = {key: one for key in keys if (one := by_number[numbers[key]]).to}
    wrong: dict[str, str] = {}
    if len(keys) < len(by_number):
        wrong[""] = "Ein Fall gehört nicht mehr zu Ihrem Bereich. Zugewiesen ist nichts; bitte noch einmal ansehen."
    elif not moved:
        wrong[""] = "Es bleibt alles, wie es ist: Bitte mindestens einen Fall jemandem geben."
    refused: Mapping[UUID, Sequence[tuple[str, str]]] = {}
    if not wrong:
        own = {key: {"to": one.to} for key, one in moved.items()}
        shown = {key: one.version for key, one in moved.items()}
        answers = {"on": sent.on, "reason": sent.reason}
        try:
            done = several.decide(office, ASSIGN, list(moved), answers, visitor.person, shown, own)
        except NotAll as error:
            refused = error.reasons
        else:
            return templating.go(f"/team/zuweisen?getan={','.join(done)}")
    with further(request, office, visitor) as visit:
        people, keys = _people(visit, [one.number for one in sent.given])
        versions = several.versions(visit.tx, keys)
        fresh = [by_number[numbers[key]]._replace(version=versions[key]) for key in keys if key in numbers]
        context = _context(visit, people, keys, sent._replace(given=fresh), wrong, refused)
    return templating.page(request, "reassign.html", visitor, context, 422)


@router.post(f"{PATH}/zurueck")
def take_back(request: Request, office: TheOffice, visitor: Leads, form: Posted) -> Response:
    """Undoes a whole assignment, or nothing of it: then the page says at which cases something stands on it."""
    done = text_in(form, "getan", WHOLE)
    try:
        count = several.take_back(office, done.split(",")[: several.MOST], visitor.person)
    except NotAll as error:
        with further(request, office, visitor) as visit:
            numbers = visit.tx.store.numbers(visit.tx.conn, list(error.reasons))
            told = {numbers.get(key, ""): reasons[0][1] for key, reasons in error.reasons.items()}
            context = context_of(visit, "", done) | {"refused": told}
        return templating.page(request, "unattended.html", visitor, context, 422)
    if not count:
        raise Refused([("getan", "Diese Zuweisung gibt es nicht, oder sie ist schon zurückgenommen.")])
    return templating.go(f"/team/zuweisen?getan={done}")


def _sent(form: FormData) -> Sent:
    """What the form says; raises Refused for what no page of ours sends."""
    given = []
    for one in form.getlist("zu")[: several.MOST + 1]:
        version, _, rest = str(one)[:300].partition(BETWEEN)
        parts = ["", rest[1:]] if rest.startswith(BETWEEN) else rest.rsplit(BETWEEN, 1)
        if not version.isdecimal() or len(version) > 9 or len(parts) != 2:
            raise Refused([("zu", "Das Formular ist unvollständig. Bitte öffnen Sie die Seite neu.")])
        given.append(Given(number_typed(parts[1]), parts[0], int(version)))
    if len({one.number for one in given}) < len(given):
        raise Refused([("zu", "Ein Fall steht doppelt im Formular. Bitte öffnen Sie die Seite neu.")])
    to = dict.fromkeys(str(one)[:200] for one in form.getlist("an")[:MOST_RECEIVERS])
    return Sent(given, list(to), text_in(form, "on"), text_in(form, "reason", WHOLE))


def _people(visit: Visit, numbers: Sequence[str]) -> tuple[Receivers, list[UUID]]:
    """Who can get these cases, those of their units first, and the cases the visitor may assign."""
    tx, visitor = visit.tx, visit.visitor
    keys = chosen(tx, visitor, ASSIGN, numbers)
    abouts = directory.abouts(tx.conn, keys, visitor.today)
    organisation = visitor.organisation
    units = {organisation.current(one.unit, visitor.today) for one in abouts.values() if one.unit}
    return receivers.receivers(tx, organisation, visitor.today, units), keys


def _shared(visit: Visit, keys: Sequence[UUID], to: Sequence[str]) -> dict[UUID, str]:
    """Who is to get each case, in turn; whoever has it already is passed over, and it stays where nobody else is."""
    tx, today = visit.tx, visit.visitor.today
    abouts = directory.abouts(tx.conn, keys, today)
    workers = {one.worker for one in abouts.values() if one.worker}
    ids = {key.hex: id for key, id in tx.store.numbers(tx.conn, [UUID(hex=one) for one in workers]).items()}
    found: dict[UUID, str] = {}
    turn = deque(to)
    for key in keys:
        about = abouts.get(key, directory.NOBODY)
        has = BETWEEN.join((about.unit or "", about.area or "", ids.get(about.worker or "", "")))
        found[key] = next((one for one in turn if one != has), "")
        if found[key]:
            turn.remove(found[key])
            turn.append(found[key])
    return found


def _receivers(people: Receivers, ticked: Sequence[str], typed: str) -> list[str]:
    """Those chosen, each once. Raises Refused with the field."""
    known = dict(people)
    if unknown := [one for one in ticked if one not in known]:
        raise Refused([("an", f"„{unknown[0][:40]}“ kann hier niemand sein, der Fälle bekommt.")])
    more = [receivers.chosen(people, typed, "weitere")] if typed.strip() else []
    found = list(dict.fromkeys([*ticked, *more]))
    if len(found) > MOST_RECEIVERS:
        raise Refused([("an", f"Bitte höchstens {MOST_RECEIVERS} Personen wählen.")])
    return found


def _context(
    visit: Visit,
    people: Receivers,
    keys: Sequence[UUID],
    sent: Sent,
    wrong: Wrong,
    refused: Mapping[UUID, Sequence[tuple[str, str]]],
) -> dict[str, Any]:
    tx, visitor = visit.tx, visit.visitor
    rows = {row.key: row for row in cases.of_keys(tx, keys, visitor.today)}
    abouts = directory.abouts(tx.conn, keys, visitor.today)
    numbers = tx.store.numbers(tx.conn, keys)
    open_ones, asked = unattended.waiting(tx.conn, keys)
    names = dict(people)
    given = {one.number: one for one in sent.given}
    visit.saw_list("cases", len(rows), "Zuweisen")
    here = {visitor.organisation.current(one.unit, visitor.today) for one in abouts.values() if one.unit}
    return {
        "rows": [(rows[key], given[numbers[key]], open_ones.get(key, 0), key in asked) for key in keys if key in rows],
        "before": directory.labels(tx, {one.worker for one in abouts.values() if one.worker}),
        "workers": {key: one.worker for key, one in abouts.items()},
        "people": [one for one in people if one[0].partition(BETWEEN)[0] in here],
        "to": [(one, names[one]) for one in sent.to if one in names],
        "shares": [_share(names[one], one, keys, numbers, given, open_ones, asked) for one in sent.to if one in names],
        "on": sent.on or visitor.today.strftime("%d.%m.%Y"),
        "reason": sent.reason,
        "wrong": {**wrong, **_alike(refused)},
        "refused": {key: " ".join(sentence for _, sentence in reasons) for key, reasons in refused.items()},
        "typed": "",
    }


def _alike(refused: Mapping[UUID, Sequence[tuple[str, str]]]) -> dict[str, str]:
    """What is wrong with the day or the reason is said once, at its field."""
    return {field: said for reasons in refused.values() for field, said in reasons if field in ("on", "reason")}


def _share(
    name: str,
    to: str,
    keys: Sequence[UUID],
    numbers: Mapping[UUID, str],
    given: Mapping[str, Given],
    open_ones: Mapping[UUID, int],
    asked: set[UUID],
) -> Share:
    own = [key for key in keys if given[numbers[key]].to == to]
    return Share(name, len(own), sum(open_ones.get(key, 0) for key in own), len(asked.intersection(own)))
