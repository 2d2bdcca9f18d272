"""All settings of the office beside states, numbers and texts of rules, and whether what it sets makes sense."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from domain import words
from domain.facts.office import OfficeSet, RuleSet, ThresholdSet
from domain.knowledge import Known
from domain.office import checkboxes, deferrals, land, measures, recipients, setting
from domain.office.setting import Setting
from domain.rules import RULES, sense
from domain.rules.sense import Contradiction


def _recipients() -> Setting:
    every = {f"{id}/{name}": (rule, name) for id, rule in RULES.items() for name in rule.stages}
    free = {key: (rule, name) for key, (rule, name) in every.items() if not rule.stages[name].asks_case}
    named = {key: f"{rule.name}: {words.STAGES.get(name, name)}" for key, (rule, name) in free.items()}
    return recipients.row({key: rule.told[name] for key, (rule, name) in free.items()}, named)


SETTINGS: Mapping[str, Setting] = {
    one.name: one for one in (land.ROW, _recipients(), checkboxes.ROW, deferrals.ROW, measures.TYPES, measures.ALLOWED)
}


def reasons(fact: RuleSet | ThresholdSet | OfficeSet) -> Iterator[tuple[str, str]]:
    """Why a setting makes no sense, as (field, sentence)."""
    if not isinstance(fact, OfficeSet):
        yield from sense.reasons(fact)
    elif fact.setting not in SETTINGS:
        yield "setting", f"Eine Einstellung „{fact.setting[:40]}“ gibt es nicht."
    else:
        yield from setting.reasons(SETTINGS[fact.setting], fact)


def contradictions(settings: Sequence[Known], day: dt.date | None = None) -> Iterator[Contradiction]:
    """What does not go together of all that is known of the settings, on a day (None: on any), each once."""
    yield from sense.contradictions(settings, day)
    said: set[str] = set()
    for row in SETTINGS.values():
        for on in [day] if day else setting.days(row, settings):
            for label, refs in setting.doubled(row, settings, on):
                if label not in said:
                    said.add(label)
                    yield Contradiction(refs, f"{row.german}: „{label}“ gibt es ab {words.day(on)} zweimal.")


def follows(fact: OfficeSet) -> frozenset[str]:
    """The rules whose lists follow a setting."""
    if fact.setting == recipients.NAME:
        return frozenset({(fact.item or "").partition("/")[0]} & RULES.keys())
    return frozenset(id for id, rule in RULES.items() if fact.setting in rule.settings)
