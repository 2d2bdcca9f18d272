"""Several tasks of one theme answered together: each a decision of its own, with its own undoing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.dialogues import Answer
from domain.dialogues.later import LATER
from domain.followups import Message
from notifications import render
from services.casework.desk import Forbidden, Stale
from services.dialogues import at_once
from services.office.office import Office
from services.questions import today as waiting
from services.questions.cases import client_names
from services.questions.today import Stage
from services.web.http import templating
from services.web.http.door import Posted, TheOffice, further
from services.web.http.visitor import Visitor
from services.web.today import tasks, view
from services.web.today.page import SeesToday
from services.web.today.view import Asked
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

DIALOGUE = {"later": LATER.name, "confirm": "confirm", "held": "appointment-status"}  # what is answered, by which


class Chosen(NamedTuple):
    """A task that was chosen: its case and client, its theme, what is due, and what the dialogue is about."""

    anchor: str
    case_key: UUID
    who: str
    theme: str
    followups: list[UUID]
    subject: str


@router.post("/heute/mehrere")
def answer(request: Request, office: TheOffice, visitor: SeesToday, form: Posted) -> Response:
    """Answers all chosen tasks; what cannot be answered so stays chosen, with the reason."""
    wanted = [one for one in form.getlist("wahl") if isinstance(one, str)][: view.MOST]
    said, done, left = _refused_at_all(wanted, text_in(form, "was")), [], wanted
    if not said:
        found, gone = _chosen(office, visitor, wanted)
        said, left = [gone] if gone else [], []
        if len({one.theme for one in found}) > 1:
            said, left = ["Zusammen beantworten lassen sich nur Aufgaben eines Themas."], wanted
        else:
            for one in found:
                outcome = _answered(office, visitor, one, form)
                done += outcome.done
                said += outcome.said
                left += [one.anchor] if outcome.said else []
    asked = Asked(",".join(done), "", text_in(form, "thema"))
    if not said:
        return templating.go(view.address(asked))
    with further(request, office, visitor) as visit:
        shown = view.read(visit, asked)
    typed = {
        "wrong_many": said,
        "chosen": left,
        "put_off_until": text_in(form, "bis"),
        "put_off_reason": text_in(form, "grund"),
    }
    return templating.page(request, "today.html", visitor, view.talks(office, visitor, shown) | typed, 422)


class Outcome(NamedTuple):
    """What came of one: the id of the decision, or why there is none."""

    done: list[str]
    said: list[str]


def _refused_at_all(wanted: Collection[str], what: str) -> list[str]:
    if not wanted:
        return ["Bitte wählen Sie mindestens eine Aufgabe aus."]
    return [] if what in DIALOGUE else ["Bitte wählen Sie eine Antwort."]


def _answered(office: Office, visitor: Visitor, one: Chosen, form: FormData) -> Outcome:
    what = text_in(form, "was")
    given: Mapping[str, Mapping[str, Answer]] = {
        "later": {"until": text_in(form, "bis"), "reason": text_in(form, "grund")},
        "confirm": {"text": ""},
        "held": {"status": "held"},
    }
    try:
        done = at_once.decide(
            office, one.case_key, DIALOGUE[what], given[what], visitor.person,
            followups=one.followups, subject=one.subject,
        )  # fmt: skip
    except (Refused, Stale, Forbidden, LookupError) as error:
        return Outcome([], [f"{one.who}: {_why(error)}"])
    return Outcome([done.correlation_id], [])


def _why(error: Exception) -> str:
    match error:
        case Refused():
            return " ".join(sentence for _, sentence in error.reasons)
        case Stale():
            return error.sentence
        case Forbidden():
            return str(error)
        case _:
            return "Diese Aufgabe gibt es nicht mehr."


def _chosen(office: Office, visitor: Visitor, wanted: Collection[str]) -> tuple[list[Chosen], str]:
    """What of these lines waits now, and a sentence where some do not."""
    with office.read() as tx:
        found = waiting.tasks(tx, visitor.workers, visitor.today)
        names = client_names(tx, {stage.case_key for one in found for stage in one.stages})
    there = {one.anchor: one for message in found for one in _choices(message, names)}
    gone = [one for one in wanted if one not in there]
    said = render.sentence("case/gone.txt.j2", {"count": len(gone)}) if gone else ""
    return [there[one] for one in dict.fromkeys(wanted) if one in there], said


def _choices(message: Message[Stage], names: Mapping[UUID, str]) -> Iterator[Chosen]:
    """The message as one, or each of its appointments."""
    parts = [[one] for one in message.stages] if message.theme.daily else [list(message.stages)]
    for stages in parts:
        first = stages[0]
        who = " · ".join(filter(None, (names.get(first.case_key), first.number)))
        ids = [one.id for one in stages]
        subject = str(first.reason.get("appointment", "")) if message.theme.daily else ",".join(one.hex for one in ids)
        anchor = tasks.anchor_of(first) if message.theme.daily else tasks.anchor(message.theme, first.case_key)
        yield Chosen(anchor, first.case_key, who, message.theme.key, ids, subject)
