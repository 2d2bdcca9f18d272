"""The answer to any question: its rows in pages, k of n, both per unit; one set-based statement each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, func, null, select, tuple_

from domain import moments
from domain.decisions.refusal import Refused
from domain.facts import Fact, Mark, Stream, marks, name_of
from domain.shares import percent
from services.people import directory
from services.questions import recipe, sql
from services.questions.casefile import Answer, moment, unsure
from services.questions.parameters import CASE, DAY, DAYS, OVER, Parameter
from services.questions.question import Asked, Column, Frame, Question, Shown
from services.questions.typed import thousands
from services.records import arrivals, meaning, rulebook
from services.records import undated as undated_facts
from services.records.current import lying_of_cases
from services.records.tables import numbers, segments, undated
from services.records.vault import chunks

if TYPE_CHECKING:
    from services.office.office import Transaction

Statement = Callable[["Transaction", Asked], Frame]
Names = Callable[[Row[Any]], bool]
"""Whether somebody may read who is responsible for the case of a row (Fachkonzept 8 no. 7)."""
NO_PLACE = "Hier beginnt keine Seite; bitte „next“ aus der Antwort davor unverändert angeben."


class UnitCount(NamedTuple):
    """Of one unit: how many are found, of how many."""

    unit: str | None
    found: int
    base: int


class Counted(NamedTuple):
    """k of n, and both per unit as it was named in the case; `oldest`: the first `since` of the n, if rows have one."""

    found: int
    base: int
    oldest: dt.date | None
    units: list[UnitCount]


class Page(NamedTuple):
    """Some rows of an answer, and where the next page begins; None: there is none."""

    rows: Sequence[Row[Any]]
    next: str | None


def filled(tx: Transaction, question: Question, given: Mapping[str, Sequence[str]]) -> Asked:
    """The question with what was given as text, name -> values, the rest as on this day. Raises `Refused`."""
    known = {one.name: one for one in question.blanks}
    day = tx.today
    wrong = [(name, f"Die Angabe „{name[:40]}“ gibt es bei dieser Frage nicht.") for name in given if name not in known]
    values: dict[str, Any] = {}
    for name, parameter in sorted(known.items(), key=lambda one: one[0] != "as_of"):  # defaults count from its day
        values[name] = parameter.default(day)
        try:
            if texts := given.get(name):
                values[name] = _read(tx, parameter, texts, optional=may_be_empty(parameter, day))
        except ValueError as error:
            wrong.append((name, str(error)))
        day = values["as_of"]
    if not wrong and "from" in values and values["to"] < values["from"]:
        wrong.append(("to", "Das Ende liegt vor dem Anfang."))
    if wrong:
        raise Refused(wrong)
    own = rulebook.texts(tx.conn, values["as_of"], values["known_at"])
    return Asked(question, values, _codes(tx, values), texts=own)


def may_be_empty(parameter: Parameter, day: dt.date) -> bool:
    """Whether nothing can be meant by it on that day, as no rule, or a stay of any length."""
    return parameter.default(day) is None or parameter.kind is OVER


def defaulted(question: Question, day: dt.date, **values: Any) -> dict[str, Any]:
    """The values of every blank, those not given as on a day."""
    return {one.name: one.default(day) for one in question.blanks} | values


def _codes(tx: Transaction, values: Mapping[str, Any]) -> list[str]:
    """The units asked for, those of a carrier if one is named, with those in them and carried on. Raises `Refused`."""
    organisation, day, carrier = directory.organisation(tx), values["as_of"], values["carrier"]
    units = values["unit"]
    if carrier is not None:
        held = [unit.code for unit in organisation.units(day) if unit.carrier == carrier]
        units = [one for one in held if not units or one in units]
        if not units:
            raise Refused([("carrier", "Unter den gefragten Einheiten hatte am Stichtag keine diesen Träger.")])
    return sorted({one for code in units for one in organisation.within(code, day)})


def _read(tx: Transaction, parameter: Parameter, texts: Sequence[str], *, optional: bool) -> Any:
    """What was typed; nothing only where nothing can be meant."""
    if parameter.kind.many:
        return tuple(dict.fromkeys(parameter.kind.read(text, tx) for text in texts))
    if len(texts) > 1:
        raise ValueError("Hier ist nur eine Angabe möglich.")
    if not texts[0]:
        if optional:
            return None
        raise ValueError("Diese Angabe fehlt.")
    return parameter.kind.read(texts[0], tx)


def cases_named(question: Question, given: Mapping[str, Sequence[str]]) -> list[str]:
    """The numbers of cases that somebody asks about by name."""
    return [text for one in question.blanks if one.kind is CASE for text in given.get(one.name, ()) if text]


def without_cases(asked: Asked) -> Asked:
    """The same question without the number of a case, for the access log."""
    return asked.with_values(**{one.name: None for one in asked.question.blanks if one.kind is CASE})


def frames(tx: Transaction, asked: Asked, statement: Statement | None = None) -> list[Frame]:
    """The statement of the question, or another, of each part of the cases, within what is asked about.

    `unit` and `area` are needed only if they are asked for. Raises Waiting.
    """
    meaning.digests(tx.conn, asked.topics)
    state = statement or asked.question.statement
    wholes = [_within(one, state(tx, one)) for one in asked.parts]
    return [part for whole in wholes for known in asked.known_parts(tx, whole.source) for part in whole.apart(known)]


def _within(asked: Asked, whole: Frame) -> Frame:
    everything, found = whole.everything, whole.found
    one = everything.selected_columns
    if asked.left_out is not None:
        everything = everything.where(one.case_key.not_in(asked.left_out))
    if asked.codes:
        everything = everything.where(one.unit.in_(asked.codes))
    if areas := asked.values["area"]:
        there = one.area.in_(areas)
        everything, found = (everything, found & there) if asked.of_all_areas else (everything.where(there), found)
    if asked.cases is not None:
        everything = everything.where(one.case_key.in_(asked.cases))
    if asked.places is not None:
        everything = everything.where(lying_of_cases(one, asked.places, asked.as_of))
    return whole._replace(everything=everything, found=found)


def listed(tx: Transaction, asked: Asked, statement: Statement | None = None) -> list[Select[Any]]:
    """The rows that are found, with the numbers of their cases, in no order; a statement for each part of them."""
    return [_numbered(one.base.where(one.found)) for one in frames(tx, asked, statement)]


def _numbered(chosen: Select[Any]) -> Select[Any]:
    """With the number of the case, which each has; joined from outside, so that nobody begins with all the numbers."""
    of_case = numbers.c.key == chosen.selected_columns.case_key
    return chosen.add_columns(numbers.c.number).join(numbers, of_case, isouter=True)


def numbered(number: str) -> Select[tuple[UUID]]:
    """The key of a case by its number, as a statement."""
    return select(numbers.c.key).where(numbers.c.kind == Stream.CASE, numbers.c.number == number)


def page(
    tx: Transaction,
    asked: Asked,
    *,
    limit: int | None = None,
    after: str | None = None,
    offset: int = 0,
    statement: Statement | None = None,
) -> Page:
    """Rows sorted by case and the key of the question: so many after a place (`next`, or a case) or after so many."""
    question, more = asked.question, False
    if limit is None:
        chosen = [_after(one, question, after) for one in listed(tx, asked, statement)]
    else:  # what a page shows is read of its own rows alone
        some = frames(tx, asked, statement)
        places = _places(tx, question, some, offset + limit + 1, after)  # one more tells whether there is another page
        more = len(places) > offset + limit
        chosen = list(_of_ids(some, places[offset : offset + limit]))
    rows = sorted((row for one in chosen for row in tx.conn.execute(one)), key=lambda row: place(question, row))
    rows = rows[offset:] if limit is None else rows
    return Page(rows, "|".join(map(str, place(question, rows[-1]))) if more and rows else None)


def _after(chosen: Select[Any], question: Question, after: str | None) -> Select[Any]:
    return chosen if after is None else chosen.where(_later(_order(chosen, question), after))


def _places(
    tx: Transaction, question: Question, some: Sequence[Frame], most: int, after: str | None
) -> list[tuple[tuple[Any, ...], int, int]]:
    """Where the first rows stand in the order, each with the number of its part and its id there."""
    found = []
    for part, one in enumerate(some):
        chosen = _after(_numbered(one.base.where(one.found)), question, after)
        columns, order = chosen.selected_columns, _order(chosen, question)
        told = chosen.with_only_columns(one.source.c.id, *(columns[name] for name in ("number", *question.key)))
        rows = tx.conn.execute(told.order_by(*order).limit(most))
        found += [(tuple(place), part, id) for id, *place in rows]
    return sorted(found)


def _of_ids(some: Sequence[Frame], places: Sequence[tuple[Any, int, int]]) -> Iterator[Select[Any]]:
    """These rows, which are known and found; said again it would lead SQLite through the whole list once more."""
    for part, one in enumerate(some):
        for ids in chunks([id for _, at, id in places if at == part]):
            yield _numbered(one.everything.where(one.source.c.id.in_(ids)))


def counted(tx: Transaction, asked: Asked) -> Counted:
    """k of n, in one statement for each part of the cases."""
    sums: dict[str | None, tuple[int, int]] = {}
    oldest: list[dt.date] = []
    for part in frames(tx, asked):
        one = part.base.selected_columns
        first: ColumnElement[Any] = func.min(one.since) if "since" in one else null()
        told: tuple[ColumnElement[Any], ...] = (one.unit, func.sum(case((part.found, 1), else_=0)), func.count(), first)
        for unit, some, base, since in tx.conn.execute(part.base.with_only_columns(*told).group_by(one.unit)):
            before = sums.get(unit, (0, 0))
            sums[unit] = (before[0] + some, before[1] + base)
            oldest += [] if since is None else [since]
    units = [UnitCount(unit, *both) for unit, both in sums.items()]
    found, base = (sum(both[at] for both in sums.values()) for at in (0, 1))
    return Counted(found, base, min(oldest, default=None), units)


def number(tx: Transaction, asked: Asked, statement: Statement) -> int:
    """How many rows are found by a statement that does not say in which units they are."""
    found = [one.base.where(one.found).with_only_columns(func.count()) for one in frames(tx, asked, statement)]
    return sum(tx.conn.scalar(one) or 0 for one in found)


def said(tx: Transaction, asked: Asked, rows: Sequence[Row[Any]], names: Names | None = None) -> list[Answer]:
    """The rows as an answer has them, without the facts behind; `names`: of whom the worker is named (None: all)."""
    workers = _clear(tx, [row.worker for row in rows])
    columns = asked.question.columns
    return [
        {
            "case": row.number,
            "unit": row.unit,
            "area": row.area,
            "worker": workers.get(row.worker, row.worker) if names is None or names(row) else None,
            **{column.name: plain(column, row, asked) for column in columns},
        }
        for row in rows
    ]


def with_facts(tx: Transaction, asked: Asked, rows: Sequence[Row[Any]], answers: Sequence[Answer]) -> list[Answer]:
    """The same rows with the facts behind them, their ids and when they were recorded; things by their clear ids."""
    refs = asked.question.behind(tx, asked, rows)
    records = tx.store.referred(tx.conn, {ref for some in refs for ref in some})
    things = {tx.office.vault.ref(thing): thing for one in records.values() for thing in _things(one.fact)}
    about = [one.name for one in asked.question.columns if one.shown is Shown.THING]
    found = []
    for some, answer in zip(refs, answers, strict=True):
        facts = [records[ref] for ref in some if ref in records]
        told = {"facts": [{"id": one.id, "recorded_at": moment(one.recorded_at)} for one in facts]}
        found.append({**answer, **{name: things.get(answer[name], answer[name]) for name in about}, **told})
    return found


def _things(fact: Fact) -> list[str]:
    return [getattr(fact, field) for field, mark in marks(name_of(fact)).items() if mark is Mark.THING]


def ask(
    tx: Transaction,
    asked: Asked,
    *,
    limit: int | None = None,
    after: str | None = None,
    names: Names | None = None,
) -> Answer:
    """The answer of `ask` (Vertrag 3); with `limit` a page, `next` being there if more rows are."""
    some, count = page(tx, asked, limit=limit, after=after), counted(tx, asked)
    answer: Answer = {"question": asked.question.id, "parameters": parameters(asked, tx.now)}
    answer |= {"sentence": sentence(asked, count), "k": count.found, "n": count.base}
    answer |= unknown(tx, asked)
    answer["rows"] = with_facts(tx, asked, some.rows, said(tx, asked, some.rows, names))
    if some.next is not None:
        answer["next"] = some.next
    return answer | {"recipe": recipe.line(tx, [asked], arrivals.arrived(tx.conn))}


def unknown(tx: Transaction, asked: Asked) -> Answer:
    """What an answer says about facts without a moment of recording that arrived after its Datenstand."""
    known_at = asked.known_at or tx.latest
    return unsure(undated_facts.after(tx.conn, known_at, scope(asked, undated.c.case_key)), asked.reading)


def scope(asked: Asked, case_key: ColumnElement[UUID]) -> list[ColumnElement[bool]]:
    """Conditions on a case: it is one the question is about, in its units at any time, as known ever."""
    found: list[ColumnElement[bool]] = []
    if asked.cases is not None:
        found.append(case_key.in_(asked.cases))
    if number := asked.values.get("case"):
        found.append(case_key.in_(numbered(number)))
    if asked.codes:
        one = segments.c
        there = (one.case_key == case_key, one.clock == "care", one.unit.in_(asked.codes))
        found.append(select(one.id).where(*there).exists())
    return found


def parameters(asked: Asked, now: dt.datetime) -> Answer:
    """Every blank as it was filled, as JSON has it."""
    values = {**asked.values, "known_at": asked.known_at or now}
    return {one.name: one.kind.in_json(values[one.name]) for one in asked.question.blanks}


def defaults(question: Question, today: dt.date) -> Answer:
    """The question in the list of `ask`."""
    blanks = [{"name": one.name, "default": one.kind.in_json(one.default(today))} for one in question.blanks]
    return {"number": question.number, "id": question.id, "title": question.title, "parameters": blanks}


def share(found: int, base: int) -> str:
    """ "21 % (275 von 1.333)"; "keiner (0 von 0)"."""
    whole = percent(found, base)
    return f"{'keiner' if whole is None else f'{whole} %'} ({thousands(found)} von {thousands(base)})"


def sentence(asked: Asked, count: Counted, **words: str) -> str:
    """What was found, as a sentence; `words` say a parameter otherwise. There may be nothing to ask about."""
    if not count.base:
        return nothing(asked, count, **words)
    figures = {"share": share(count.found, count.base), "k": thousands(count.found), "n": thousands(count.base)}
    return asked.question.result.format(**figures, **spoken(asked, **words))


def nothing(asked: Asked, count: Counted, **words: str) -> str:
    """What to say when nothing is found."""
    told = {"n": thousands(count.base), **spoken(asked, **words)}
    if not count.base:
        return asked.question.none.format(**told)
    if count.oldest is not None:
        told |= {"oldest": DAY.said(count.oldest), "age": DAYS.said((asked.as_of - count.oldest).days)}
    return asked.question.nothing.format(**told)


def question_asked(asked: Asked, **words: str) -> str:
    """The question with its blanks filled in words."""
    asking = {one.name: one.kind.asking(asked.values[one.name]) for one in asked.question.blanks if one.kind.asking}
    return asked.question.sentence.format(**spoken(asked, **asking, **words))


def spoken(asked: Asked, **words: str) -> dict[str, str]:
    """Every parameter in words, or in these; the units of a carrier under its name."""
    found = {one.name: one.kind.said(asked.values[one.name]) for one in asked.question.blanks} | words
    return found | ({"unit": f"{found['unit']} (Träger {found['carrier']})"} if asked.values["carrier"] else {})


def plain(column: Column, row: Row[Any], asked: Asked) -> Any:
    """The value of a column as JSON has it."""
    value = column.value(row, asked)
    if isinstance(value, dt.datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _order(chosen: Select[Any], question: Question) -> tuple[ColumnElement[Any], ...]:
    one = chosen.selected_columns
    texts = (one.number, *(one[name] for name in question.key))
    return tuple(sql.ByCode(column) if column.type.python_type is str else column for column in texts)


def place(question: Question, row: Row[Any]) -> tuple[Any, ...]:
    """Where a row stands in the order of its list."""
    return tuple(row._mapping[name] for name in ("number", *question.key))


def _later(order: tuple[ColumnElement[Any], ...], after: str) -> ColumnElement[bool]:
    """Behind a row, or behind a case. Raises `Refused` for a text that is neither."""
    number, *rest = after.split("|")
    first = func.coalesce(order[0], "")  # said of the number itself, it would be taken to begin with
    if not rest:
        return first > number
    try:
        days = [column.type.python_type is dt.date for column in order[1:]]
        place = [sql.day(moments.day(text)) if day else text for text, day in zip(rest, days, strict=True)]
    except ValueError:
        raise Refused([("after", NO_PLACE)]) from None
    return tuple_(first, *order[1:]) > tuple_(number, *place)


def _clear(tx: Transaction, workers: Sequence[str | None]) -> dict[str, str]:
    keys = {worker: UUID(hex=worker) for worker in set(workers) if worker and len(worker) == 32}
    clear = tx.store.numbers(tx.conn, keys.values())
    return {worker: clear[key] for worker, key in keys.items() if key in clear}
