"""What a dialogue is opened about: a request, an appointment, follow-ups, or something that does not exist yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, assert_never, cast

from msgspec import Struct, structs

from domain import documented, own, talks, words
from domain.decisions import alg1
from domain.decisions.extension import month_twelve
from domain.decisions.refusal import Overtaken
from domain.decisions.strategy import field_said
from domain.decisions.wishes import fresh_id
from domain.dialogues import Answer, Context, Dialogue, Subject
from domain.dialogues.choice import MOVE, WITHDRAW
from domain.facts.base import name_of
from domain.facts.extension import ExtensionRequested
from domain.facts.strategy import StrategyBarSet, StrategyFieldChanged
from domain.filed import to_take_over
from domain.handovers import offered
from domain.periods import DAY
from domain.requests import returned, waiting_question
from domain.rules import RULES
from domain.rules.choice import overlaps
from domain.rules.endings import interruption
from domain.rules.themes import REVIEW
from domain.standing import said_of
from domain.stretches import Stretch, at
from domain.timeline import Spell, Timeline
from services.casework.case import Desk
from services.casework.desk import overtaken
from services.dialogues import events
from services.followups import lifecycle
from services.people import receivers

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

MARK = "@"  # what is kept beside the answers begins with it; no step does


class Opening(Struct, frozen=True, kw_only=True):
    """`subject` and `version` as in `domain.dialogues.Context`; `fresh`: the subject does not exist yet."""

    subject: str = ""
    version: int | None = None
    fresh: bool = False

    def kept(self) -> dict[str, Answer]:
        """As it is kept beside the answers."""
        return {f"{MARK}subject": self.subject, f"{MARK}version": str(self.version or "")}

    @classmethod
    def of(cls, kept: Mapping[str, Answer]) -> Opening:
        """What `kept` gave."""
        version = str(kept.get(f"{MARK}version", ""))
        return cls(subject=str(kept.get(f"{MARK}subject", "")), version=int(version) if version else None)


def opening(tx: Transaction, found: Desk, about: Subject, subject: str) -> Opening:
    """What a dialogue is about. Raises LookupError for an unknown subject, `desk.Stale` for a decided request."""
    match about:
        case Subject.CASE | Subject.HANDOVER:
            return Opening()
        case Subject.NEW:
            return Opening(subject=fresh_id(), fresh=True)
        case Subject.REQUEST:
            return _request(tx, found, subject)
        case Subject.APPOINTMENT:
            named = {one.appointment for one in found.view.timeline.appointments}
            return Opening(subject=_named(tx.office, named, subject))
        case Subject.OWN:
            return Opening(subject=_own_named(tx.office, found.view.timeline, subject))
        case Subject.FOLLOW_UPS:
            listed = lifecycle.stages(tx.conn, found.case_key, found.today)
            return Opening(subject=subject or ",".join(one.id.hex for one in listed))
    assert_never(about)


def _request(tx: Transaction, found: Desk, subject: str) -> Opening:
    extensions = {one.request: one for one in found.view.timeline.extensions}
    request = extensions[_named(tx.office, set(extensions), subject)]
    if request.decided is not None:
        decided = request.decided
        said = Overtaken(decided.by, decided.recorded_at, name_of(decided.fact), getattr(decided.fact, "until", None))
        raise overtaken(tx, found.view.records[-1].number, said)
    return Opening(subject=request.request, version=request.facts[-1].number)


def _own_named(office: Office, timeline: Timeline, subject: str) -> str:
    """The open own follow-ups that a subject names (ids or references, comma separated); none: those due, or else all.

    Who has none open gets none: the dialogue then says so.
    """
    there = own.standing(timeline)
    due = [one for one in there if one.due_on <= timeline.as_of] or there
    named = {one.follow_up for one in there}
    chosen = [_named(office, named, one) for one in subject.split(",")] if subject else [one.follow_up for one in due]
    return ",".join(chosen)


def _own(timeline: Timeline, subject: str) -> tuple[tuple[str, str], ...]:
    """Those of the named ones that are still open, each with its day and subject."""
    named = subject.split(",")
    return tuple(
        (one.follow_up, f"{words.weekday_and_day(one.due_on)}: {one.subject or '(ohne Betreff)'}")
        for one in own.standing(timeline)
        if one.follow_up in named
    )


def _named(office: Office, known: set[str], subject: str) -> str:
    """The id among `known` that the subject names by itself or by its reference."""
    found = next((one for one in known if subject in (one, office.vault.ref(one))), None)
    if found is None:
        raise LookupError(subject)
    return found


def _subject_on(found: Desk, subject: str) -> dt.date | None:
    """The day of the appointment, or the day the request asks for."""
    for extension in found.view.timeline.extensions:
        asked = extension.facts[0].fact
        if extension.request == subject and isinstance(asked, ExtensionRequested):
            return asked.until
    return next((one.on for one in found.view.timeline.appointments if one.appointment == subject), None)


def context(tx: Transaction, found: Desk, dialogue: Dialogue, opened: Opening) -> Context:
    """What the steps of a dialogue need to know about the case today."""
    return structs.replace(
        of_case(found.view.timeline),
        subject=opened.subject,
        subject_on=_subject_on(found, opened.subject),
        version=opened.version,
        returned=returned(waiting) if (waiting := waiting_question(found.view.timeline.extensions)) else None,
        people=_people(tx, found) if dialogue.people else (),
        due=_due(tx, found) if any(step.key == "rules" for step in dialogue.steps) else (),
        place=(found.about.unit, found.about.area) if found.about.unit and found.about.area else None,
        actor=found.actor.id,
        responsible=found.about.worker == found.actor.key,
        own=_own(found.view.timeline, opened.subject) if dialogue.subject is Subject.OWN else (),
        decided=any(
            one.request == opened.subject and one.decided is not None for one in found.view.timeline.extensions
        ),
        settings=found.view.settings,
        limit=_never_at_limit(dialogue) and _at_limit(tx, found),
    )


def _due(tx: Transaction, found: Desk) -> tuple[tuple[str, str], ...]:
    rules = sorted({one.rule for one in lifecycle.stages(tx.conn, found.case_key, found.today)})
    return tuple((rule, RULES[rule].name) for rule in rules)


def _never_at_limit(dialogue: Dialogue) -> bool:
    """Whether it makes a difference to the dialogue; only then it is looked for."""
    return dialogue.in_message is not None and "limit" in dialogue.in_message.not_at


def _at_limit(tx: Transaction, found: Desk) -> bool:
    listed = lifecycle.stages(tx.conn, found.case_key, found.today)
    return any(one.stage == "limit" and RULES[one.rule].theme is REVIEW for one in listed)


def of_case(timeline: Timeline) -> Context:
    """The same without what the dialogue is about: enough to say whether it can be opened in the case."""
    today = timeline.as_of
    spell: Spell | None = at(timeline.spells, today)
    said = field_said(timeline)
    return Context(
        today=today,
        strategy=spell.strategy if spell else None,
        since=spell.first if spell else None,
        alg1_since=_alg1_without_bar(timeline, today),
        pending=next((one.facts[0].on for one in timeline.extensions if one.decided is None), None),
        field=cast(StrategyFieldChanged, said.fact).strategy if said else None,
        field_since=said.on if said else None,
        overlap=_overlap(timeline),
        steps=documented.in_part(timeline),
        unfiled=tuple((one.id, f"{said_of(one)}, {words.day(one.on)}") for one in to_take_over(timeline)),
        next_level=month_twelve(timeline, today),
        offered=offer.intended_strategy if (offer := offered(timeline)) else None,
        closed=timeline.is_closed,
        employed=at(timeline.employment, today) is not None,
        jobs=events.jobs(timeline),
        anew=events.anew(timeline),
        used_again=events.after_job(timeline),
        misses=events.misses(timeline),
        talk_until=talks.not_needed_until(timeline),
        gap=interruption(timeline),
    )


def _overlap(timeline: Timeline) -> tuple[tuple[str, str], ...]:
    """What can be done about the first two bars that run at once today: one is withdrawn, or the end comes in time."""
    found = next((one for one in overlaps(timeline) if one[0].last >= timeline.as_of), None)
    if found is None:
        return ()
    _, earlier, later, end = found
    first, second = (words.STRATEGIES[cast(StrategyBarSet, one.fact).strategy] for one in (earlier, later))
    if end is None:
        both = ((first, later), (second, earlier))
        return tuple(
            (f"{WITHDRAW}:{wrong.ref}", f"Es gilt {name}; der andere Balken war falsch.") for name, wrong in both
        )
    before = later.on - DAY
    return (
        (
            f"{MOVE}:{end.ref}:{before.isoformat()}",
            f"Beide: {first} bis {words.day(before)}, {second} ab {words.day(later.on)}.",
        ),
        (f"{WITHDRAW}:{later.ref}", f"Es gilt {first}; der Balken {second} war falsch."),
    )


def _alg1_without_bar(timeline: Timeline, today: dt.date) -> dt.date | None:
    """The first day of the ALG I that runs today, if its bar is missing."""
    running: Stretch | None = at(timeline.alg1, today)
    return running.first if running and alg1.bar(timeline, today) is None else None


def _people(tx: Transaction, found: Desk) -> tuple[tuple[str, str], ...]:
    """Who may take the case over, those of its own unit first: (unit, area and person, in words)."""
    own = {found.about.unit} if found.about.unit else set[str]()
    return tuple(receivers.receivers(tx, found.organisation, found.today, own, found.about))
