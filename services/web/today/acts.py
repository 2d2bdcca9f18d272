"""What a command of the chat does: it shows, or opens the dialogue or form of the case; it writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

from domain.decisions.refusal import Refused
from domain.dialogues import DIALOGUES, Answer, Dialogue, Subject
from domain.dialogues.appointment import STATUS
from domain.dialogues.work import JOB, JOB_ENDED
from services.casework import case as casework
from services.casework.desk import Stale
from services.dialogues import answers, conversation
from services.dialogues.grammar import Understood
from services.questions import today as waiting
from services.web.case import undo, view
from services.web.http import templating
from services.web.today.replies import Asked, Reply, Start, not_done, said

FORMS = {  # commands whose entry has a form of its own: the fact
    "alg1": "alg1-started",
}
ENDS = {  # and the entry of its end, which no typed line opens by itself
    "alg1": ("alg1-ended", "Ende von ALG I eintragen"),
}
OPENED_BY: Mapping[str, Dialogue] = {
    command: dialogue for dialogue in DIALOGUES.values() if dialogue.typed for command in dialogue.typed.commands
}


def act(asked: Asked) -> Reply:
    """Does what a command says in its case."""
    return _IN_CASE.get(asked.heard.command or "", _by_dialogue)(asked)


def _counted(asked: Asked) -> Reply:
    """How much waits; the list itself stands beside it."""
    with asked.office.read() as tx:
        day, workers = asked.visitor.today, asked.visitor.workers
        found = waiting.tasks(tx, workers, day)
        late = sum(min(stage.due for stage in one.stages) < day for one in found)
        return Reply(
            said(asked.heard.command or "", day=day, count=len(found), late=late), links=(("/#aufgaben", "Zur Liste"),)
        )


def _undo(asked: Asked) -> Reply:
    """The last decision of the day, with the button that takes it back."""
    with asked.office.read() as tx:
        deed = undo.latest(tx, asked.visitor.person, asked.visitor.today)
    number = deed.number if deed else ""
    return Reply(said("undo", words=deed.words if deed else "", number=number), deed=deed, number=number)


def _status(asked: Asked) -> Reply:
    with asked.office.read() as tx:
        file = view.read(tx, asked.at, view.Moment(asked.visitor.today, None))
    clocks, timeline = file.clocks, file.timeline
    sentence = said(
        "status",
        who=asked.whose.who,
        closed=timeline.is_closed,
        strategy=clocks.strategy,
        since=clocks.since,
        days=clocks.days,
        area=clocks.area,
        unit=clocks.unit,
        appointment=timeline.next_appointment,
    )
    number = asked.at.number
    return Reply(sentence, links=((templating.case_path(number), f"Fall {number} öffnen"),), number=number)


def _cancel(asked: Asked) -> Reply:
    """Closes the one dialogue that is open in the case; of several it asks which."""
    office, at = asked.office, asked.at
    with office.read() as tx:
        there = conversation.open_drafts(tx, asked.visitor.person, at.key)
    if len(there) == 1:
        conversation.cancel(office, there[0].draft, asked.visitor.person)
    sentence = said("cancel", titles=[one.dialogue.title for one in there], who=asked.whose.who)
    if len(there) == 1:
        return Reply(sentence, closed=there[0].draft, number=at.number)
    links = tuple((f"/dialog/{one.draft}", one.dialogue.title) for one in there)
    return Reply(sentence, links=links, number=at.number)


def _form(asked: Asked) -> Reply:
    """The form of an entry, its days filled in."""
    heard = asked.heard
    if heard.command in OPENED_BY:
        return _by_dialogue(asked)
    fact = FORMS[heard.command or ""]
    links = [_link(asked, fact, heard.day, asked.title)]
    links += ends(asked) if heard.until or not heard.day else []
    return Reply(asked.echo(), links=tuple(links), number=asked.at.number)


def with_end(asked: Asked, reply: Reply) -> Reply:
    """The reply with the dialogue or the form of the end of what a command enters, if it is one of its own."""
    if asked.whose.at is None or OPENED_BY.get(asked.heard.command or "") is not JOB:
        return reply._replace(links=tuple(ends(asked)))
    on: dict[str, Answer] = {"on": asked.heard.until.isoformat()} if asked.heard.until else {}
    return reply._replace(starts=(Start(JOB_ENDED.title, JOB_ENDED.name, "", on),), number=asked.at.number)


def ends(asked: Asked) -> list[tuple[str, str]]:
    """The form of the end of what a command enters, if it is one of its own."""
    of = ENDS.get(asked.heard.command or "")
    return [_link(asked, of[0], asked.heard.until, of[1])] if of and asked.whose.at else []


def _link(asked: Asked, fact: str, day: dt.date | None, words: str) -> tuple[str, str]:
    given = {"art": fact} | ({"am": day.isoformat()} if day else {})
    return f"/eintrag/{quote(asked.at.number)}?{urlencode(given)}", words


def _appointment(asked: Asked) -> Reply:
    """The appointment that has no outcome yet, by its day and time if they were typed."""
    heard, today = asked.heard, asked.visitor.today
    with asked.office.read() as tx:
        every = casework.view(tx, asked.at.key, today).timeline.appointments
    latest = today if heard.command != "cancelled" else None
    open_ones = [one for one in every if one.status == "planned" and (latest is None or one.on <= latest)]
    found = [one for one in open_ones if heard.day in (None, one.on) and heard.time in (None, one.time)]
    status: dict[str, Answer] = {"status": str(heard.command)}
    if len(found) == 1:
        return _start(asked, found[0].appointment, status)
    if not found and heard.time:
        wrong = said("no-such-time", day=heard.day, time=heard.time, there=open_ones)
        return not_done(asked.title, asked.whose.who, wrong, number=asked.at.number)
    sentence = said("appointments", count=len(found), day=heard.day, who=asked.whose.who)
    ref = asked.office.vault.ref
    starts = tuple(
        Start(said("appointment", title=asked.title, one=one), STATUS.name, ref(one.appointment), {**status})
        for one in found
    )
    return Reply(sentence, starts=starts, number=asked.at.number)


def _by_dialogue(asked: Asked) -> Reply:
    """The dialogue of the command; where several messages of the case wait, it asks which is meant."""
    dialogue = OPENED_BY[asked.heard.command or ""]
    if dialogue.subject is not Subject.FOLLOW_UPS:
        return _start(asked, "", {})
    with asked.office.read() as tx:
        waits = [
            one for one in waiting.tasks(tx, asked.visitor.workers, asked.visitor.today) if one.case_key == asked.at.key
        ]
    subjects = {one.theme.name: ",".join(stage.id.hex for stage in one.stages) for one in waits}
    if len(subjects) < 2:
        return _start(asked, next(iter(subjects.values()), ""), {})
    until: dict[str, Answer] = {"until": asked.heard.day.isoformat()} if asked.heard.day else {}
    starts = tuple(Start(theme, dialogue.name, subject, until) for theme, subject in subjects.items())
    return Reply(said("themes", who=asked.whose.who, title=dialogue.title), starts=starts, number=asked.at.number)


def _start(asked: Asked, subject: str, prefill: dict[str, Answer]) -> Reply:
    """Opens a dialogue with what was typed; what of that does not fit is said."""
    office, visitor, heard = asked.office, asked.visitor, asked.heard
    dialogue = OPENED_BY[heard.command or ""]
    given = {**_given(dialogue, heard), **prefill}
    try:
        opened = conversation.start(office, asked.at.key, dialogue.name, visitor.person, subject=subject, prefill=given)
    except (Refused, Stale) as error:
        wrong = error.sentence if isinstance(error, Stale) else " ".join(sentence for _, sentence in error.reasons)
        return not_done(dialogue.title, asked.whose.who, wrong, number=asked.at.number)
    except LookupError:
        return not_done(dialogue.title, asked.whose.who, said("nothing-open"))
    wrong = " ".join(answers.misfits(opened.dialogue, opened.answers, opened.context, given))
    if wrong and heard.command == "hand-over":  # another receiver, chosen before, is not whom the line names
        refused = not_done(dialogue.title, asked.whose.who, wrong, number=asked.at.number)
        return refused if opened.answers.get("to") else refused._replace(opened=opened)
    return Reply(asked.echo(), wrong=wrong, opened=opened, number=asked.at.number)


def _given(dialogue: Dialogue, heard: Understood) -> dict[str, Answer]:
    """What was typed as answers to the steps of the dialogue."""
    typed = dialogue.typed
    day_step = typed.day_step if typed else ""
    found = {
        day_step: heard.day.isoformat() if heard.day else "",
        "time": (heard.time or "") if dialogue is not STATUS else "",  # there it says which appointment is meant
        "strategy": heard.strategy or "",
        "subject": heard.subject or "",
        "invited": "yes" if heard.command == "invite" else "",
        "to": (heard.name or "") if heard.command == "hand-over" else "",
    }
    steps = {step.key for step in dialogue.steps}
    return {key: value for key, value in found.items() if key in steps and value}


_IN_CASE: Mapping[str, Callable[[Asked], Reply]] = {
    "status": _status,
    "cancel": _cancel,
    **dict.fromkeys(("held", "missed", "cancelled"), _appointment),
    **dict.fromkeys(FORMS, _form),
}
OF_ALL: Mapping[str, Callable[[Asked], Reply]] = {"today": _counted, "week": _counted, "undo": _undo}
