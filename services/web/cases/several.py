"""Several cases chosen in a list: one dialogue asked once, decided for each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.decisions.refusal import Refused
from domain.dialogues import Context, Dialogue, Step
from domain.dialogues.appointment import PLAN
from domain.facts import Stream
from domain.permissions import Action, relations
from services.casework.case import Forbidden
from services.dialogues import several
from services.dialogues.several import NotAll
from services.office.office import Transaction
from services.people import directory, receivers
from services.questions import cases
from services.records.words import number_typed
from services.web.case import hints
from services.web.case.forms import Choices, Input
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit, further
from services.web.http.visitor import Visitor
from services.web.words.forms import WHOLE, text_in, version_in

router = APIRouter(include_in_schema=False)


class Odd(NamedTuple):
    """What is odd about the day and time `of` several appointments, a sentence each."""

    of: str
    hints: Sequence[str]


KINDS = {"choices": "choice", "date": "date", "text": "area"}  # of a step -> of its field; others: text
ODD = Odd("", ())
NOBODY = "Bitte in der Liste mindestens einen Fall auswählen, den Sie bearbeiten."


@router.get("/faelle/auswahl")
def ask(request: Request, door: Annotated[Door, Depends(Opens(Action.SEE_CASES))], tun: str = "") -> Response:
    """The questions of the dialogue, above the cases it is for."""
    with door.open() as visit:
        dialogue = _dialogue(tun)
        keys = chosen(visit.tx, visit.visitor, dialogue, request.query_params.getlist("fall"))
        context = _page(visit, dialogue, keys, {}, {}, ODD)
    return templating.page(request, "several.html", visit.visitor, context)


@router.post("/faelle/auswahl")
def decide(
    request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(Needs(Action.SEE_CASES))], form: Posted
) -> Response:
    """Decides for all of them, or for none: then every case says what stands against it.

    What is odd about an appointment is said first, and decided when it is sent again as it was (`gesehen`).
    """
    dialogue = _dialogue(text_in(form, "tun"))
    with office.read() as tx:
        keys = chosen(tx, visitor, dialogue, [one for one in form.getlist("fall") if isinstance(one, str)])
        numbers = tx.store.numbers(tx.conn, keys)
        given = {step.key: text_in(form, step.key, WHOLE) for step in dialogue.steps}
        odd = _odd(tx, visitor, dialogue, keys, given)
    fields = {key: f"stand.{number}" for key, number in numbers.items()}
    shown = {key: version_in(form, field) for key, field in fields.items() if field in form}
    try:
        if odd.hints and text_in(form, "gesehen") != odd.of:
            raise NotAll({})
        done = several.decide(office, dialogue, keys, given, visitor.person, shown)
    except NotAll as error:
        with further(request, office, visitor) as visit:
            context = _page(visit, dialogue, keys, given, error.reasons, odd)
        return templating.page(request, "several.html", visitor, context, 422)
    return templating.go(f"/faelle?{urlencode([('getan', one) for one in done])}")


def _dialogue(name: str) -> Dialogue:
    found = next((one for one in several.possible() if one.name == name), None)
    if found is None:
        raise Refused([("tun", "Das lässt sich nicht für mehrere Fälle auf einmal tun.")])
    return found


def chosen(tx: Transaction, visitor: Visitor, dialogue: Dialogue, numbers: Sequence[str]) -> list[UUID]:
    """The cases of these numbers, by number, in which the visitor may do this; others are left out. Raises Refused."""
    found = tx.store.keys(tx.conn, Stream.CASE, sorted({number_typed(one) for one in numbers[:200]}))
    abouts = directory.abouts(tx.conn, list(found.values()), visitor.today)
    organisation, person, today = visitor.organisation, visitor.person, visitor.today
    keys = [
        key
        for _, key in sorted(found.items())
        if key in abouts and visitor.may(dialogue.action, relations(organisation, person, today, abouts[key]))
    ]
    if not keys:
        raise Refused([("fall", NOBODY)])
    if len(keys) > several.MOST:
        raise Refused([("fall", f"Auf einmal gehen höchstens {several.MOST} Fälle; ausgewählt sind {len(keys)}.")])
    return keys


def _page(
    visit: Visit,
    dialogue: Dialogue,
    keys: Sequence[UUID],
    given: Mapping[str, str],
    refused: Mapping[UUID, Sequence[tuple[str, str]]],
    odd: Odd,
) -> dict[str, Any]:
    tx, visitor = visit.tx, visit.visitor
    rows = cases.of_keys(tx, keys, visitor.today)
    visit.saw_list("cases", len(rows), dialogue.title)
    context, steps = several.questions(tx, dialogue, keys[0], visitor.person)
    asked = {step.key for step in steps}
    said = [dict(reasons) for reasons in refused.values()]
    alike = {key: said[0][key] for key in asked if said and all(key in one for one in said) and len(said) == len(keys)}
    own = {
        key: " ".join(sentence for field, sentence in reasons if field not in alike) for key, reasons in refused.items()
    }
    return {
        "dialogue": dialogue,
        "rows": rows,
        "versions": several.versions(tx, keys),
        "inputs": [_input(step, context, given, alike) for step in steps],
        "refused": {key: sentence for key, sentence in own.items() if sentence},
        "odd": odd,
    }


def _odd(tx: Transaction, visitor: Visitor, dialogue: Dialogue, keys: Sequence[UUID], given: Mapping[str, str]) -> Odd:
    """Nothing where the answers are refused anyway."""
    if dialogue is not PLAN:
        return ODD
    try:
        said = several.understood(tx, dialogue, keys[0], given, visitor.person)
    except (Refused, Forbidden):
        return ODD
    day, time = str(said["on"]), str(said["time"])
    return Odd(f"{day} {time}", hints.of_several(tx, visitor, keys, dt.date.fromisoformat(day), time or None))


def _input(step: Step, context: Context, given: Mapping[str, str], wrong: Mapping[str, str]) -> Input:
    value, said = given[step.key] if given else step.default(context), wrong.get(step.key, "")
    choices: Choices = [(one.value, one.label) for one in step.choices(context)] if step.kind == "choices" else []
    kind = KINDS.get(step.kind, "text")
    if step.typed:  # many: those that fit what was typed, once they are few
        choices = receivers.matching(choices, value) if said else []
        kind = "choice" if 0 < len(choices) <= receivers.SHOWN else "text"
    return Input(step.key, step.question, kind, step.required, choices, step.hint, value, said)
