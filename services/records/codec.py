"""How a record becomes bytes: a structure in clear that names nobody, and beside it what the stream's key protects."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import zip_longest
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.facts import FACTS, Fact, Mark, Stream, lifted, name_of, schema_version
from domain.facts.correction import FactCorrected
from domain.records import Record
from services.records import plans
from services.records.vault import Cipher, is_ref

T = TypeVar("T")
Fields = dict[str, Any]
SYSTEMS = ("rule:", "import:")  # what else than a person can have recorded a fact


class Stored(Struct, Generic[T], frozen=True, kw_only=True, omit_defaults=True):
    """A record as it is stored. Moments are UTC. `sealed` holds a `Sealed`, encrypted with the stream's key."""

    ref: str
    on: dt.date
    recorded_at: dt.datetime
    stored_at: dt.datetime
    by: str
    correlation_id: str
    data: T
    sealed: bytes
    schema_version: int = 1
    recorded_unknown: bool = False
    text_left_out: tuple[str, ...] = ()


class Sealed(Struct, frozen=True, omit_defaults=True):
    """What may not stand in clear: the fact's id, its texts and names, and the ids of the things it is about.

    `by`: who recorded it, if that is an import, or a rule this program does not know.
    """

    id: str
    fields: Fields
    by: str = ""


class Codec:
    """Writes and reads the records of some streams.

    `ciphers` holds their keys (missing: destroyed). Writing needs `kinds`, whose history each stream is, and `people`,
    the directory key (hex) of each person's id; reading with text needs `persons`, the reverse. With
    `with_text=False` ids and things are references, persons directory keys, texts ""; of the traits there are those
    that rows may hold (Fachkonzept 8 no. 13) where `ciphers` has the key, else none.
    """

    def __init__(
        self,
        ref: Callable[[str], str],
        ciphers: Mapping[UUID, Cipher],
        *,
        kinds: Mapping[UUID, Stream] | None = None,
        people: Mapping[str, str] | None = None,
        persons: Mapping[str, str] | None = None,
        with_text: bool = True,
    ) -> None:
        self._ref = ref
        self._ciphers = ciphers
        self._kinds = kinds or {}
        self._people = people or {}
        self._persons = persons or {}
        self._with_text = with_text

    def encode(self, key: UUID, record: Record) -> bytes:
        """The bytes to store for a record in clear."""
        name = name_of(record.fact)
        fields: Fields = msgspec.to_builtins(record.fact)
        secret = self._split(fields, plans.plan(name), record.text_left_out)
        fields |= plans.withheld(name)
        if isinstance(record.fact, FactCorrected) and record.fact.data is not None:
            known, changed = plans.plan_of_stream(self._kinds[key]), plans.levels(fields["data"])
            secret["data"] = plans.nested([self._split_correction(level, known) for level in changed])
            fields["data"] = plans.nested(changed)
        by = self._people.get(record.by) or in_clear(record.by, self._ref)
        free = record.by if record.by.startswith(SYSTEMS) and by != record.by else ""
        sealed = _encoder.encode(Sealed(record.id, secret, free))
        stored = Stored(
            ref=record.ref,
            on=record.on,
            recorded_at=record.recorded_at.astimezone(dt.UTC),
            stored_at=record.stored_at.astimezone(dt.UTC),
            by=by,
            correlation_id=record.correlation_id,
            data=fields,
            sealed=self._ciphers[key].seal(sealed, _context(key, record.number)),
            schema_version=record.schema_version,
            recorded_unknown=record.recorded_unknown,
            text_left_out=record.text_left_out,
        )
        return _encoder.encode(stored)

    def decode(self, key: UUID, number: int, name: str, state: bytes) -> Record:
        """The record behind stored bytes; once the key is destroyed, what is left of it in clear.

        A record of an old schema version comes back with today's fields.
        """
        if schema_version(name) > 1 and (old := _old_decoder.decode(state)).schema_version < schema_version(name):
            return self._lifted(key, number, name, old)
        stored = decoder(name).decode(state)
        return self._read(key, name, self._record(number, stored, stored.data), self._opened(key, number, name, stored))

    def _lifted(self, key: UUID, number: int, name: str, old: Stored[Fields]) -> Record:
        secret = self._opened(key, number, name, old)
        fields = old.data if secret is None else _merged(old.data, secret.fields)
        record = self._record(number, old, _as_today(name, old.schema_version, fields))
        record = msgspec.structs.replace(record, fields_then=fields)
        return self._read(key, name, record, None if secret is None else Sealed(secret.id, {}, secret.by))

    def _read(self, key: UUID, name: str, record: Record, secret: Sealed | None) -> Record:
        if secret is None and (bare := plans.without_traits(record.fact, name)) is not record.fact:
            record = msgspec.structs.replace(record, fact=bare)
        if self._with_text:
            return self._with_secrets(record, name, secret or Sealed(record.ref, {}))
        return record if secret is None else msgspec.structs.replace(record, fact=_with_traits(record.fact, secret))

    @staticmethod
    def _record(number: int, stored: Stored[Any], fact: Fact) -> Record:
        return Record(
            ref=stored.ref,
            id=stored.ref,
            number=number,
            on=stored.on,
            recorded_at=stored.recorded_at,
            stored_at=stored.stored_at,
            by=stored.by,
            correlation_id=stored.correlation_id,
            fact=fact,
            schema_version=stored.schema_version,
            recorded_unknown=stored.recorded_unknown,
            text_left_out=stored.text_left_out,
        )

    def _opened(self, key: UUID, number: int, name: str, stored: Stored[Any]) -> Sealed | None:
        cipher = self._ciphers.get(key) if self._with_text or plans.may_hold_row_traits(name) else None
        clear = None if cipher is None else cipher.open(stored.sealed, _context(key, number))
        secret = None if clear is None else _sealed_decoder.decode(clear)
        if secret is None or self._with_text:
            return secret
        return Sealed(stored.ref, plans.row_traits(name, secret.fields))

    def _with_secrets(self, record: Record, name: str, secret: Sealed) -> Record:
        fields = {**self._persons_in(record.fact, name), **secret.fields}
        if isinstance(record.fact, FactCorrected) and record.fact.data is not None:
            fields["data"] = self._corrected(record.fact.data, fields.get("data", {}))
        fact = msgspec.structs.replace(record.fact, **fields) if fields else record.fact
        by = secret.by or self._persons.get(record.by, record.by)
        return msgspec.structs.replace(record, id=secret.id, by=by, fact=fact)

    def _persons_in(self, fact: Fact, name: str) -> Fields:
        keys = {field: getattr(fact, field) for field, mark in plans.plan(name) if mark is Mark.PERSON}
        return {field: self._persons.get(key, key) for field, key in keys.items() if key is not None}

    def _corrected(self, clear: Fields, secret: Fields) -> Fields:
        return plans.nested([self._with_persons(level) for level in plans.levels(_merged(clear, secret))])

    def _with_persons(self, data: Fields) -> Fields:
        people = {f: self._persons.get(str(data[f]), data[f]) for f in data.keys() & plans.marked(Mark.PERSON)}
        return {**data, **people}

    def _split(self, fields: Fields, plan: plans.Plan, left_out: tuple[str, ...]) -> Fields:
        """Takes out of `fields` what may not stand in clear, and returns it."""
        secret: Fields = {}
        for field, mark in plan:
            value = fields.get(field)
            if value is None or field in left_out:
                continue
            if mark is Mark.PERSON:
                fields[field] = self._people.get(value, value)
            elif mark is Mark.TRAIT:
                secret[field] = fields.pop(field)
            elif mark is Mark.TEXT or mark is Mark.NAME:
                fields[field], secret[field] = [] if isinstance(value, list) else "", value
            elif not is_ref(value):
                fields[field], secret[field] = self._ref(value), value
        return secret

    def _split_correction(self, data: Fields, known: Mapping[str, Mark]) -> Fields:
        """The same for the fields of a correction, whose target is not at hand."""
        secret: Fields = {}
        for field, value in list(data.items()):
            if (mark := plans.mark_in_correction(field, value, known)) is not Mark.CODE:
                secret |= self._split(data, ((field, mark),), ())
        return secret


def persons_named(fact: Fact, by: str) -> set[str]:
    """The ids (or keys) of the members of staff that a record names."""
    found = set() if by.startswith(SYSTEMS) else {by}
    found |= {str(value) for f, m in plans.plan(name_of(fact)) if m is Mark.PERSON and (value := getattr(fact, f))}
    for data in plans.levels(fact.data or {}) if isinstance(fact, FactCorrected) else ():
        found |= {data[f] for f in data.keys() & plans.marked(Mark.PERSON) if isinstance(data[f], str)}
    return found


def in_clear(by: str, ref: Callable[[str], str]) -> str:
    """What stands in clear for the rule or system that recorded a fact: the rules this program knows, else a reference.

    Vertrag 2: nobody is refused by it, and an import may be called by anything, a person's name without blanks too.
    """
    kind, _, name = by.partition(":")
    free = f"{kind}:" in SYSTEMS and by not in _own_rules()
    return f"{kind}:{ref(name)}" if free else by


@cache
def _own_rules() -> frozenset[str]:
    from domain.decisions import alg1  # what only opens an office goes without these
    from domain.rules import RULES

    return frozenset({alg1.RULE, *(f"rule:{rule}" for rule in RULES)})


def is_key(text: str) -> bool:
    """Whether a text has the form of a directory key."""
    return _KEY.fullmatch(text) is not None


def keys_named(states: Iterable[bytes]) -> set[UUID]:
    """What in these stored records has the form of a directory key, looked for in their bytes."""
    return {UUID(text.decode()) for text in set[bytes]().union(*map(_KEYS.findall, states))}


def names_in(fact: Fact) -> dict[str, str]:
    """The names of staff that a record brings, field -> text; for the vault."""
    if isinstance(fact, FactCorrected):
        data = fact.data or {}
        return {f: data[f] for f in data.keys() & plans.marked(Mark.NAME) if isinstance(data[f], str)}
    named = {f: getattr(fact, f) for f, m in plans.plan(name_of(fact)) if m is Mark.NAME}
    return {field: text for field, text in named.items() if text}


@cache
def decoder(name: str) -> msgspec.json.Decoder[Stored[Fact]]:
    """What reads the stored bytes of a fact of this name."""
    kind: Any = FACTS[name]
    return cast("msgspec.json.Decoder[Stored[Fact]]", msgspec.json.Decoder(Stored[kind]))


def _with_traits(fact: Fact, secret: Sealed) -> Fact:
    if isinstance(fact, FactCorrected):
        changed = fact.data and _merged(fact.data, secret.fields.get("data", {}))
        return msgspec.structs.replace(fact, data=changed)
    return msgspec.structs.replace(fact, **secret.fields) if secret.fields else fact


def _merged(clear: Fields, secret: Fields) -> Fields:
    empty: Fields = {}
    pairs = zip_longest(plans.levels(clear), plans.levels(secret), fillvalue=empty)
    return plans.nested([{**open_to_all, **sealed} for open_to_all, sealed in pairs])


def _as_today(name: str, version: int, fields: Fields) -> Fact:
    return msgspec.convert(lifted(name, version, dict(fields)), FACTS[name])


def _context(key: UUID, number: int) -> bytes:
    return key.bytes + number.to_bytes(4, "big")


_KEY = re.compile("[0-9a-f]{32}")
_KEYS = re.compile(rb'"(?<!"correlation_id":")([0-9a-f]{32})"')
_encoder = msgspec.json.Encoder(order="deterministic")
_old_decoder = msgspec.json.Decoder(Stored[Fields])
_sealed_decoder = msgspec.json.Decoder(Sealed)
