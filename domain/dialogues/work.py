"""The dialogues about jobs: taken up, with what becomes of the bar; ended, with a new bar (Fachkonzept 3.2 R-17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from domain import words
from domain.actions import Action
from domain.clocks import ENDING_JOBS
from domain.decisions import wishes
from domain.decisions.matter import LATE_DAYS
from domain.dialogues.engine import day_of, text_of
from domain.dialogues.parts import (
    NO_HEALTH_DATA,
    check_not_future,
    fact,
    facts,
    fixed,
    happened,
    idle_text,
    late_step,
    make,
    quick_day,
)
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed
from domain.facts import CODE_WORDS
from domain.periods import DAY

OPEN = "open"
LATER = "later"
KINDS = {
    code: CODE_WORDS[code][0].upper() + CODE_WORDS[code][1:]
    for code in ("sv-pflichtig", "ausbildung", "selbstaendig", "geringfuegig")
}
LEVELS = {"helfer": "Helfertätigkeit", "qualifiziert": "Qualifizierte Arbeit", OPEN: "Noch offen"}
BENEFIT = {"yes": "Ja", "no": "Nein, er geht weiter", OPEN: "Noch offen"}
ORIGINS = {"self-found": "Selbst gesucht", "placed": "Durch uns vermittelt", OPEN: "Noch offen"}
BARS = {
    "closing": "Endet am Tag vor der Arbeit, danach „Abschlussarbeiten“",
    "end": "Endet am Tag vor der Arbeit",
    "keep": "Bleibt offen",
    LATER: "Später entscheiden",
}
AHEAD = {
    "keep": "„Bleibt offen“ geht erst ab dem ersten Arbeitstag. Bitte „Später entscheiden“ wählen.",
    "closing": "„Abschlussarbeiten“ geht erst ab dem ersten Arbeitstag. Bitte „Endet am Tag vor der Arbeit“ wählen.",
}


def _days(context: Context) -> tuple[Choice, ...]:
    return quick_day("heute", context.today), quick_day("morgen", context.today + DAY)


def _bar_open(answers: Answers, context: Context) -> bool:
    """Whether the job should end a bar that was there before it."""
    if text_of(answers, "kind") not in ENDING_JOBS or context.since is None:
        return False
    return day_of(answers, "on") > context.since


def _check_bar(value: Answer, answers: Answers, context: Context) -> str | None:
    return AHEAD.get(str(value)) if day_of(answers, "on") > context.today else None


def _kept(answers: Answers, context: Context) -> bool:
    return answers.get("bar") == "keep"


def _of_bar(answers: Answers, on: dt.date) -> wishes.EndStrategy | wishes.ConfirmStrategy | None:
    match answers.get("bar"):
        case "keep":
            return wishes.ConfirmStrategy(text=text_of(answers, "why"))
        case "end" | "closing" as chosen:
            late = {"late_reason": text_of(answers, "late_reason")}
            ended = {"on": on - DAY, "reason": "employment", "closing_bar": chosen == "closing"}
            return make(wishes.EndStrategy, ended | late)
        case _:
            return None


def _said(answers: Answers, key: str) -> str:
    value = text_of(answers, key)
    return "" if value == OPEN else value


def _taken_up(answers: Answers, context: Context) -> wishes.RecordFacts:
    on, job = day_of(answers, "on"), context.subject
    ends, origin = _said(answers, "benefit_ends"), _said(answers, "origin")
    begun = fact(
        "employment-started",
        on,
        answers,
        employment=job,
        kind=answers["kind"],
        level=_said(answers, "level"),
        benefit_ends=ends == "yes" if ends else None,
    )
    found = fact("employment-statistics-entered", context.today, {}, employment=job, origin=origin)
    return facts(begun, found if origin else None, _of_bar(answers, on))


def _late(answers: Answers, context: Context) -> bool:
    """A bar that ends on the day before is late a day earlier."""
    return day_of(answers, "on") <= context.today - LATE_DAYS * DAY


def _open(key: str, question: str, labels: Mapping[str, str], hint: str = "") -> Step:
    """What may not be known yet."""
    return Step(
        key=key,
        question=question,
        kind="choices",
        choices=fixed(labels),
        hint=hint,
        default=lambda context: OPEN,
        joined=True,
    )


_FIRST_DAY = Step(key="on", question="Was ist der erste Arbeitstag?", kind="date", choices=_days)

JOB = Dialogue(
    name="job",
    title="Arbeitsaufnahme",
    action=Action.RECORD,
    subject=Subject.NEW,
    button="Arbeitsaufnahme",
    in_case=True,
    in_message=InMessage("job"),
    typed=Typed(("job",), "on"),
    wish=_taken_up,
    behind=True,
    steps=(
        _FIRST_DAY,
        _open("origin", "Wie kam es zu der Stelle?", ORIGINS, "Das ist der Statistikeintrag."),
        _open("level", "Welche Art von Arbeit?", LEVELS),
        _open("benefit_ends", "Endet damit der Leistungsbezug?", BENEFIT),
        Step(key="kind", question="Welche Beschäftigung?", kind="choices", choices=fixed(KINDS), joined=True),
        replace(late_step(), condition=_late),
        Step(
            key="bar",
            question="Was wird aus der Handlungsstrategie?",
            kind="choices",
            choices=fixed(BARS),
            check=_check_bar,
            condition=_bar_open,
        ),
        idle_text(
            key="why",
            question="Woran ist zu erkennen, dass sie weiterhin richtig ist?",
            of="Bleibt offen",
            condition=_kept,
        ),
    ),
)


def _running(context: Context) -> tuple[Choice, ...]:
    return tuple(Choice(value=job, label=label) for job, label in context.jobs)


def _new_bars(context: Context) -> tuple[Choice, ...]:
    known = tuple(Choice(value=code, label=label) for code, label in words.STRATEGIES.items())
    return *known, Choice(value=LATER, label="Später entscheiden")


def _job(answers: Answers, context: Context) -> str:
    return text_of(answers, "job") or next((job for job, _ in context.jobs), "")


def _bar_from_before(answers: Answers, context: Context) -> bool:
    """Whether a bar goes on that would be the old one, and the new one may begin (R-17b)."""
    if context.since is None or _job(answers, context) not in context.anew:
        return False
    return context.since <= day_of(answers, "on") < context.today


def _ended(answers: Answers, context: Context) -> wishes.RecordFacts:
    on, bar = day_of(answers, "on"), text_of(answers, "bar")
    job = _job(answers, context)
    over = fact("employment-ended", on, answers, employment=job, reason=text_of(answers, "reason"))
    if bar in ("", LATER):
        return facts(over)
    return facts(over, *_new_for_old(answers, on, max(on + DAY, context.anew[job])))


def _new_for_old(answers: Answers, last: dt.date, first: dt.date) -> Iterator[wishes.EndStrategy | wishes.SetStrategy]:
    """The end of the bar on its last day, and the new one; also of the same strategy."""
    late = {"late_reason": text_of(answers, "late_reason")}
    yield make(wishes.EndStrategy, {"on": last, "reason": "new-strategy"} | late)
    yield make(wishes.SetStrategy, {"on": first, "strategy": text_of(answers, "bar")} | late)


JOB_ENDED = Dialogue(
    name="job-ended",
    title="Arbeit beendet",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Arbeit beendet",
    in_case=True,
    in_message=None,
    typed=None,
    refuse=lambda context: None if context.jobs else "In diesem Fall ist keine laufende Arbeit eingetragen.",
    wish=_ended,
    behind=True,
    steps=(
        replace(
            happened("Was ist der letzte Tag der Arbeit?"),
            check=lambda value, answers, context: None,
        ),
        Step(
            key="reason",
            question="Warum endete sie?",
            kind="line",
            hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
            required=False,
            joined=True,
        ),
        Step(
            key="job",
            question="Welche Arbeit?",
            kind="choices",
            choices=_running,
            condition=lambda answers, context: len(context.jobs) > 1,
        ),
        late_step(),
        Step(
            key="bar",
            question="Mit welcher Handlungsstrategie geht es weiter?",
            kind="choices",
            choices=_new_bars,
            hint="Der alte Balken endet mit der Arbeit, der neue beginnt am Tag danach, frühestens mit der Leistung.",
            condition=_bar_from_before,
        ),
    ),
)


def _last_of_job(context: Context) -> str:
    return context.used_again[0].isoformat() if context.used_again else ""


def _first_of_new(context: Context) -> str:
    return context.used_again[1].isoformat() if context.used_again else ""


def _check_first(value: Answer, answers: Answers, context: Context) -> str | None:
    if dt.date.fromisoformat(str(value)) <= day_of(answers, "on"):
        return "Der neue Balken muss nach dem letzten Tag des alten beginnen."
    return check_not_future(value, answers, context)


NEW_BAR = Dialogue(
    name="new-bar",
    title="Neuer Balken nach der Arbeit",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Neuen Balken anlegen",
    in_case=False,
    in_message=InMessage("new-bar", when_due=True, at_hand=True),
    typed=None,
    refuse=lambda context: None if context.used_again else "Kein alter Balken läuft nach einer Arbeit weiter.",
    wish=lambda answers, context: facts(*_new_for_old(answers, day_of(answers, "on"), day_of(answers, "first"))),
    behind=True,
    steps=(
        replace(
            happened("Was ist der letzte Tag des alten Balkens?"),
            hint="Vorgeschlagen ist der letzte Tag der Arbeit.",
            default=_last_of_job,
        ),
        Step(
            key="first",
            question="Ab welchem Tag gilt der neue?",
            kind="date",
            hint="Vorgeschlagen ist der erste Tag, an dem nach der Arbeit wieder Leistung läuft.",
            check=_check_first,
            default=_first_of_new,
            joined=True,
        ),
        Step(
            key="bar",
            question="Welche Handlungsstrategie?",
            kind="choices",
            choices=fixed(words.STRATEGIES),
            hint="Auch die bisherige, als neuer Balken.",
            joined=True,
        ),
        late_step(),
    ),
)
