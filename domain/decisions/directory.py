"""Units, people and roles by two persons: what may be proposed, and nobody decides for themselves (Fachkonzept 1.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from msgspec import structs

from domain import proposals, words
from domain.attendance import lacks
from domain.decisions.refusal import Refused
from domain.decisions.settings import SOURCE, sentence, settle
from domain.facts import Fact
from domain.facts.directory import Role, UnitOpened
from domain.facts.office import DirectoryProposed
from domain.knowledge import Known
from domain.organisation import Organisation
from domain.periods import DAY, OPEN, Period
from domain.permissions import DESKS, WORKERS
from domain.proposals import Outcome
from domain.records import Entry

OF_A_UNIT = WORKERS | DESKS | {"team_lead", "unit_lead"}
PROVIDER = "rule:anmeldedienst"  # who "proposes" what the groups of the log-in say
Named = tuple[str, str, str | None]  # a group, and the role and unit it stands for
ENDS = ("unit-closed", "person-left", "role-ended")  # the day is the last one
OWN = "Über eigene Rollen entscheiden zwei andere Personen. Bitte jemand anderen aus der EDV darum bitten."
IN_ITSELF = "„{}“ läge damit in sich selbst. Bitte eine andere übergeordnete Einheit wählen."
NOT_THERE = "Diese Person steht an diesem Tag nicht im Verzeichnis."
NO_PERSON = "Eine Person „{}“ gibt es nicht."
NO_UNIT = "Eine Einheit „{}“ gibt es an diesem Tag nicht."
Reasons = Iterator[tuple[str, str]]


class Change(NamedTuple):
    """A change of the directory: the facts it records, the directory before and after, and what stands in its way.

    `person` is the directory key of who it is about; `open_cases`: how many lie in the unit that is to be closed.
    """

    fact: DirectoryProposed
    on: dt.date
    person: str | None
    before: Organisation
    after: Organisation
    open_cases: int = 0

    @property
    def since(self) -> dt.date:
        """The first day on which it is otherwise."""
        return self.on + DAY if self.fact.becomes in ENDS else self.on


def facts(fact: DirectoryProposed, **names: str | None) -> list[Fact]:
    """What is recorded of the person or unit; `names`: name and mail of a person who is added."""
    if fact.becomes != "person-added":
        return [proposals.becomes(fact)]
    role = [proposals.becomes(structs.replace(fact, becomes="role-assigned"))] if fact.role else []
    return [proposals.becomes(fact, **names), *role]


def propose(made: Sequence[Known], change: Change, by: tuple[str, str], today: dt.date) -> list[Entry]:
    """The proposal of a person (directory key and id). `made`: what was proposed before. Raises `Refused`."""
    source = sentence("source", change.fact.source, "Bitte sagen, worauf sich das stützt,", SOURCE)
    wrong = [*_day(change.on, today), *source]
    wrong += [*_own(change.person, by[0]), *reasons(change)]
    wrong += [] if wrong else _waiting(made, change, today)
    if wrong:
        raise Refused(wrong)
    return [Entry(on=change.on, fact=change.fact, by=by[1])]


def suggest(
    made: Sequence[Known], organisation: Organisation, person: tuple[str, str], roles: Iterable[Named], today: dt.date
) -> list[Entry]:
    """What the provider's groups give somebody (directory key and id) and the directory does not, each said once.

    It counts nowhere: EDV takes it up as a proposal of their own, or refuses it, and it is not said again.
    """
    key, id = person
    said = {_role_of(cast(DirectoryProposed, one.made.fact)) for one in suggested(made, decided=True)}
    found: dict[tuple[str | None, ...], Entry] = {}
    for group, role, unit in lacked(organisation, key, roles, today):
        if (key, role, unit) not in said:
            source = f"Gruppe „{group[:200]}“ beim Anmeldedienst"
            fact = DirectoryProposed(
                becomes="role-assigned", source=source, person=id, role=cast(Role, role), unit=unit
            )
            found.setdefault((key, role, unit), Entry(on=today, fact=fact, by=PROVIDER))
    return list(found.values())


def lacked(organisation: Organisation, person: str, roles: Iterable[Named], today: dt.date) -> list[Named]:
    """Those of the roles that groups give somebody (directory key) that the directory does not give them today."""
    held = {(one.role, one.unit) for one in organisation.roles(person, today)}
    there = held | {(role, None) for role, _ in held}
    return [one for one in roles if one[1:] not in there]


def suggested(made: Sequence[Known], *, decided: bool = False) -> list[proposals.Proposal]:
    """What the provider's groups say; `decided`: also what was refused or, by a proposal, taken up."""
    every = proposals.proposals(made, DirectoryProposed)
    taken = {_role_of(cast(DirectoryProposed, one.made.fact)) for one in every if one.made.by != PROVIDER}
    found = [one for one in every if one.made.by == PROVIDER]
    if decided:
        return found
    left = [one for one in found if one.decided is None]
    return [one for one in left if _role_of(cast(DirectoryProposed, one.made.fact)) not in taken]


def _role_of(fact: DirectoryProposed) -> tuple[str | None, ...]:
    return fact.person, fact.role, fact.unit


def decide(
    made: Sequence[Known], ref: str, granted: bool, reason: str, by: tuple[str, str], today: dt.date
) -> tuple[proposals.Proposal, Entry]:
    """A proposal, and the decision about it; the person it is about may only refuse it. Raises `Refused`."""
    every = proposals.proposals(made, DirectoryProposed)
    if granted and any(one.made.ref == ref and one.made.by == PROVIDER for one in every):
        raise Refused([("", "Was der Anmeldedienst nennt, schlägt zuerst jemand aus der EDV vor.")])
    found, decided = settle(every, ref, granted, reason, by, today)
    wrong = list(_own(cast(DirectoryProposed, found.made.fact).person, by[0])) if granted else []
    if wrong:
        raise Refused(wrong)
    return found, decided


def lacking(fact: DirectoryProposed, names: Mapping[str, str]) -> Reasons:
    """What a wish does not say; only one that lacks nothing is a change. `names`: of a person who is added."""
    if fact.becomes == "unit-opened" and not (fact.name or "").strip():
        yield "name", "Bitte den Namen der Einheit angeben."
    if fact.becomes == "person-added" and not names.get("name", "").strip():
        yield "name", "Bitte den Namen der Person angeben."
    if fact.becomes in ("role-assigned", "role-ended") and not fact.role:
        yield "role", "Bitte eine Rolle wählen."


def reasons(change: Change) -> Reasons:
    """What speaks against a change, whoever wants it: (field, German sentence)."""
    wrong = list(_OF[change.fact.becomes](change))
    yield from wrong or (("", one.sentence) for one in lacks(change.before, change.after, change.since))


def _own(person: str | None, by: str) -> Reasons:
    if person == by:
        yield "person", OWN


def _day(on: dt.date, today: dt.date) -> Reasons:
    if on < today:
        said = "Was an vergangenen Tagen galt, bleibt stehen. Bitte heute oder einen späteren Tag angeben."
        yield "on", f"{words.day(on)} ist vorbei. {said}"


def _waiting(made: Sequence[Known], change: Change, today: dt.date) -> list[tuple[str, str]]:
    about = _about(structs.replace(change.fact, person=change.person))
    for one in proposals.proposals(made, DirectoryProposed):
        if one.made.by == PROVIDER:
            continue
        if one.outcome(today) is Outcome.OPEN and _about(cast(DirectoryProposed, one.made.fact)) == about:
            return [("", "Dazu liegt schon ein Vorschlag vor. Bitte zuerst über ihn entscheiden.")]
    return []


def _about(fact: DirectoryProposed) -> tuple[str | None, ...]:
    if fact.becomes == "person-added":  # whatever role comes with it: a person has one name
        return fact.becomes, fact.person
    if fact.becomes == "unit-opened":
        return fact.becomes, fact.unit
    return fact.becomes, fact.person, fact.unit, fact.role, fact.area, fact.team


# --- units ---


def _opened(change: Change) -> Reasons:
    fact, on, code = change.fact, change.on, change.fact.unit or ""
    if change.before.unit(code, on):
        yield "unit", f"Die Einheit „{code[:40]}“ gibt es an diesem Tag schon."
    if fact.previous and (fact.previous == code or not change.before.has_unit(fact.previous)):
        yield "previous", f"Eine andere Einheit „{fact.previous[:40]}“, die fortgeführt werden kann, gibt es nicht."
    if fact.parent and fact.parent != code and not change.before.unit(fact.parent, on):
        yield "parent", NO_UNIT.format(fact.parent[:40])
    elif fact.parent and in_circle(change.after, code, on):
        yield "parent", IN_ITSELF.format(code[:40])
    yield from carries_on(change.before, code, fact, on)


def carries_on(organisation: Organisation, code: str, said: UnitOpened | DirectoryProposed, on: dt.date) -> Reasons:
    """Why a new unit cannot carry on the one it names: cases and roles go to one unit, and not to one within itself."""
    if not said.previous or said.previous == code:
        return
    if said.parent == said.previous:
        yield "parent", f"„{code[:40]}“ kann nicht in der Einheit liegen, die sie fortführt. Bitte eine andere wählen."
    others = [one for one in organisation.followers(said.previous, on) if one != code]
    if others:
        what = f"{said.previous[:40]} wird schon von {others[0]} fortgeführt"
        yield "previous", f"{what}; Fälle und Rollen gehen an eine einzige Einheit. Bitte „Führt fort“ weglassen."


def in_circle(organisation: Organisation, code: str, day: dt.date) -> bool:
    """Whether a unit lies in itself on a day, over however many others."""
    asked, unit = {code}, organisation.unit(code, day)
    while unit is not None and unit.parent is not None:
        if unit.parent in asked:
            return True
        asked.add(unit.parent)
        unit = organisation.unit(unit.parent, day)
    return False


def _closed(change: Change) -> Reasons:
    code, on, after = change.fact.unit or "", change.on, change.after
    if not change.before.unit(code, on):
        yield "unit", NO_UNIT.format(code[:40])
    elif after.current(code, on + DAY) == code:
        yield from (("unit", said) for said in left_in(after, code, on, change.open_cases))


def left_in(after: Organisation, code: str, last: dt.date, open_cases: int) -> Iterator[str]:
    """What would be left after its last day in a closed unit that no other continues."""
    day = last + DAY
    instead = "Bitte vorher umziehen lassen oder eine Einheit eröffnen, die sie fortführt."
    if open_cases:
        lie = "liegt noch 1 laufender Fall" if open_cases == 1 else f"liegen noch {open_cases} laufende Fälle"
        yield f"In {code} {lie}. {instead}"
    elif any(held.unit == code for one in after.persons(day) for held in after.roles(one, day)):
        yield f"In {code} arbeiten am {words.day(day)} noch Personen. {instead}"
    elif any(unit.parent == code for unit in after.units(day)):
        yield f"In {code} liegen am {words.day(day)} noch Einheiten. {instead}"


# --- people and roles ---


def _added(change: Change) -> Reasons:
    if change.person and change.before.employed(change.person, change.on):
        yield "person", "Diese Person steht an diesem Tag schon im Verzeichnis."
    elif change.fact.role:
        yield from _place(change)


def _left(change: Change) -> Reasons:
    if not change.person or not change.before.employed(change.person, change.on):
        yield "person", NOT_THERE


def _assigned(change: Change) -> Reasons:
    yield from _left(change)
    if _held(change):
        yield "role", "Diese Rolle hat die Person dort an diesem Tag schon."
    else:
        yield from _place(change)


def _ended(change: Change) -> Reasons:
    yield from _left(change)
    if not any(period.last == OPEN for period in _held(change)):
        yield "role", "Diese Rolle hat die Person dort an diesem Tag nicht, oder sie endet schon."


def _held(change: Change) -> list[Period]:
    fact = change.fact
    there = change.before.roles(change.person or "", change.on)
    about = (fact.role, fact.unit, fact.area, fact.team)
    return [held.period for held in there if (held.role, held.unit, held.area, held.team) == about]


def _place(change: Change) -> Reasons:
    fact = change.fact
    if fact.unit and not change.before.unit(fact.unit, change.on):
        yield "unit", NO_UNIT.format(fact.unit[:40])
    elif not fact.unit and fact.role in OF_A_UNIT:
        yield "unit", "Diese Rolle gilt in einer Einheit. Bitte eine wählen."
    if fact.team and not fact.unit:
        yield "team", "Ein Team gehört zu einer Einheit. Bitte eine wählen."


_OF = {
    "unit-opened": _opened,
    "unit-closed": _closed,
    "person-added": _added,
    "person-left": _left,
    "role-assigned": _assigned,
    "role-ended": _ended,
}
