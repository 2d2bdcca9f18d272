"""The chain of an extension: requested, taken back, approved, asked back, rejected (Fachkonzept 5.1, 5.2)."""

from __future__ import annotations

import datetime as dt
from itertools import count, takewhile
from typing import cast

from domain import words
from domain.decisions.matter import MINIMUM, Matter, check_text, last_day, refuse
from domain.decisions.refusal import Overtaken, Refused
from domain.decisions.strategy import strategy_of
from domain.decisions.wishes import (
    ApproveExtension,
    RejectExtension,
    RequestExtension,
    ReturnExtension,
    WithdrawRequest,
)
from domain.facts.base import name_of
from domain.facts.extension import (
    ExtensionApproved,
    ExtensionRejected,
    ExtensionRequested,
    ExtensionReturned,
    ExtensionWithdrawn,
)
from domain.facts.strategy import StrategyReviewed
from domain.office import checkboxes
from domain.periods import add_months
from domain.records import Entry
from domain.requests import BEYOND
from domain.rules.bars import Episode, after_pauses, episodes
from domain.stretches import at
from domain.things import Extension
from domain.timeline import Timeline

LIMIT_MONTHS = 6  # further ahead only with a reason
JOBAKADEMIE_MONTHS = 12  # base and extension (R-02b)

Reasons = list[tuple[str, str]]


def request(wish: RequestExtension, matter: Matter) -> list[Entry]:
    """The Textbaustein as the worker wrote it. All that is missing is said at once."""
    matter.check_open()
    _check_integration(matter)
    _check_none_open(matter)
    reasons = [*_wrong_options(wish, matter), *_wrong_texts(wish), *_wrong_until(wish, matter)]
    if reasons:
        raise Refused(reasons)
    justification = wish.justification.strip()
    if _far(wish, matter):
        justification += f"{BEYOND}{(wish.long_reason or '').strip()}"
    fact = ExtensionRequested(
        request=wish.request,
        options=wish.options,
        other_text=(wish.other_text or "").strip() or None,
        facts_text=wish.facts_text.strip(),
        justification=justification,
        until=wish.until,
    )
    return [matter.entry(matter.today, fact)]


def _check_integration(matter: Matter) -> None:
    bar = matter.bar(matter.today)
    if bar is None or strategy_of(bar) != "integration":
        refuse("", "Eine Verlängerung gibt es nur bei offener Handlungsstrategie Integration.")


def _check_none_open(matter: Matter) -> None:
    waiting = next((one for one in matter.view.timeline.extensions if one.status == "requested"), None)
    if waiting is not None:
        day = words.day(waiting.facts[0].on)
        refuse("", f"Über den Antrag vom {day} ist noch nicht entschieden. Er lässt sich vorher zurückziehen.")


def _wrong_options(wish: RequestExtension, matter: Matter) -> Reasons:
    reasons: Reasons = []
    if not wish.options:
        reasons.append(("options", "Bitte mindestens ein Kästchen ankreuzen."))
    offered = checkboxes.offered(matter.view.settings, matter.today)
    unknown = [option for option in wish.options if option not in offered]
    if unknown:
        reasons.append(("options", "Diese Antwort steht nicht zur Wahl."))
    if "employment" in wish.options and at(matter.view.timeline.employment, matter.today) is None:
        sentence = "Es ist keine laufende Beschäftigung erfasst. Bitte zuerst die Beschäftigung eintragen."
        reasons.append(("options", sentence))
    if "other" in wish.options and not (wish.other_text or "").strip():
        reasons.append(("other_text", f"Bitte schreiben, was mit „{offered['other']}“ gemeint ist."))
    return reasons


def _wrong_texts(wish: RequestExtension) -> Reasons:
    found = (check_text("facts_text", wish.facts_text), check_text("justification", wish.justification))
    return [reason for reason in found if reason]


def _wrong_until(wish: RequestExtension, matter: Matter) -> Reasons:
    if wish.until <= matter.today:
        return [("until", "Die Verlängerung muss nach dem heutigen Tag enden.")]
    if wish.until > last_day(matter.today):
        return [("until", f"Der Tag muss vor dem {words.day(last_day(matter.today))} liegen.")]
    if _far(wish, matter) and len((wish.long_reason or "").strip()) < MINIMUM:
        limit = words.day(add_months(matter.today, LIMIT_MONTHS))
        return [("long_reason", f"Länger als sechs Monate (bis {limit}) nur mit Grund; bitte mindestens 10 Zeichen.")]
    return []


def _far(wish: RequestExtension, matter: Matter) -> bool:
    return wish.until > add_months(matter.today, LIMIT_MONTHS)


def take_back(wish: WithdrawRequest, matter: Matter) -> list[Entry]:
    """The worker's own step; the lead decides in other ways."""
    _undecided(wish.request, wish.version, matter)
    fact = ExtensionWithdrawn(request=wish.request, reason=(wish.reason or "").strip() or None)
    return [matter.entry(matter.today, fact)]


def approve(wish: ApproveExtension, matter: Matter) -> list[Entry]:
    """Consent and review in one; the lead may shorten, never lengthen."""
    asked = _to_decide(wish.request, wish.version, matter)
    _check_integration(matter)
    until = wish.until or asked.until
    if until > asked.until:
        day = words.day(asked.until)
        refuse("until", f"Beantragt ist bis {day}. Kürzer ist möglich; für länger braucht es einen neuen Antrag.")
    if until <= matter.today:
        refuse("until", "Die Verlängerung muss nach dem heutigen Tag enden.")
    _check_level(asked, until, matter)
    approved = ExtensionApproved(
        request=wish.request,
        until=until,
        by_lead=matter.actor.id,
        reason=(wish.reason or "").strip() or None,
        trial=matter.actor.trial or None,
    )
    return [
        matter.entry(matter.today, approved),
        matter.entry(matter.today, StrategyReviewed(outcome="extend")),
    ]


def _check_level(asked: ExtensionRequested, until: dt.date, matter: Matter) -> None:
    if matter.actor.level < 2 and needs_next_level(asked, until, matter.view.timeline, matter.today):
        refuse(
            "",
            "Der Fall wäre damit länger als zwölf Monate in der Jobakademie. Ohne laufende Beschäftigung entscheidet "
            "darüber die nächste Ebene.",
        )


def needs_next_level(asked: ExtensionRequested, until: dt.date, timeline: Timeline, today: dt.date) -> bool:
    """Beyond month 12 in the Jobakademie the next level decides, unless a job runs and is the reason (R-02b)."""
    limit = month_twelve(timeline, today)
    job = "employment" in asked.options and at(timeline.employment, today) is not None
    return limit is not None and until >= limit and not job


def ask_back(wish: ReturnExtension, matter: Matter) -> list[Entry]:
    """Rückfrage: the worker writes a new request."""
    _to_decide(wish.request, wish.version, matter)
    _check_reason(wish.reason)
    return [matter.entry(matter.today, ExtensionReturned(request=wish.request, reason=wish.reason.strip()))]


def reject(wish: RejectExtension, matter: Matter) -> list[Entry]:
    """Ablehnung, with what to do instead."""
    _to_decide(wish.request, wish.version, matter)
    _check_reason(wish.reason)
    fact = ExtensionRejected(request=wish.request, reason=wish.reason.strip(), instruct=wish.instruct)
    return [matter.entry(matter.today, fact)]


def _check_reason(reason: str) -> None:
    wrong = check_text("reason", reason)
    if wrong:
        raise Refused([wrong])


def _to_decide(request: str, version: int | None, matter: Matter) -> ExtensionRequested:
    """The request as somebody else than its writer may decide it today."""
    extension = _undecided(request, version, matter)
    if extension.facts[0].by == matter.actor.id:
        refuse("", "Über den eigenen Antrag entscheidet jemand anderes.")
    if matter.actor.level == 0:
        refuse("", "Darüber entscheidet die zuständige Führungskraft.")
    return cast(ExtensionRequested, extension.facts[0].fact)


def _undecided(request: str, version: int | None, matter: Matter) -> Extension:
    """The open request. Raises `Overtaken` if somebody has decided or taken it back."""
    matter.check_open()
    extension = find(matter.view.timeline, request)
    if extension is None:
        refuse("request", "Diesen Antrag gibt es in diesem Fall nicht.")
    last = extension.decided or extension.facts[-1]
    if extension.decided is not None or (version is not None and version != last.number):
        raise Overtaken(last.by, last.recorded_at, name_of(last.fact), getattr(last.fact, "until", None))
    return extension


def find(timeline: Timeline, request: str) -> Extension | None:
    """The request with this id, with what was decided about it."""
    return next((one for one in timeline.extensions if one.request == request), None)


def month_twelve(timeline: Timeline, today: dt.date) -> dt.date | None:
    """The day on which twelve months of care in the Jobakademie are full, for the care that runs today (R-02b)."""
    episode = _running_care(timeline, "jobakademie", today)
    return after_pauses(add_months(episode.first, JOBAKADEMIE_MONTHS), episode.pauses) if episode else None


def months_of_care(timeline: Timeline, area: str, today: dt.date) -> int | None:
    """How many months of the care that runs today in an area are full, as R-02 and R-03 count; None: none runs."""
    episode = _running_care(timeline, area, today)
    if episode is None:
        return None
    ends = (after_pauses(add_months(episode.first, months), episode.pauses) for months in count(1))
    return sum(1 for _ in takewhile(lambda end: end is not None and end <= today, ends))


def _running_care(timeline: Timeline, area: str, today: dt.date) -> Episode | None:
    found = episodes(timeline, area)
    return next((one for one in found if any(period.covers(today) for period in one.there)), None)
