"""One case as its page shows it, at a Stichtag and a Datenstand: who, how long, and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import structs

from domain import law
from domain.clients import nameless
from domain.clocks import Clocks, Deduction, clocks
from domain.decisions.matter import last_day
from domain.decisions.refusal import Refused
from domain.facts.base import Stream
from domain.facts.case import CaseClosed
from domain.facts.support import BenefitEnded
from domain.knowledge import Known, known
from domain.law import Lexicon
from domain.office import measures
from domain.periods import BERLIN, DAY, end_of_day, local_day
from domain.permissions import Action
from domain.records import Record
from domain.stretches import Stretch
from domain.stretches import at as on_day
from domain.timeline import Care, Timeline, build
from services.office.office import Transaction
from services.people import directory
from services.questions import grounds
from services.questions.cases import client_names
from services.records import rulebook
from services.web.case import forms
from services.web.http.visitor import AtCase
from services.web.words import dates, moments
from services.web.words.forms import NOT_YET, day_of

TIME = re.compile(r"(?P<day>.+?),?\s+(?:um\s+)?(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))(?:\s*Uhr)?", re.IGNORECASE)


class Moment(NamedTuple):
    """What is asked for: the day it is about and the moment whose knowledge counts (None: now)."""

    as_of: dt.date
    known_at: dt.datetime | None

    @property
    def known_words(self) -> str:
        """The knowledge moment as one types it: a day, where it is not the end of one with the time; or "heute"."""
        if self.known_at is None:
            return "heute"
        local = self.known_at.astimezone(BERLIN)
        day = dates.plain(local.date())
        return day if self.known_at == end_of_day(local.date()) else f"{day} {local:%H:%M}"


class Why(NamedTuple):
    """A number opened into what it counts: the reason, its days, the entries behind it."""

    deduction: Deduction
    refs: tuple[str, ...]


class CaseFile(NamedTuple):
    """Everything the page of a case shows; `in_place_of`: request -> name of the lead a deputy decided it for."""

    number: str
    name: str
    last_number: int
    moment: Moment
    facts: list[Known]
    records: Sequence[Record]
    timeline: Timeline
    clocks: Clocks
    people: dict[str, str]
    in_place_of: dict[str, str]
    not_yet_known: int
    unknown_moment: int
    law: Lexicon
    types: Mapping[str, str]

    def named(self, one: Known | Record) -> str:
        """The German name of an entry, as the law has it that counts for it."""
        return law.named(one.fact, one.on, self.law, law.misses(self.timeline))

    @property
    def since_ref(self) -> str | None:
        """The entry that began the open strategy bar."""
        spell = next((one for one in self.timeline.spells if one.first == self.clocks.since), None)
        return spell.bars[0].start.ref if spell else None


def read(tx: Transaction, at: AtCase, moment: Moment) -> CaseFile:
    """The case as it was on `as_of`, as known at `known_at`."""
    return read_all(tx, [at], moment)[0]


def read_all(tx: Transaction, cases: Sequence[AtCase], moment: Moment) -> list[CaseFile]:
    """The same of several cases, in as many statements as of one."""
    tx.store.look_up(tx.conn, [at.key for at in cases])
    files = [_file(tx, at, moment) for at in cases]
    acting = [
        _deputised(tx, file.timeline) if at.may(Action.SEE_NAMES) else {} for at, file in zip(cases, files, strict=True)
    ]
    names = directory.labels(tx, {lead for one in acting for lead in one.values()})
    return [
        file._replace(in_place_of={request: names[lead] for request, lead in one.items()})
        for file, one in zip(files, acting, strict=True)
    ]


def _file(tx: Transaction, at: AtCase, moment: Moment) -> CaseFile:
    named = at.may(Action.SEE_NAMES)
    records = tx.store.records(tx.conn, at.key, with_text=True)
    if not named:
        records = [structs.replace(record, fact=nameless(record.fact)) for record in records]
    facts = known(records, moment.known_at)
    timeline = build(facts, moment.as_of)
    later = [record for record in records if moment.known_at and record.recorded_at > moment.known_at]
    return CaseFile(
        number=at.number,
        name=client_names(tx, [at.key]).get(at.key, "") if named else "",
        last_number=records[-1].number if records else 0,
        moment=moment,
        facts=facts,
        records=records,
        timeline=timeline,
        clocks=clocks(timeline, moment.as_of),
        people=people(tx, records) if named else {},
        in_place_of={},
        not_yet_known=len(later),
        unknown_moment=sum(record.recorded_unknown for record in later),
        law=grounds.lexicon(tx.conn, moment.known_at),
        types=measures.named(known(rulebook.settings(tx.conn), moment.known_at), moment.as_of),
    )


def _deputised(tx: Transaction, timeline: Timeline) -> dict[str, str]:
    """Each request that a deputy decided, with the directory key of the lead they stood in for."""
    decided = {one.request: one.decided for one in timeline.extensions if one.decided}
    keys = tx.store.keys(tx.conn, Stream.PERSON, {one.by for one in decided.values()})
    organisation = directory.organisation(tx)
    found: dict[str, str] = {}
    for request, fact in decided.items():
        care: Care | None = on_day(timeline.care, fact.on)
        if care is not None and fact.by in keys:
            lead = organisation.in_place_of(keys[fact.by].hex, care.unit, care.area, fact.on, care.team)
            found |= {request: lead} if lead else {}
    return found


def people(tx: Transaction, records: Iterable[Record]) -> dict[str, str]:
    """The names of everybody a case's entries name by id."""
    records = list(records)
    ids = {record.by for record in records if ":" not in record.by} | forms.people_in(record.fact for record in records)
    return names_of(tx, ids)


def responsible(tx: Transaction, at: AtCase, file: CaseFile) -> str:
    """The name of who is responsible, for whom it is named to."""
    worker, unit, area = file.clocks.worker, file.clocks.unit, file.clocks.area
    named = worker is not None and at.may_name(directory.person_key(tx, worker), unit, area)
    return file.people.get(worker or "", worker or "") if named else ""


def names_of(tx: Transaction, ids: Iterable[str]) -> dict[str, str]:
    """The names of staff by their ids."""
    keys = tx.store.keys(tx.conn, Stream.PERSON, ids)
    names = directory.labels(tx, [key.hex for key in keys.values()])
    return {one: names[key.hex] for one, key in keys.items()}


def named(file: CaseFile) -> dict[str, str]:
    """What a link to each entry says: its fact and its day."""
    return {one.ref: f"{file.named(one)}, {dates.plain(one.on)}" for one in file.facts}


def why(file: CaseFile) -> list[Why]:
    """Each deduction with the entries behind it."""
    return [Why(one, tuple(_behind(file.timeline, one))) for one in file.clocks.deductions]


def _behind(timeline: Timeline, one: Deduction) -> Iterable[str]:
    sources: dict[str, Iterable[tuple[dt.date, dt.date, tuple[str, ...]]]] = {
        "alg1": _stretches([*timeline.alg1, *timeline.non_strategy]) if timeline.alg1_days else (),
        "employment": _stretches(timeline.employment),
        "manual": _stretches(timeline.pauses),
        "benefit-gap": _after(timeline.facts(BenefitEnded)),
        "closed": _after(timeline.facts(CaseClosed)),
    }
    for first, last, refs in sources[one.reason]:
        if first <= one.last and last >= one.first:
            yield from refs


def _stretches(found: Iterable[Stretch]) -> list[tuple[dt.date, dt.date, tuple[str, ...]]]:
    return [(one.first, one.last, one.refs) for one in found]


def _after(found: Iterable[Known]) -> list[tuple[dt.date, dt.date, tuple[str, ...]]]:
    return [(fact.on + DAY, fact.on + DAY, (fact.ref,)) for fact in found]


def moment_of(as_of: str, known_at: str, now: dt.datetime) -> Moment:
    """What the two choosers say, as days, the latter also with a time; empty means today and now.

    Raises `Refused` with `stichtag` or `datenstand`.
    """
    return Moment(_stichtag(as_of, local_day(now)), _datenstand(known_at, now))


def _stichtag(typed: str, today: dt.date) -> dt.date:
    day = day_of("stichtag", typed, today) if typed.strip() else today
    if day > last_day(today):
        raise Refused(
            [("stichtag", f"Der Stichtag liegt zu weit voraus; möglich ist bis {dates.plain(last_day(today))}.")]
        )
    return day


def _datenstand(typed: str, now: dt.datetime) -> dt.datetime | None:
    if typed.strip().lower() in ("", "heute", "jetzt"):
        return None
    today = local_day(now)
    if "T" in typed:
        moment = moments.moment_of("datenstand", typed) or now
    elif (found := TIME.fullmatch(typed.strip())) is not None:
        moment = _minute(day_of("datenstand", found["day"], today), int(found["hour"]), int(found["minute"]))
    else:
        moment = end_of_day(day_of("datenstand", typed, today))
        return None if local_day(moment) == today else _known_already(moment, now)
    return _known_already(moment, now)


def _minute(day: dt.date, hour: int, minute: int) -> dt.datetime:
    """The end of a minute, so that what it shows as recorded then is known."""
    if hour > 23 or minute > 59:
        raise Refused([("datenstand", f"{hour}:{minute:02} Uhr gibt es nicht. Bitte z. B. 10.03.2026 14:30 angeben.")])
    return dt.datetime.combine(day, dt.time(hour, minute, 59, 999_999), BERLIN)


def _known_already(moment: dt.datetime, now: dt.datetime) -> dt.datetime:
    if moment.replace(second=0, microsecond=0) > now:
        raise Refused([("datenstand", NOT_YET)])
    return moment


def differing(before: Clocks, after: Clocks) -> list[tuple[str, Any, Any]]:
    """The clocks that differ between two moments: (key, before, after)."""
    pairs: list[tuple[str, Any, Any]] = [
        ("strategy", before.strategy, after.strategy),
        ("since", before.since, after.since),
    ]
    pairs += [(key, before.days.get(key), after.days.get(key)) for key in after.days]
    return [(key, old, new) for key, old, new in pairs if old != new]
