"""What a fact is made of: its marked field types, what it says about itself, and the register of all facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, structs

from domain.actions import Action

CODE_LENGTH = 128
TEXT_LENGTH = 16_000


class Mark(StrEnum):
    """How a text field is kept: what the case's key must protect and what may stand in clear."""

    TEXT = "text"  # free text about a person: encrypted, null in exports
    THING = "thing"  # id of an appointment, job, measure or request in the source: a keyed reference in clear
    PERSON = "person"  # id of a member of staff: a directory key in clear
    TARGET = "target"  # id of another fact: its reference in clear
    NAME = "name"  # name, address or birth date of a client or of a member of staff: kept in the vault
    TRAIT = "trait"  # what describes the person or was done elsewhere, and nothing is computed with: encrypted
    CODE = "code"  # a code or unit: says nothing about a person


Text = Annotated[str, Meta(max_length=TEXT_LENGTH, extra={"mark": Mark.TEXT})]
Thing = Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.THING})]
PersonId = Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.PERSON})]
FactId = Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.TARGET})]
Name = Annotated[str, Meta(max_length=CODE_LENGTH, extra={"mark": Mark.NAME})]
DAY_SHAPE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"  # of a day that is kept as a name: it, too, may be left out
NamedDay = Annotated[str, Meta(max_length=CODE_LENGTH, extra={"mark": Mark.NAME, "shape": DAY_SHAPE})]
Code = Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.CODE})]
TIME_SHAPE = r"([01][0-9]|2[0-3]):[0-5][0-9]"
RULE_SHAPE, CODE_SHAPE = r"R-[0-9]{2}[a-z]?", r"[\w./-]{1,32}"  # of what is recorded now; what stands is read as it is
RuleCode = Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.CODE, "shape": RULE_SHAPE})]
Time = Annotated[  # of day, HH:MM, local
    str, Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.CODE, "shape": TIME_SHAPE})
]
OwnCode = Annotated[  # a code the office itself gives, such as that of a team: never a sentence
    str, Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.CODE, "shape": CODE_SHAPE})
]
TRAIT = Meta(extra={"mark": Mark.TRAIT})
LISTED = Meta(extra={"mark": Mark.TRAIT, "in rows": True})  # a trait that lists may read (Fachkonzept 8 no. 13)
TEXTS = Meta(extra={"mark": Mark.TEXT})  # of a list of texts
TraitCode = Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.TRAIT})]
OFFICE_CODE = Meta(extra={"mark": Mark.TRAIT, "in rows": "listed"})  # in rows if the office lists the code
Cents = Annotated[int, Meta(ge=0, le=1_000_000_000, extra={"cents": True})]  # typed and shown in Euro
ListedCode = Annotated[
    str, Meta(min_length=1, max_length=CODE_LENGTH), OFFICE_CODE
]  # in rows only if the office lists it


def choice(codes: Mapping[str, str]) -> Meta:
    """One of these codes, sealed. A `Literal` would have no word for a required one that may not be read."""
    return Meta(min_length=1, max_length=CODE_LENGTH, extra={"mark": Mark.TRAIT, "shape": "|".join(codes)})


def choices(shape: str) -> list[str]:
    """The codes of a shape that names them one by one; of any other shape none."""
    codes = shape.split("|")
    return codes if len(codes) > 1 and all(code.replace("-", "").isalnum() for code in codes) else []


class Fact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The data of one fact. `late_reason` says why it was written down long after its day (Fachkonzept 2.0)."""

    late_reason: Text | None = None


class Stream(StrEnum):
    """Whose history a fact belongs to; the key that names it in a line of the fact format."""

    CASE = "case"
    PERSON = "person"
    UNIT = "unit"
    OFFICE = "office"  # its settings; the key is what they are about, "rules"


class Lane(StrEnum):
    """A track of the timeline: what a fact begins, ends or marks, day by day (Fachkonzept 6.1)."""

    STRATEGY = "strategy"
    BAR = "bar"
    FIELD = "field"
    OTHER_BAR = "other-bar"
    CARE = "care"
    BENEFIT = "benefit"
    ALG1 = "alg1"
    JOB = "job"
    MEASURE = "measure"
    EXTENSION = "extension"
    PAUSE = "pause"
    HANDOVER = "handover"
    APPOINTMENT = "appointment"
    CASE = "case"
    CONTACT = "contact"
    REVIEW = "review"
    STATEMENT = "statement"
    OWN = "own-follow-up"
    SUPPORT = "support"
    AGENCY = "agency"  # what the Agentur für Arbeit decides and pays
    DUTY = "duty"  # duties of the client, and what follows when they are not kept
    DOCUMENTATION = "documentation"
    WISH = "wish"
    RESOURCE = "resource"
    NEED = "need"  # § 16a SGB II: of its facts rows hold no field (Fachkonzept 8 no. 13)


class Beside(StrEnum):
    """Why a fact stands on no lane of the timeline."""

    SHOWN_ONLY = "shown only"  # a list shows it; no rule and no question reads it
    ABOUT_FACTS = "about facts"  # corrects or withdraws others


class Group(StrEnum):
    """The headings under which entries are offered, in this order."""

    CONTACT = "Kontakt"
    STRATEGY = "Strategie"
    BENEFIT = "Leistung und ALG I"
    WORK = "Beschäftigung und Maßnahmen"
    AIM = "Wunsch, Ressourcen, Vereinbarung"
    DUTY = "Mitwirkung"
    NEED = "Bedarfe nach § 16a SGB II"
    DOCUMENTATION = "Dokumentation"
    CASE = "Fall"


class Form(NamedTuple):
    """How a fact is entered by hand.

    `button`: what a button of its own in the case says, for the frequent ones. `option`: the option of rules that is
    answered by entering it, `link` what the message says then. `rank`: the place among those entered most, 0 for none
    of them. `apart`: fields no person fills in. `says`: fields that the form itself says. `codes`: of fields that hold
    a code, those to choose from. `also`: further words by which it is found.
    """

    group: Group
    button: str = ""
    option: str = ""
    link: str = ""
    rank: int = 0
    apart: tuple[str, ...] = ()
    says: Mapping[str, str] = MappingProxyType({})
    codes: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    also: str = ""


class Declaration(Struct, frozen=True, kw_only=True):
    """All parts must be said. The fields of a fact are shown and asked for in the order of its struct.

    `german`: its name. `day`: what its day is called. `lane`: where on the timeline it stands. `thing`: the field with
    the id of what it is about; none: the case itself. `begins`: it starts something on its lane, about that thing.
    `ends`: the fact whose beginning it ends or answers. `ahead`: a plan or a known end, whose day may lie ahead
    (Fachkonzept 2.0). `action`: what one must be allowed to do to record it. `form`: none where a dialogue or a form of
    its own writes it. `by_law`: its name with what the law calls otherwise by the day in braces (domain.law), if any.
    """

    german: str
    day: str
    lane: Lane | Beside
    thing: str | None
    begins: bool
    ends: type[Fact] | None
    ahead: bool
    action: Action
    form: Form | None
    by_law: str = ""


F = TypeVar("F", bound=type[Fact])
Elsewhere = Literal[Stream.PERSON, Stream.UNIT, Stream.OFFICE]  # whose facts have no lane and no form yet
Fields = dict[str, Any]
Upcast = Callable[[Fields], Fields]

FACTS: dict[str, type[Fact]] = {}
FIELD_WORDS: dict[str, str] = {}
CODE_WORDS: dict[str, str] = {}
_NAMES: dict[type[Fact], str] = {}
_STREAMS: dict[str, Stream] = {}
_DECLARED: dict[str, Declaration] = {}
_SCHEMA_VERSIONS: dict[str, int] = {}
_UPCASTS: dict[tuple[str, int], Upcast] = {}


def stored(name: str, about: Declaration | Elsewhere, version: int = 1) -> Callable[[F], F]:
    """Registers a fact under the name it is stored with; the name never follows the class and is never renamed.

    `about`: what the fact means in a case, or whose history else it belongs to.
    """

    def register(kind: F) -> F:
        if name in FACTS:
            raise ValueError(f"stored name used twice: {name}")
        FACTS[name] = kind
        _NAMES[kind] = name
        if isinstance(about, Stream):
            _STREAMS[name] = about
        else:
            _STREAMS[name], _DECLARED[name] = Stream.CASE, about
        _SCHEMA_VERSIONS[name] = version
        return kind

    return register


def name_of(fact: Fact) -> str:
    """The stored name of a fact."""
    return _NAMES[type(fact)]


def stream_of(name: str) -> Stream:
    """Whose history a stored name belongs to."""
    return _STREAMS[name]


def declared(name: str) -> Declaration:
    """What a fact of a case says about itself. KeyError for facts of other streams."""
    return _DECLARED[name]


def worded(*, fields: Mapping[str, str], codes: Mapping[str, str]) -> None:
    """Registers the German words of fields and codes; each module of facts says those it brings in.

    A field that one fact alone calls otherwise is said as `fact.field`, beside the word for all.
    Raises ValueError if another module has another word for the same: a page shows them without their fact.
    """
    for register, words in ((FIELD_WORDS, fields), (CODE_WORDS, codes)):
        for key, word in words.items():
            if register.setdefault(key, word) != word:
                raise ValueError(f"two words for {key}: {register[key]}, {word}")


def schema_version(name: str) -> int:
    """The version of the fields that new records of this fact are written with."""
    return _SCHEMA_VERSIONS[name]


def upcast(name: str, version: int) -> Callable[[Upcast], Upcast]:
    """Registers how the fields of a record stored with `version` become those of the next one.

    A pure function from fields to fields; texts and names are "" where only the structure in clear is read.
    """

    def register(lift: Upcast) -> Upcast:
        _UPCASTS[name, version] = lift
        return lift

    return register


def lifted(name: str, version: int, fields: Fields) -> Fields:
    """The fields of a record of an old version as today's. KeyError if a step between is missing."""
    for at in range(version, schema_version(name)):
        fields = _UPCASTS[name, at](fields)
    return fields


def lifted_changes(name: str, version: int, fields: Fields, changes: Fields) -> Fields:
    """Changes of a record of an old version, in the names of any version since, as changes of today's fields."""
    today = {field.encode_name for field in structs.fields(FACTS[name])}
    former = {key: value for key, value in changes.items() if key not in today}
    before, after = fields, fields
    for at in range(version, schema_version(name)):
        before, after = _UPCASTS[name, at](before), _UPCASTS[name, at](after | former)
    moved = {key: after.get(key) for key in today if before.get(key) != after.get(key)}
    return moved | {key: value for key, value in changes.items() if key in today}


@cache
def marks(name: str) -> dict[str, Mark]:
    """The marked fields of a stored name: field -> how it is kept. What has no mark says nothing about a person."""
    hints = get_type_hints(FACTS[name], include_extras=True)
    return {field: mark for field, hint in hints.items() if (mark := _mark(hint)) is not None}


@cache
def marked_anywhere(mark: Mark) -> frozenset[str]:
    """The field names that carry a mark in any fact; for a correction, whose target may not be there yet."""
    return frozenset(field for name in FACTS for field, found in marks(name).items() if found is mark)


@cache
def named_days(name: str) -> frozenset[str]:
    """The fields of a stored name that hold a day and are kept as a name."""
    hints = get_type_hints(FACTS[name], include_extras=True)
    return frozenset(field for field, hint in hints.items() if _extra(hint).get("shape") == DAY_SHAPE)


@cache
def cents(name: str) -> frozenset[str]:
    """The fields of a stored name that hold an amount of money, in cents."""
    hints = get_type_hints(FACTS[name], include_extras=True)
    metas = {
        field: [meta for part in (hint, *get_args(hint)) for meta in getattr(part, "__metadata__", ())]
        for field, hint in hints.items()
    }
    return frozenset(
        field
        for field, found in metas.items()
        if any(isinstance(one, Meta) and (one.extra or {}).get("cents") for one in found)
    )


@cache
def in_rows(name: str) -> frozenset[str]:
    """The fields of a stored name that rows read by lists may hold in clear (Fachkonzept 8 no. 13).

    Never a text, a name, a trait unless it is listed, what a correction changes, or anything about a need.
    """
    if name in _DECLARED and _DECLARED[name].lane is Lane.NEED:
        return frozenset()
    hints = get_type_hints(FACTS[name], include_extras=True)
    shown = {field for field, hint in hints.items() if _mark(hint) not in _HIDDEN or _extra(hint).get("in rows")}
    return frozenset(field for field in shown if dict not in {get_origin(part) for part in get_args(hints[field])})


def listed_only(name: str) -> frozenset[str]:
    """Of these fields those that rows may hold only where their code is on a list of the office."""
    hints = get_type_hints(FACTS[name], include_extras=True)
    return frozenset(field for field, hint in hints.items() if _extra(hint).get("in rows") == "listed")


_HIDDEN = (Mark.TEXT, Mark.NAME, Mark.TRAIT)


def _mark(hint: Any) -> Mark | None:
    mark = _extra(hint).get("mark")
    return None if mark is None else Mark(mark)


def _extra(hint: Any) -> dict[str, Any]:
    for part in (hint, *get_args(hint)):
        for meta in getattr(part, "__metadata__", ()):
            if isinstance(meta, Meta) and meta.extra and "mark" in meta.extra:
                return meta.extra
    return {}
