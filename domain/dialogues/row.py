"""What a dialogue is made of: its row, its steps, and what they need to know about the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec import Struct

from domain.actions import Action
from domain.decisions.wishes import Wish
from domain.knowledge import Known
from domain.periods import Period
from domain.requests import Returned

Answer = str | list[str]
Answers = Mapping[str, Answer]
Kind = Literal["choices", "multiple", "text", "line", "date", "time", "confirm"]  # line: a text of one line


class Miss(NamedTuple):
    """A missed appointment with something open; `without_cause`: there was no good cause."""

    appointment: str
    on: dt.date
    without_cause: bool


class Context(Struct, frozen=True, kw_only=True):
    """What the steps need to know about the case and about what the dialogue was opened for.

    `subject` is the request or appointment it is about, or the follow-ups (hex ids, comma separated); for an extension,
    a planned appointment and an own follow-up the id of the new thing. `subject_on` is the day of that appointment or
    the day a request asks for; `version` the number of the request's last fact. `limit`: a `limit` stage is among the
    rules due today.
    `alg1_since`: the first day of the ALG I that runs today without its bar. `pending`: the day of a request that
    waits for a decision. `decided`: the request it is about does not wait any more. `closed`: the case is closed.
    `people`: who may take the case over, as (value, label). `due`: the rules due today as (rule, name). `place`: the
    unit and area of the case; `actor`: the id of who is at the desk; `responsible`: whether that is who has the case.
    `jobs`: the jobs that run, as (id, label); `anew`: those under a bar from before, whose benefit started during them
    and runs today, with the day of that start. `used_again`: the last day of a job after which a bar from before it
    goes on being used, and the first day of a new one. `misses`: missed appointments whose cause or decision is open.
    `talk_until`: the last day on which no talk may be needed beside the measure that runs. `gap`: the days without
    benefit, or registered anew, under the bar that is open.
    `own`: the open own follow-ups it is about, as (id, label). `offered`: the strategy a waiting handover intends.
    `field`: what the field "Handlungsstrategie" says since `field_since`. `overlap`: what ends that two bars run at
    once, as (what is done to which entry, in words).
    `steps`: of each kind of process step that was documented in part, what it says. `unfiled`: the decisions that are
    not taken over into the leading file, as (id, label).
    `returned`: the request that came back with a question and waits for an answer. `next_level`: an extension to this
    day or later is decided by the next level, unless a running job is its reason. `settings`: all that is known of what
    the office has set.
    """

    today: dt.date
    subject: str = ""
    subject_on: dt.date | None = None
    version: int | None = None
    strategy: str | None = None
    since: dt.date | None = None
    employed: bool = False
    limit: bool = False
    alg1_since: dt.date | None = None
    pending: dt.date | None = None
    returned: Returned | None = None
    next_level: dt.date | None = None
    people: tuple[tuple[str, str], ...] = ()
    due: tuple[tuple[str, str], ...] = ()
    place: tuple[str, str] | None = None
    actor: str = ""
    responsible: bool = False
    offered: str | None = None
    decided: bool = False
    closed: bool = False
    own: tuple[tuple[str, str], ...] = ()
    jobs: tuple[tuple[str, str], ...] = ()
    anew: Mapping[str, dt.date] = MappingProxyType({})
    used_again: tuple[dt.date, dt.date] | None = None
    misses: tuple[Miss, ...] = ()
    talk_until: dt.date | None = None
    gap: Period | None = None
    settings: Sequence[Known] = ()
    field: str | None = None
    field_since: dt.date | None = None
    overlap: tuple[tuple[str, str], ...] = ()
    steps: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    unfiled: tuple[tuple[str, str], ...] = ()


class Choice(Struct, frozen=True, kw_only=True):
    """One button: what it answers and what it says."""

    value: str
    label: str
    hint: str = ""


def always(answers: Answers, context: Context) -> bool:
    """The condition of a step that is always asked."""
    return True


def no_choices(context: Context) -> tuple[Choice, ...]:
    """The choices of a step that is answered freely."""
    return ()


def nothing(context: Context) -> str:
    """The default of a step that is answered freely."""
    return ""


def no_objection(value: Answer, answers: Answers, context: Context) -> str | None:
    """The check of a step whose kind says enough."""
    return None


def nothing_given(context: Context) -> Answers:
    """The answers that stand already when a dialogue is opened: none."""
    return {}


class Step(Struct, frozen=True, kw_only=True):
    """One question. `choices` are buttons; for a date they are quick choices beside the free entry.

    `lead_in` stands above the question, `hint` below the field. `check` returns a German sentence or nothing.
    `minimum`: the least number of characters of a given text. `joined`: stands on the screen of the step before.
    `idle`: what is said to a text given to a joined step that does not apply, so that none is lost unseen.
    `firm`: whether it applies is known before its screen, which leaves it out if it does not.
    `typed`: its choices are many; one is named by typing, and only a few are shown.
    `default` is what stands in the field before anybody has answered; it counts only once it is sent.
    """

    key: str
    question: str
    kind: Kind
    choices: Callable[[Context], tuple[Choice, ...]] = no_choices
    lead_in: str = ""
    hint: str = ""
    required: bool = True
    typed: bool = False
    minimum: int = 0
    joined: bool = False
    firm: bool = False
    idle: str = ""
    default: Callable[[Context], str] = nothing
    condition: Callable[[Answers, Context], bool] = always
    check: Callable[[Answer, Answers, Context], str | None] = no_objection


class Subject(StrEnum):
    """What a dialogue is opened about."""

    CASE = "case"
    NEW = "new"  # a request, an appointment or an own follow-up that does not exist yet
    APPOINTMENT = "appointment"
    REQUEST = "request"
    HANDOVER = "handover"
    FOLLOW_UPS = "follow-ups"
    OWN = "own-follow-ups"


class InMessage(NamedTuple):
    """The button in a message: the option of rules that it answers, none if it can be said of every message.

    `words`: what it says there, if not the same as elsewhere. `at`: only at one of these stages, none named: at all;
    `not_at`: never beside one of these. `when_due`: it answers nothing that is not due yet. `at_hand`: given so often
    that its button stands in sight, not behind "Mehr". `until`: where a reason names a day there, up to that day alone.
    `told`: only where a reason says something there. `under`: not where a reason names another strategy.
    """

    option: str = ""
    words: str = ""
    at: frozenset[str] = frozenset()
    not_at: frozenset[str] = frozenset()
    when_due: bool = False
    at_hand: bool = False
    until: str = ""
    told: str = ""
    under: str = ""

    def lasts(self, reasons: Sequence[Mapping[str, object]], day: dt.date) -> bool:
        """Whether what it answers is told and still goes on, by the reasons of the stages; a page offers only what can
        succeed.
        """
        if self.told and not any(self.told in one for one in reasons):
            return False
        if self.under and any(one.get("strategy", self.under) != self.under for one in reasons):
            return False
        ends = [one.get(self.until) for one in reasons] if self.until else []
        return not ends or any(end is None or str(end) >= day.isoformat() for end in ends)

    def fits(self, options: Collection[str], reached: frozenset[str]) -> bool:
        """Whether the button belongs in a message whose rules have these options, at these stages."""
        if self.option and self.option not in options:
            return False
        return (not self.at or not self.at.isdisjoint(reached)) and self.not_at.isdisjoint(reached)


class Typed(NamedTuple):
    """How a dialogue is called by typing: the commands (Vertrag 3, `say`), and the step that a typed day answers."""

    commands: tuple[str, ...]
    day_step: str = ""


class Dialogue(Struct, frozen=True, kw_only=True):
    """A named list of steps and the wish their answers make. `refuse` says why it cannot be opened now.

    `action`: what one must be allowed to do to open it. `subject`: what it is about. `button`: what its button says.
    `in_case`: the page of a case offers it whenever it can be opened. `in_message`: messages do. `typed`: it can be
    called by typing. `direct`: nothing follows but what it says, so that there is nothing to see beforehand and the
    last answer decides. `behind`: its days may lie behind, so a typed day without its year is the nearest one,
    not the next.
    `people`: it asks who is to have the case. `answers`: it settles the message it was opened in; else the message
    stays where it is. `above` stands over all steps: what it answers. `given`: answers that stand when it is opened.
    """

    name: str
    title: str
    action: Action
    subject: Subject
    button: str
    in_case: bool
    in_message: InMessage | None
    typed: Typed | None
    steps: tuple[Step, ...]
    wish: Callable[[Answers, Context], Wish]
    refuse: Callable[[Context], str | None] = lambda context: None
    direct: bool = False
    behind: bool = False
    people: bool = False
    answers: bool = True
    above: Callable[[Context], str] = nothing
    given: Callable[[Context], Answers] = nothing_given
