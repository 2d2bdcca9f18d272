"""What a person can wish for a case: one struct a wish, with the codes and days a page, the chat or API hands over.

Every wish is data. What it needs and what it writes stands in the topic files of this package (Fachkonzept 3.3).
Ids of new things (a request, an appointment) belong to the wish, so that a preview and the real thing name the same.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal
from uuid import uuid4

from msgspec import Struct, field

from domain.facts.case import Area, Strategy
from domain.facts.contact import ByWhom, Channel
from domain.facts.strategy import EndReason, NonStrategy

Status = Literal["held", "missed", "cancelled", "rescheduled"]
GoodCause = Literal["yes", "no", "open"]
Counts = Literal["as-known", "as-other", "two-things"]
Instruction = Literal["end", "change", "handover"]


def fresh_id() -> str:
    """An id for a thing that does not exist yet."""
    return uuid4().hex


class RecordFact(Struct, frozen=True, kw_only=True):
    """One fact by its stored name, with its fields as the fact format has them (forms and API)."""

    name: str
    on: dt.date
    data: dict[str, Any] = {}


class CorrectFact(Struct, frozen=True, kw_only=True):
    """Berichtigen: `target` is the id of a fact of this case; `data` holds only what is different."""

    target: str
    reason: str
    on: dt.date | None = None
    data: dict[str, Any] | None = None


class WithdrawFact(Struct, frozen=True, kw_only=True):
    """Zurücknehmen: `target` is the id of a fact of this case."""

    target: str
    reason: str


class Reconcile(Struct, frozen=True, kw_only=True):
    """Abgleich: of what a `note` links the known one holds, or what the other one says, or they are two things."""

    note: str
    counts: Counts


class Undo(Struct, frozen=True, kw_only=True):
    """Rückgängig: everything one decision wrote, or the deferral it set."""

    correlation_id: str


class RequestExtension(Struct, frozen=True, kw_only=True):
    """Verlängerung beantragen, the filled Textbaustein (Fachkonzept 5.1); `until` is inclusive.

    `long_reason` is needed when `until` lies more than six months ahead.
    """

    options: list[str]
    facts_text: str
    justification: str
    until: dt.date
    other_text: str | None = None
    long_reason: str | None = None
    request: str = field(default_factory=fresh_id)


class WithdrawRequest(Struct, frozen=True, kw_only=True):
    """The worker takes an open request back."""

    request: str
    reason: str | None = None
    version: int | None = None


class ApproveExtension(Struct, frozen=True, kw_only=True):
    """Zustimmen; `until` missing: as asked for. `version`: number of the request's last fact when it was shown."""

    request: str
    until: dt.date | None = None
    reason: str | None = None
    version: int | None = None


class ReturnExtension(Struct, frozen=True, kw_only=True):
    """Rückfrage; `reason` is the question."""

    request: str
    reason: str
    version: int | None = None


class RejectExtension(Struct, frozen=True, kw_only=True):
    """Ablehnen, with what to do instead."""

    request: str
    reason: str
    instruct: Instruction
    version: int | None = None


class SetStrategy(Struct, frozen=True, kw_only=True):
    """The first bar, or a new one after a gap, and the field with it; `on` is its first day."""

    strategy: Strategy
    on: dt.date
    late_reason: str | None = None


class EndStrategy(Struct, frozen=True, kw_only=True):
    """Beenden; `on` is the bar's last day. `closing_bar` also sets "Abschlussarbeiten" from the next day."""

    on: dt.date
    reason: EndReason | None = None
    closing_bar: bool = False
    late_reason: str | None = None


class ChangeStrategy(Struct, frozen=True, kw_only=True):
    """Handlungsstrategie umstellen; `on` is the first day of the new bar."""

    strategy: Strategy
    on: dt.date
    late_reason: str | None = None


class SetOtherBar(Struct, frozen=True, kw_only=True):
    """A bar that is no strategy from `on`; an open strategy bar ends on the day before."""

    kind: NonStrategy
    on: dt.date
    late_reason: str | None = None


class ConfirmStrategy(Struct, frozen=True, kw_only=True):
    """Weiterhin richtig: the open bar was reviewed and continues."""

    text: str | None = None


class SetAppointmentStatus(Struct, frozen=True, kw_only=True):
    """What became of an appointment; `on`: the new day if rescheduled, with its `time` (HH:MM); else missing: its own
    day (cancelled: today).
    """

    appointment: str
    status: Status
    good_cause: GoodCause | None = None
    on: dt.date | None = None
    channel: Channel | None = None
    by_whom: ByWhom | None = None
    time: str | None = None
    late_reason: str | None = None


class PlanAppointment(Struct, frozen=True, kw_only=True):
    """A planned appointment on `on`, at `time` (HH:MM) in a `place`; `invited` also records that the invitation left
    today, with or without the Rechtsfolgenbelehrung (`legal_notice`).
    """

    on: dt.date
    time: str | None = None
    place: str | None = None
    legal_notice: bool | None = None
    channel: Channel | None = None
    invited: bool = False
    appointment: str = field(default_factory=fresh_id)


class RecordContact(Struct, frozen=True, kw_only=True):
    """Sonstiger Kontakt, e.g. "Telefonat heute"."""

    on: dt.date
    channel: Literal["visit", "mail", "letter", "phone", "other"]
    direction: Literal["in", "out"] = "out"
    outcome: Literal["reached", "not-reached"] | None = None
    late_reason: str | None = None


class SetOwn(Struct, frozen=True, kw_only=True):
    """Eigene Wiedervorlage for a day, about `subject`."""

    due_on: dt.date
    subject: str
    follow_up: str = field(default_factory=fresh_id)


class MoveOwn(Struct, frozen=True, kw_only=True):
    """Open own follow-ups are wanted on another day."""

    follow_ups: list[str]
    due_on: dt.date


class FinishOwn(Struct, frozen=True, kw_only=True):
    """Open own follow-ups are done."""

    follow_ups: list[str]


Said = RecordFact | SetStrategy | EndStrategy | ConfirmStrategy | SetAppointmentStatus | PlanAppointment | SetOwn


class RecordFacts(Struct, frozen=True, kw_only=True):
    """What is said in one, in its order: facts, and wishes that record facts, too; all or none.

    Each is judged as if those before it were stored.
    """

    facts: list[Said]


class HandOver(Struct, frozen=True, kw_only=True):
    """Übergeben: the case is offered to somebody with an intended strategy; no bar is set (Fachkonzept 5.3)."""

    to_worker: str
    to_unit: str
    to_area: Area
    intended_strategy: Strategy
    reason: str | None = None


class AcceptHandover(Struct, frozen=True, kw_only=True):
    """Annehmen: responsibility, and bar and field where the strategy changes; one other than intended has a reason."""

    strategy: Strategy
    reason: str | None = None
    briefing_done: bool | None = None


class RejectHandover(Struct, frozen=True, kw_only=True):
    """The receiving worker gives the case back."""

    reason: str


class WithdrawHandover(Struct, frozen=True, kw_only=True):
    """The handing-over worker takes the offer back."""

    reason: str


class OpenCase(Struct, frozen=True, kw_only=True):
    """Neukunde: a case that has no entry yet is opened on `on`, with whoever is responsible from that day on.

    `same_person`: the number of another case that is about the same person; both keep their history.
    """

    on: dt.date
    last_name: str
    first_name: str
    birth_date: str
    worker: str
    unit: str
    area: Area
    kind: Literal["new", "returning"] = "new"
    client_number: str | None = None
    same_person: str | None = None
    other_persons: tuple[str, ...] = ()
    late_reason: str | None = None


class NoteSamePerson(Struct, frozen=True, kw_only=True):
    """Another case, by its number, is about the same person; both keep their history."""

    other_case: str


class NoteOtherPerson(Struct, frozen=True, kw_only=True):
    """Another case of this name and birth date, by its number, is about somebody else."""

    other_case: str


class RecordPeriod(Struct, frozen=True, kw_only=True):
    """ALG I or Leistungsbezug from `first` to `last`, both inclusive; one of them may be missing (Fachkonzept 2.5)."""

    kind: Literal["alg1", "benefit"]
    first: dt.date | None = None
    last: dt.date | None = None
    late_reason: str | None = None


class Snooze(Struct, frozen=True, kw_only=True):
    """Später: puts follow-ups of this case off until a day (at most twice, at most 28 days; Fachkonzept 3.1 no. 9).

    Writes no fact. `followups` are the derived ids as hex; `reason` is one the office offers (domain.office.deferrals).
    """

    followups: list[str]
    until: dt.date
    reason: str


class Remind(Struct, frozen=True, kw_only=True):
    """Erinnern: the lead tells who is responsible once more. Writes no fact. `followups` are the derived ids as hex."""

    followups: list[str]


class AcceptExplanation(Struct, frozen=True, kw_only=True):
    """Erläuterung anerkennen: these rules ask nothing from today to `until`, inclusive (Fachkonzept 3.1 no. 12)."""

    rules: list[str]
    until: dt.date
    reason: str


class CloseLegacy(Struct, frozen=True, kw_only=True):
    """Altfall schließen: a follow-up, due on `due`, whose cause lies before its rule began (Fachkonzept 3.1 no. 11)."""

    rule: str
    stage: str
    due: dt.date
    reason: str


class Assign(Struct, frozen=True, kw_only=True):
    """Neu zuweisen or übernehmen: who is responsible from `on` at 00:00, without an offer (Fachkonzept 2.1)."""

    worker: str
    unit: str
    area: Area
    on: dt.date
    reason: str | None = None


class Dispute(Struct, frozen=True, kw_only=True):
    """Das stimmt nicht: tells leads and QS that a reminder is wrong (`follow-up-disputed`, Fachkonzept 2.8).

    Writes no fact and leaves the follow-ups as they are. `followups` are the derived ids as hex.
    """

    followups: list[str]
    reason: str


Wish = (
    RecordFact
    | RecordFacts
    | CorrectFact
    | WithdrawFact
    | Reconcile
    | Undo
    | RequestExtension
    | WithdrawRequest
    | ApproveExtension
    | ReturnExtension
    | RejectExtension
    | SetStrategy
    | EndStrategy
    | ChangeStrategy
    | SetOtherBar
    | ConfirmStrategy
    | SetAppointmentStatus
    | PlanAppointment
    | RecordContact
    | SetOwn
    | MoveOwn
    | FinishOwn
    | HandOver
    | AcceptHandover
    | RejectHandover
    | WithdrawHandover
    | OpenCase
    | RecordPeriod
    | NoteSamePerson
    | NoteOtherPerson
    | Snooze
    | Remind
    | AcceptExplanation
    | CloseLegacy
    | Assign
    | Dispute
)


def wish_name(wish: Wish) -> str:
    """The stored name of a wish in the list of decisions, kebab-case, e.g. "request-extension"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(wish).__name__).lower()
