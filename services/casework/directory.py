"""The desk of the directory: one person proposes a unit, a person or a role, another confirms or refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

from msgspec import structs

from domain.actions import Action
from domain.decisions import directory as decisions
from domain.decisions.directory import Change, Named
from domain.decisions.refusal import Refused
from domain.directory import Dated, Said
from domain.facts import Fact, Stream
from domain.facts.office import DirectoryProposed
from domain.knowledge import Known, known
from domain.proposals import Proposal, proposals
from domain.records import Entry
from notifications import addresses
from services.casework.proposals import admitted, append, whole
from services.people import directory
from services.questions import cases, unattended
from services.records import numbering
from services.records.rulebook import DIRECTORY

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from services.office.office import Office, Transaction

NAMES = {"name": "proposed name", "mail": "proposed mail"}
"""A field of who is to be added -> under which it lies until somebody has confirmed it: nobody reads it elsewhere."""


class Wish(NamedTuple):
    """What shall change from a day on; persons of the fact by id, `names` those of a person who is added."""

    fact: DirectoryProposed
    on: dt.date
    names: Mapping[str, str]


def propose(office: Office, wish: Wish, person: str) -> None:
    """Keeps the proposal of a person (directory key). Raises `Refused` with the fields of the fact, and `Forbidden`."""
    with office.write() as tx:
        key = tx.store.open_stream(tx.conn, Stream.OFFICE, DIRECTORY)
        id = admitted(tx, person, Action.PROPOSE_DIRECTORY)
        _check_whole(wish)
        there = whole(tx, key)
        change = seen(tx, wish)
        append(tx, key, there, decisions.propose(known(there), change, (person, id), tx.today))
        if change.person and wish.names:
            whole_names = {field: wish.names.get(field, "") for field in NAMES}  # of an earlier one nothing stays
            tx.office.vault.put_names(tx.conn, UUID(hex=change.person), _proposed(whole_names))


def decide(office: Office, ref: str, granted: bool, reason: str, person: str) -> None:
    """Keeps what a person (directory key) has decided about a proposal, and what it changes in the directory.

    Raises `Refused` and `Forbidden`.
    """
    with office.write() as tx:
        key = tx.store.open_stream(tx.conn, Stream.OFFICE, DIRECTORY)
        id = admitted(tx, person, Action.CONFIRM_DIRECTORY)
        there = whole(tx, key)
        found, decided = decisions.decide(known(there), ref, granted, reason, (person, id), tx.today)
        wish = _named(tx, cast(DirectoryProposed, found.made.fact), found.made.on)
        change = seen(tx, wish)
        if granted:
            _record(tx, wish, change, tx.store.number(tx.conn, UUID(hex=found.made.by)))
        if change.person and wish.names and _is_latest(found, known(there)):
            tx.office.vault.put_names(tx.conn, UUID(hex=change.person), _proposed(dict.fromkeys(wish.names, "")))
        append(tx, key, there, [decided])


def _is_latest(one: Proposal, there: Iterable[Known]) -> bool:
    """Whether the names that lie in the vault are those of this proposal: somebody may have made another since."""

    def about(other: Proposal) -> tuple[str, str | None]:
        fact = cast(DirectoryProposed, other.made.fact)
        return fact.becomes, fact.person

    latest = next(other for other in proposals(there, DirectoryProposed) if about(other) == about(one))
    return latest.made.ref == one.made.ref


def suggest(tx: Transaction, person: str, named: Iterable[Named]) -> None:
    """Keeps which roles the provider's groups give somebody (directory key) beside those of the directory."""
    organisation = directory.organisation(tx)
    named = decisions.lacked(organisation, person, named, tx.today)
    if not named:  # nearly always: a log-in waits for nobody who proposes
        return
    key = tx.store.open_stream(tx.conn, Stream.OFFICE, DIRECTORY)
    there = whole(tx, key)
    whom = person, tx.store.number(tx.conn, UUID(hex=person))
    entries = decisions.suggest(known(there), organisation, whom, named, tx.today)
    if entries:
        append(tx, key, there, entries)


def seen(tx: Transaction, wish: Wish) -> Change:
    """What the wish would change, in a transaction that holds what it is about."""
    fact, person = wish.fact, None
    before = directory.organisation(tx)
    said = [Said(wish.on, one) for one in decisions.facts(fact, **{"name": "-", **wish.names})]
    key = _key(tx, fact)
    if key is None:
        return Change(fact, wish.on, None, before, before)
    tx.store.lock(tx.conn, key)
    facts: list[Dated] = [*known(tx.store.records(tx.conn, key), None), *said]
    if fact.becomes in ("unit-opened", "unit-closed"):
        after = before.instead({}, {fact.unit or "": facts})
        inside = [one for one in cases.places(tx.conn) if one[0] == fact.unit]
        lying = unattended.open_in(tx.conn, inside, tx.today)
        return Change(fact, wish.on, None, before, after, lying)
    person = key.hex
    return Change(fact, wish.on, person, before, before.with_person(person, facts))


def _key(tx: Transaction, fact: DirectoryProposed) -> UUID | None:
    """The stream the fact is about, opened where it begins one."""
    stream, number = (Stream.PERSON, fact.person) if fact.becomes in _OF_PERSONS else (Stream.UNIT, fact.unit)
    if not number:
        return None
    if fact.becomes in ("person-added", "unit-opened"):
        return tx.store.open_stream(tx.conn, stream, number)
    return tx.store.key(tx.conn, stream, number)


_OF_PERSONS = ("person-added", "person-left", "role-assigned", "role-ended")


def _check_whole(wish: Wish) -> None:
    fact = wish.fact
    wrong = list(decisions.lacking(fact, wish.names))
    wrong += [("mail", said) for mail in [wish.names.get("mail")] if mail for said in addresses.wrong(mail)]
    new = {"person-added": ("person", Stream.PERSON, fact.person), "unit-opened": ("unit", Stream.UNIT, fact.unit)}
    if fact.becomes in new:
        field, stream, number = new[fact.becomes]
        wrong += [(field, said) for said in [numbering.wrong(stream, number or "")] if said]
    if wrong:
        raise Refused(wrong)


def _named(tx: Transaction, fact: DirectoryProposed, on: dt.date) -> Wish:
    """A proposal as it was made: the person by id, with the names that lie in the vault."""
    if fact.person is None:
        return Wish(fact, on, {})
    key = UUID(hex=fact.person)
    names = _lying(tx, [key]).get(key, {}) if fact.becomes == "person-added" else {}
    return Wish(structs.replace(fact, person=tx.store.number(tx.conn, key)), on, names)


class Newcomer(NamedTuple):
    """Who is to be added or was: id, name and mail address as they wait for a second person, or as they count."""

    id: str
    name: str
    mail: str


def newcomers(tx: Transaction, persons: Iterable[str]) -> dict[str, Newcomer]:
    """What two persons say or have said of these persons (directory keys); for who may decide about it alone."""
    keys = [UUID(hex=one) for one in persons]
    numbers = tx.store.numbers(tx.conn, keys)
    found = tx.office.vault.fields(tx.conn, keys, [*NAMES, *NAMES.values()])
    said = {key: [lies.get(NAMES[one]) or lies.get(one, "") for one in NAMES] for key, lies in found.items()}
    return {key.hex: Newcomer(numbers.get(key, ""), *said.get(key, ("", ""))) for key in keys}


def _lying(tx: Transaction, keys: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    found = tx.office.vault.fields(tx.conn, keys, list(NAMES.values()))
    lying = {key: {one: lies[NAMES[one]] for one in NAMES if lies.get(NAMES[one])} for key, lies in found.items()}
    return {key: names for key, names in lying.items() if names}


def _proposed(names: Mapping[str, str]) -> dict[str, str]:
    return {NAMES[field]: text for field, text in names.items()}


def _record(tx: Transaction, wish: Wish, change: Change, by: str) -> None:
    """What was proposed becomes part of the directory, unless something has come in its way meanwhile."""
    if wish.fact.becomes == "person-added" and not wish.names.get("name"):
        raise Refused([("", "Der Name zu diesem Vorschlag ist nicht mehr da; bitte neu vorschlagen.")])
    if wrong := list(decisions.reasons(change)):
        raise Refused([("", " ".join(sentence for _, sentence in wrong))])
    key = _key(tx, wish.fact)
    assert key is not None
    facts: list[Fact] = decisions.facts(wish.fact, **_of_person(wish))
    tx.store.append(tx.conn, key, [Entry(on=wish.on, fact=fact, by=by) for fact in facts], tx.now)


def _of_person(wish: Wish) -> dict[str, Any]:
    return {field: wish.names.get(field) or None for field in NAMES} if wish.names else {}


def proposed(tx: Transaction) -> list[Known]:
    """All that was proposed for the directory and decided about that, persons as directory keys."""
    key = tx.store.key(tx.conn, Stream.OFFICE, DIRECTORY)
    return [] if key is None else known(tx.store.read(tx.store.whole(tx.conn, key), {}))
