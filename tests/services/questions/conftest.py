"""An office with lives of cases, for every question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.facts import Stream
from domain.facts.office import RuleSet
from domain.periods import BERLIN
from domain.records import Entry
from domain.rules import RULES
from services.demo import building as demo
from services.exchange.importing import import_file
from services.office.office import Office, open_office
from services.settings import Settings
from tests.golden import Line
from tests.services.commandline import as_bytes
from tests.services.questions.lives import LIVES
from tests.services.web.town import append

SETTINGS = [  # what was caused before June 2025 are Altfälle
    {
        **{"office": "rules", "id": f"on:{rule}", "fact": "rule-set", "on": "2023-10-01", "by": "bl-1"},
        **{"recorded_at": "2023-10-01T09:00:00+02:00"},
        "data": {"rule": rule, "state": "on", "applies_from": "2025-06-01", "source": "DA", "approved_by": "bl-2"},
    }
    for rule in ("R-02", "R-04", "R-07", "R-14")
]


@pytest.fixture
def lived(any_office: Office, tmp_path: Path) -> Office:
    """The lives, imported on both databases."""
    path = tmp_path / "lives.jsonl"
    told = [*SETTINGS, *(_said(one) for lines in LIVES.values() for one in lines)]
    path.write_bytes(b"\n".join(map(as_bytes, told)))
    assert import_file(any_office, path).rejected == []
    return any_office


def _said(one: Line) -> Line:
    unknown = one.get("recorded_unknown", False)
    plain = {key: value for key, value in one.items() if key != "recorded_unknown"}
    return plain | ({"recorded_at": None} if unknown else {})


def _introduced() -> list[Entry]:
    """On the demo, too, some rules have Altfälle."""
    since, at = dt.date(2026, 9, 1), dt.datetime(2016, 1, 4, 8, tzinfo=BERLIN)
    said = [RuleSet(rule=rule, state="on", applies_from=since, source="DA", approved_by="bl-1") for rule in RULES]
    return [Entry(on=at.date(), fact=one, by="bl-1", recorded_at=at) for one in said]


@pytest.fixture(scope="session")
def demo_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo office, with the row tables filled; for all that only ask."""
    now = dt.datetime(2026, 11, 23, 8, tzinfo=BERLIN)
    with open_office(Settings(data=tmp_path_factory.mktemp("demo"), fixed_now=now)) as opened:
        demo.ensure(opened, 300)
        with opened.write() as tx:
            append(tx, Stream.OFFICE, "rules", _introduced())
        yield opened
