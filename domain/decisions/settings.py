"""Settings of the office by two persons: one proposes, another confirms or refuses with a sentence (Fachkonzept 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from msgspec import structs

from domain import grounds, proposals, words
from domain import settings as office
from domain.decisions.refusal import Refused
from domain.facts import Fact
from domain.facts.office import OfficeSet, ProposalDecided, RuleSet, SettingProposed, TextSet, ThresholdSet
from domain.knowledge import Known
from domain.office.setting import ONE, value
from domain.organisation import Organisation
from domain.proposals import Outcome, Proposal, place
from domain.records import Entry
from domain.rules import RULES

SOURCE, REASON, LONGEST = 4, 10, 2_000  # characters a source ("DA 7") and a reason have at least, and at most
GONE = "Diesen Vorschlag gibt es nicht."


def propose(
    settings: Sequence[Known], fact: SettingProposed, on: dt.date, by: str, today: dt.date, units: Collection[str]
) -> list[Entry]:
    """The proposal of a person (id) that this shall hold from a day on. Raises `Refused`.

    `settings`: all that is known of the office. `units`: those there are on the day.
    """
    if misfits := list(proposals.misfits(fact)):
        raise Refused(misfits)
    setting = proposals.becomes(fact, approved_by=by)
    wrong = [*_day(fact, on, today), *sentence("source", fact.source, "Bitte sagen, worauf sich das stützt,", SOURCE)]
    if fact.published is not None and fact.published > today:
        wrong.append(("published", "Der Tag der Veröffentlichung liegt noch vor uns."))
    wrong += [*_unit(fact, units), *_sense(setting, on), *grounds.reasons(setting, on)]
    if not wrong:
        wrong = [*_already(settings, fact, setting, on, today), *_contradicted(settings, setting, on)]
    if wrong:
        raise Refused(wrong)
    return [Entry(on=on, fact=fact, by=by)]


def decide(
    settings: Sequence[Known],
    ref: str,
    granted: bool,
    reason: str,
    by: tuple[str, str],
    today: dt.date,
    units: Organisation,
) -> list[Entry]:
    """The decision of a person (directory key and id) about a proposal, with the setting if it is granted.

    What is granted is checked again: a unit may be closed meanwhile, a value changed. Persons of `settings` are
    directory keys. Raises `Refused`.
    """
    found, decided = settle(proposals.proposals(settings), ref, granted, reason, by, today)
    if not granted:
        return [decided]
    setting, on = proposals.becomes(found.fact, approved_by=by[1]), found.made.on
    there = {unit.code for unit in units.units(on)}
    wrong = [*_overtaken(settings, found), *_unit(found.fact, there), *_sense(setting, on)]
    wrong += [*grounds.reasons(setting, on)]
    if wrong := wrong or _contradicted(settings, setting, on):
        raise Refused([("", " ".join(said for _, said in wrong))])
    return [decided, Entry(on=found.made.on, fact=setting, by=found.made.by)]


def settle(
    made: Sequence[Proposal], ref: str, granted: bool, reason: str, by: tuple[str, str], today: dt.date
) -> tuple[Proposal, Entry]:
    """One of these proposals, and what a person (directory key and id) decides about it. Raises `Refused`."""
    person, id = by
    found = next((one for one in made if one.made.ref == ref), None)
    if found is None:
        raise Refused([("", GONE)])
    _check_open(found, granted, today)
    if granted and found.made.by == person:
        raise Refused([("", "Den eigenen Vorschlag kann nur eine zweite Person bestätigen.")])
    if not granted and (wrong := sentence("reason", reason, "Bitte in einem Satz sagen, warum nicht,")):
        raise Refused(wrong)
    decided = ProposalDecided(proposal=found.made.id, granted=granted, reason=reason.strip() or None)
    return found, Entry(on=today, fact=decided, by=id)


def _check_open(found: Proposal, granted: bool, today: dt.date) -> None:
    outcome = found.outcome(today)
    if outcome is Outcome.PASSED and granted:
        day = words.day(found.made.on)
        raise Refused([("", f"Der {day}, ab dem das gelten sollte, ist verstrichen. Bitte neu vorschlagen.")])
    if outcome not in (Outcome.OPEN, Outcome.PASSED):
        raise Refused([("", "Über diesen Vorschlag ist schon entschieden.")])


def _day(fact: SettingProposed, on: dt.date, today: dt.date) -> list[tuple[str, str]]:
    if on < today and fact.becomes not in proposals.BEFORE_TODAY:
        said = "Was an vergangenen Tagen galt, bleibt stehen. Bitte heute oder einen späteren Tag angeben."
        return [("on", f"{words.day(on)} ist vorbei. {said}")]
    return []


def sentence(field: str, text: str, asked: str, least: int = REASON) -> list[tuple[str, str]]:
    """What is wrong with a text that says why, asked for so."""
    if len(text.strip()) < least:
        return [(field, f"{asked} mit mindestens {least} Zeichen.")]
    over = words.too_long(text, LONGEST)
    return [(field, over)] if over else []


def _overtaken(settings: Sequence[Known], found: Proposal) -> list[tuple[str, str]]:
    """What an import has set at the same place since: nobody has seen it beside the proposal."""
    where = place(found.fact)
    said = [one for one in settings if not isinstance(one.fact, SettingProposed) and place(one.fact) == where]
    if not any(one.number > found.made.number for one in said):
        return []
    return [("", "Seit dem Vorschlag ist dazu etwas anderes eingetragen worden. Bitte neu vorschlagen.")]


def _unit(fact: SettingProposed, units: Collection[str]) -> list[tuple[str, str]]:
    if fact.unit is None or fact.unit in units:
        return []
    return [("unit", f"Eine Einheit „{fact.unit[:40]}“ gibt es an diesem Tag nicht.")]


def _sense(setting: Fact, on: dt.date) -> list[tuple[str, str]]:
    if not isinstance(setting, RuleSet | ThresholdSet | OfficeSet):
        return []
    wrong = list(office.reasons(setting))
    if isinstance(setting, RuleSet) and setting.applies_from and setting.applies_from > on:
        day = words.day(setting.applies_from)
        said = f"„gilt ab {day}“ liegt nach dem {words.day(on)}, von dem an die Regel so steht."
        wrong.append(
            ("applies_from", f"{said} Bitte dort einen früheren Tag angeben oder bei „Gilt vom Tag an“ einen späteren.")
        )
    return wrong


def _already(
    settings: Sequence[Known], fact: SettingProposed, setting: Fact, on: dt.date, today: dt.date
) -> list[tuple[str, str]]:
    """Another proposal about the same waits, or what is proposed holds already."""
    where = place(fact)
    for one in proposals.proposals(settings):
        if one.outcome(today) is Outcome.OPEN and place(one.fact) == where:
            return [("", "Dazu liegt schon ein Vorschlag vor. Bitte zuerst über ihn entscheiden.")]
    if said := grounds.said_already(settings, setting, on):
        return [("", said)]
    valid = [one for one in settings if type(one.fact) is type(setting) and place(one.fact) == where and one.on <= on]
    last = max(valid, key=lambda one: (one.on, one.recorded_at, one.ref), default=None)
    same = _value(last.fact) == _value(setting) if last else fact.unit is None and _is_shipped(setting)
    return [("", "Das gilt an diesem Tag schon; der Vorschlag würde nichts ändern.")] if same else []


def _value(fact: Fact) -> Fact:
    """What a setting says, whoever set it by whatever source."""
    return structs.replace(fact, source="-", approved_by="-")


def _is_shipped(setting: Fact) -> bool:
    if isinstance(setting, RuleSet):
        return setting.state == RULES[setting.rule].state and setting.applies_from is None
    if isinstance(setting, TextSet):
        return setting.body is None
    if isinstance(setting, ThresholdSet):
        said = (setting.months or 0, setting.days or 0)
        none = setting.months is None and setting.days is None
        return none or said == tuple(RULES[setting.rule].numbers[setting.stage])
    if isinstance(setting, OfficeSet):
        row = office.SETTINGS[setting.setting]
        return value(row, setting) == row.shipped.get(setting.item or ONE)
    return False


def _contradicted(settings: Sequence[Known], setting: Fact, on: dt.date) -> list[tuple[str, str]]:
    """What would not go together with it and goes together without it."""
    latest = max((one.recorded_at for one in settings), default=dt.datetime.max.replace(tzinfo=dt.UTC))
    new = Known("", "", on, on, latest, "", setting, 0, "")
    before = {one.sentence for one in office.contradictions(settings)}
    after = office.contradictions([*settings, new])
    return [("", one.sentence) for one in after if one.sentence not in before]
