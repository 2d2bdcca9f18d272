"""What a profile may say, and what is wrong with one before a row is read (Vertrag 4)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import msgspec.inspect as mi
from msgspec import Struct, field

from domain.facts import FACTS, Stream
from services.exchange import envelope
from services.failures import Said
from services.records.reasons import field_types, nearest, shown

ABOUT = (Stream.CASE, Stream.PERSON, Stream.UNIT)
LARGEST = 256 * 1024  # bytes of a profile
_HOLE = re.compile(r"\{([^{}]+)\}")
_SYSTEM = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")
Kind = Literal["text", "day", "bool", "int", "number"]


class Unfit(Said):
    """A profile that cannot be used; its text is one German sentence for each fault."""


class Fields(Struct, frozen=True, forbid_unknown_fields=True):
    """A file with one field a row: the columns that name a record, the field (`{Modul}.{Feld}`) and its value, and the
    table of the office that names the fields; others are passed over.
    """

    record: tuple[str, ...]
    field: str
    value: str
    names: dict[str, str]

    @property
    def head(self) -> list[str]:
        """The columns of the rows that records become."""
        return list(dict.fromkeys((*self.record, *self.names.values())))


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """How the file is read; `header` is the row of the column names, from 1; 0, which no profile says: there is none,
    and every row stands above it.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header: int = 1
    days: tuple[str, ...] = ("%d.%m.%Y", "%Y-%m-%d")
    moments: tuple[str, ...] = ("%d.%m.%Y %H:%M",)
    empty: tuple[str, ...] = ()
    fields: Fields | None = None


class Told(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a field comes from: a column or template, put into the words of the fact, or a constant `value`."""

    column: str | None = None
    values: dict[str, Any] | None = None
    default: Any = None
    split: str | None = None
    type: Kind | None = None
    value: Any = None


class Given(Struct, frozen=True, forbid_unknown_fields=True):
    """One fact that a row can give; each text is a column, or a template with columns in braces."""

    fact: str
    on: str | None = None
    case: str | None = None
    person: str | None = None
    unit: str | None = None
    id: str | None = None
    recorded_at: str | None = None
    by: str | None = None
    when: dict[str, str | list[str]] = field(default_factory=dict)
    data: dict[str, str | Told] = field(default_factory=dict)

    @property
    def about(self) -> tuple[Stream, str]:
        """Whose fact it is, and where that stands."""
        return next((one, said) for one in ABOUT if (said := getattr(self, one.value)))

    def told(self) -> Iterator[tuple[str, Told]]:
        """Each field of the data and where it comes from."""
        for name, said in self.data.items():
            yield name, Told(column=said) if isinstance(said, str) else said


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """One TOML file: the system whose ids its facts get, how the file is read, and the facts of a row."""

    system: str
    fact: tuple[Given, ...]
    file: Layout = field(default_factory=Layout)


def holes(said: str) -> list[str]:
    """The columns in the braces of a template; none if the text is the name of a column."""
    return _HOLE.findall(said)


def filled(said: str, cell: Any) -> str:
    """A template with what `cell` gives for the name of each column."""
    return _HOLE.sub(lambda hole: str(cell(hole[1])), said)


def columns(said: str | None) -> list[str]:
    """The columns that a text of a profile names."""
    return [] if said is None else holes(said) or [said]


def load(path: Path) -> Profile:
    """Reads and checks a profile. Raises Unfit with every fault, OSError."""
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Unfit(f"{path.name} ist kein Importprofil: die Datei ist größer als {LARGEST // 1024} KiB.")
    try:
        said = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unfit(f"{path.name} ist kein gültiges TOML{_place(error)}.") from None
    if found := list(faults(said)):
        raise Unfit(f"{path.name}: {' '.join(found)}")
    return msgspec.convert(said, Profile)


def faults(said: dict[str, Any]) -> list[str]:
    """Every fault of a profile, a German sentence each; none if it can be used."""
    found = list(_shape(said))
    return found or list(_meaning(msgspec.convert(said, Profile)))


def needed(profile: Profile) -> list[str]:
    """The columns without which the profile cannot read a file, each once."""
    named: dict[str, None] = {}
    for one in profile.fact:
        for said in (one.on, one.case, one.person, one.unit, one.id, one.recorded_at, one.by):
            named |= dict.fromkeys(columns(said))
        named |= dict.fromkeys(one.when)
        for _, told in one.told():
            named |= dict.fromkeys(columns(told.column))
    return list(named)


def _place(error: Exception) -> str:
    found = re.search(r"at line (\d+)", str(error))
    return f" (Zeile {found[1]})" if found else ""


def _shape(said: dict[str, Any]) -> Iterator[str]:
    """Keys that Vertrag 4 does not know, and values of another type."""
    yield from _unknown(said, Profile, "")
    if isinstance(file := said.get("file", {}), dict):
        yield from _unknown(file, Layout, "file")
        yield from _unknown(file.get("fields", {}), Fields, "file.fields")
    given = said.get("fact")
    if not isinstance(given, list) or not given:
        yield "Es fehlt [[fact]]: was eine Zeile bedeutet."
        return
    for at, one in enumerate(given, 1):
        if not isinstance(one, dict):
            yield f"Eintrag {at}: [[fact]] ist eine Tabelle."
            continue
        name = one.get("fact") if isinstance(one.get("fact"), str) else f"Eintrag {at}"
        yield from _unknown(one, Given, str(name))
        data = one.get("data", {})
        for key, told in data.items() if isinstance(data, dict) else ():
            yield from _unknown(told, Told, f"{name}, {key}")
    if not said.get("system"):
        yield "Es fehlt system: der Name des anderen Programms."
        return
    try:
        msgspec.convert(said, Profile)
    except msgspec.ValidationError as error:
        if "unknown field" not in str(error):
            yield _wrong_type(str(error))


def _wrong_type(said: str) -> str:
    """The sentence for a value of another type than the profile's key takes."""
    place = re.search(r"at `\$\.?([^`]*)`", said)
    if missing := re.search(r"missing required field `(\w+)`", said):
        return f"Es fehlt {missing[1]}{f' in {place[1]}' if place and place[1] else ''}."
    return f"{place[1] if place else 'Ein Schlüssel'} hat einen Wert, der hier nicht stehen kann."


def _unknown(said: object, kind: type[Struct], where: str) -> Iterator[str]:
    known = kind.__struct_fields__
    for key in said if isinstance(said, dict) else ():
        if key not in known:
            place = f"{where}: " if where else ""
            yield f"{place}Den Schlüssel {shown(key)} kennt ein Profil nicht.{nearest(key, known)}"


def _meaning(profile: Profile) -> Iterator[str]:
    if not _SYSTEM.fullmatch(profile.system):
        yield f"system {shown(profile.system)}: möglich sind 1 bis 32 Kleinbuchstaben, Ziffern, Punkt und Strich."
    if profile.file.header < 1:
        yield "header ist die Nummer der Zeile mit den Spaltennamen, von 1 an."
    if profile.file.delimiter is not None and len(profile.file.delimiter) != 1:
        yield "delimiter ist genau ein Zeichen."
    if profile.file.encoding is not None and not _is_encoding(profile.file.encoding):
        yield f"Die Zeichenkodierung {shown(profile.file.encoding)} gibt es nicht."
    if (fields := profile.file.fields) is not None:
        yield from _of_fields(fields, needed(profile))
    for one in profile.fact:
        yield from _of_fact(one)


def _of_fields(fields: Fields, wanted: Sequence[str]) -> Iterator[str]:
    if not fields.record or not fields.names:
        yield "file.fields braucht in record und in names mindestens einen Eintrag."
    for name in wanted:
        if name not in fields.head:
            yield f"file.fields gibt keine Spalte {shown(name)}.{nearest(name, fields.head)}"


def _is_encoding(name: str) -> bool:
    try:
        return isinstance("ä".encode(name), bytes)
    except (LookupError, UnicodeError):
        return False


def _of_fact(one: Given) -> Iterator[str]:
    if one.fact not in FACTS:
        yield f"Einen Eintrag {shown(one.fact)} gibt es nicht.{nearest(one.fact, FACTS)}"
        return
    about = [stream for stream in ABOUT if getattr(one, stream.value)]
    if len(about) != 1 or not one.on:
        yield f"{one.fact} braucht on und genau eines von case, person und unit."
    elif not envelope.belongs(one.fact, about[0]):
        yield f"{one.fact} kann nicht zu {about[0].value} gehören."
    known = field_types(one.fact)
    told = dict(one.told())
    for name, kind in known.items():
        if kind.required and name not in told:
            yield f"{one.fact} braucht {name}."
    for name, said in told.items():
        if name not in known:
            yield f"{one.fact} hat kein Feld {shown(name)}.{nearest(name, known)}"
        else:
            yield from _of_field(f"{one.fact}.{name}", said, words(known[name].type))


def _of_field(name: str, told: Told, closed: Sequence[object]) -> Iterator[str]:
    if (told.column is None) == (told.value is None):
        yield f"{name} braucht entweder column oder value."
    said = [*(told.values or {}).values(), *(one for one in (told.value, told.default) if one is not None)]
    for word in dict.fromkeys(str(one) for one in said if closed and one not in closed):
        yield f"{name} kann nicht {shown(word)} sein.{nearest(word, map(str, closed))}"


def words(kind: mi.Type) -> tuple[object, ...]:
    """The words of a closed list; none for every other type."""
    match kind:
        case mi.LiteralType(values=values):
            return tuple(values)
        case mi.UnionType(types=types):
            return tuple(word for one in types for word in words(one))
        case mi.Metadata(type=inner):
            return words(inner)
        case mi.ListType(item_type=inner):
            return words(inner)
    return ()
