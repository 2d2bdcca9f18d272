"""What an answer to the question of QS says: sentence, base, rows, differences with their facts, recipe. No names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy import Connection

from domain.facts import Mark, marks, name_of
from domain.facts.base import Fact
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.knowledge import Reading
from domain.organisation import Organisation
from domain.periods import local_day
from domain.records import Record
from domain.shares import percent
from services.office.office import Transaction
from services.questions import differing, recipe
from services.questions import stays as question
from services.questions.stays import Counted, UnitCount, Wanted
from services.records import arrivals
from services.records import undated as undated_facts
from services.records.tables import streams, undated
from services.web.case import forms
from services.web.qs import form as stays_form
from services.web.qs.form import Asked, Form
from services.web.words import dates, labels, links

WHY = {"late": "spät erfasst", "corrected": "berichtigt", "withdrawn": "zurückgenommen", "import": "Import"}
CLOCK = {"gross": "laut Balken", "net": "bereinigt"}
BY_DAY = "„als am Wirksamkeitstag erfasst“"


class Behind(NamedTuple):
    """A fact behind a difference: why it tells, what it says, its day and the day it was recorded."""

    why: str
    text: str
    on: dt.date
    recorded_at: dt.datetime


class Turned(NamedTuple):
    """A case that is in one list only, with the facts behind it."""

    key: UUID
    number: str
    then: bool
    behind: list[Behind]


class Result(NamedTuple):
    """The answer; `then` and `now` are the same where one list alone is shown, `units` as they are called at the
    Stichtag, `pages` how many pages there are.
    """

    asked: Asked
    then: Counted
    now: Counted
    units: list[UnitCount]
    difference: differing.Difference | None
    rows: list[dict[str, Any]]
    turned: list[Turned]
    notes: list[str]
    recipe: str
    pages: int

    @property
    def shown(self) -> Counted:
        """The figures of the list that is looked at."""
        return self.now if self.asked.view == "now" else self.then


def answer(tx: Transaction, organisation: Organisation, asked: Asked, size: int | None, own: bool) -> Result:
    """The answer with one page of `size` rows, None: all rows. `own`: only cases of units the visitor leads."""
    counted = {view: question.counted(tx, wanted) for view, wanted in _needed(asked).items()}
    shown = counted["now" if asked.view == "now" else "then"]
    offset = asked.page * size if size else 0
    difference, rows, turned, total = None, [], [], shown.found
    if asked.view == "difference":
        difference = differing.difference(tx, asked.then, asked.now, limit=size, offset=offset)
        causes = differing.causes(tx, [one.key for one in difference.rows], asked.then, asked.now)
        turned = [Turned(*one, [_behind(cause) for cause in causes[one.key]]) for one in difference.rows]
        total = difference.only_then + difference.only_now
    else:
        found = question.rows(tx, asked.shown, limit=size, offset=offset)
        rows = [
            row | {"unit": organisation.current(row["unit"], asked.as_of) if row["unit"] else None} for row in found
        ]
    units = _by_unit(shown.units, organisation, asked.as_of)
    notes = list(_unknown(tx.conn, asked))
    recipe = _recipe(tx, asked, own)
    then, now = counted.get("then", shown), counted.get("now", shown)
    return Result(asked, then, now, units, difference, rows, turned, notes, recipe, -(-total // size) if size else 1)


def _needed(asked: Asked) -> dict[str, Wanted]:
    """The lists whose figures are shown."""
    both = {"then": asked.then, "now": asked.now}
    return both if asked.view == "difference" else {asked.view: asked.shown}


def share(found: int, base: int) -> str:
    """ "21 % (275 von 1.333)"; "keiner (0 von 0)"."""
    whole = percent(found, base)
    return f"{'keiner' if whole is None else f'{whole} %'} ({dates.number(found)} von {dates.number(base)})"


def known_words(known_at: dt.datetime | None) -> str:
    """The Datenstand in words."""
    return "heute" if known_at is None else dates.plain(local_day(known_at))


def asks(asked: Asked, form: Form) -> str:
    """What was asked beyond the strategy, in words."""
    units = [one for one in form.units if one != stays_form.PLACEMENT]
    placed = "den Einheiten mit Vermittlungsbereich" if stays_form.PLACEMENT in form.units else ""
    where = " und ".join(filter(None, (placed, links.listed(units, "")))) or "allen Einheiten"
    areas = f"in {links.listed(form.areas, '')}, " if form.areas else ""
    long = f"{links.length(asked.then.over)} ({CLOCK[asked.then.clock]}), " if asked.then.over else ""
    return f"{long}{areas}in {where}"


def why(row: dict[str, Any]) -> str:
    """The deductions of a row in words: what makes the two clocks differ."""
    return "; ".join(
        f"− {labels.code(one['reason'])} {dates.days(one['days'])} ({_day(one['from'])}–{_day(one['to'])})"
        for one in row["deductions"]
    )


def _day(text: str) -> str:
    return dates.plain(dt.date.fromisoformat(text))


def _by_unit(found: Sequence[UnitCount], organisation: Organisation, day: dt.date) -> list[UnitCount]:
    """The same under the names of the Stichtag: what 50.5 counted, 52.1 carries on."""
    sums: dict[str, tuple[int, int]] = {}
    for one in found:
        code = organisation.current(one.unit, day) if one.unit else ""
        before = sums.get(code, (0, 0))
        sums[code] = (before[0] + one.found, before[1] + one.base)
    return [UnitCount(code or None, *sums[code]) for code in sorted(sums)]


def _behind(cause: differing.Cause) -> Behind:
    record = cause.record
    about = f" zu „{_said(cause.about)}“" if cause.about else ""
    changed = f": {_changed(record.fact)}" if isinstance(record.fact, FactCorrected) and _changed(record.fact) else ""
    modifies = isinstance(record.fact, FactCorrected | FactWithdrawn)
    text = f"{labels.fact(name_of(record.fact))}{about}{changed}" if modifies else _said(record)
    return Behind(WHY[cause.why], text, (cause.about or record).on, record.recorded_at)


def _said(record: Record) -> str:
    """A fact in words, its codes alone: no people, no texts, no things."""
    name = name_of(record.fact)
    fields = forms.spoken(name, _codes_only(record.fact, name), {}, True)
    words = ", ".join(_alone(label, value) for label, value in fields)
    return f"{labels.fact(name)}: {words}" if words else labels.fact(name)


def _alone(label: str, value: str) -> str:
    """A value that says enough without its label; a yes or no does not."""
    return {"ja": label, "nein": f"{label}: nein"}.get(value, value)


def _codes_only(fact: Fact, name: str) -> Fact:
    left_out = {key: "" for key, mark in marks(name).items() if mark is not Mark.CODE}
    return structs.replace(fact, **{key: value for key, value in left_out.items() if hasattr(fact, key)})


def _changed(fact: FactCorrected) -> str:
    personal = {key for name in forms.case_facts() for key, mark in marks(name).items() if mark is not Mark.CODE}
    data = {key: value for key, value in (fact.data or {}).items() if key not in personal}
    words = [f"neuer Tag {dates.plain(fact.on)}"] if fact.on else []
    words += [f"{labels.field(key)} {labels.code(value)}" for key, value in msgspec.to_builtins(data).items()]
    return ", ".join(words)


def _unknown(conn: Connection, asked: Asked) -> Sequence[str]:
    """The line about entries of which nobody knows when they were recorded, and how they are read (domain.md 2.0)."""
    shown = asked.shown
    if shown.known_at is None:
        return ()
    by_day = shown.reading is Reading.EFFECTIVE_DAY
    found = undated_facts.imports(conn, shown.known_at, question.scope(shown, undated.c.case_key))
    if not found:
        return (f"Alle Einträge zu dieser Frage haben einen Erfassungszeitpunkt; {BY_DAY} ändert nichts.",) * by_day
    days = list(dict.fromkeys(dates.plain(local_day(one)) for one in found))
    when = ", ".join(days[:3]) + (" und weitere" if len(days) > 3 else "")
    count = dates.number(sum(found.values()))
    of = dates.number(arrivals.arrived(conn, question.scope(shown, streams.c.key)).facts)
    read = f"sind sie {BY_DAY} gelesen" if by_day else "sind sie nicht enthalten"
    return (
        f"Für {count} von {of} Einträgen ist der Erfassungszeitpunkt unbekannt (Import vom {when}); "
        f"zum Datenstand {known_words(shown.known_at)} {read}.",
    )


def _recipe(tx: Transaction, asked: Asked, own: bool) -> str:
    lists = [asked.then, asked.now] if asked.view == "difference" else [asked.shown]
    whose = f"nur Fälle, die am {dates.plain(tx.today)} zur geleiteten Einheit gehörten" if own else ""
    return recipe.line(tx, lists, arrivals.arrived(tx.conn), whose)
