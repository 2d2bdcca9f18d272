"""No line takes another with it, whatever it holds: every line read is added, known, changed or refused with a reason.

A line that waits for its target is added, too. `FALLVERLAUF_TEST_LINES` says how many are tried (10,000 by default).
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from services.exchange import envelope, order
from services.exchange.lines import Frame, read
from services.records.fields import tidied_line
from services.records.reasons import Refused
from tests.services.commandline import NOW, Commands
from tests.services.exchange import hostile

LINES = int(os.environ.get("FALLVERLAUF_TEST_LINES", "10000"))


@pytest.fixture(autouse=True)
def _now(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLVERLAUF_NOW", NOW)


def accounted(answer: dict[str, Any]) -> int:
    assert answer["waiting"] <= answer["added"] + answer["known"]
    return answer["added"] + answer["known"] + answer.get("changed", 0) + len(answer["rejected"])


def test_every_line_is_accounted_for(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BATCH_LINES", "MODIFIERS_AT_ONCE"):
        monkeypatch.setattr(order, name, LINES)  # each case is computed twice; the other test leaves them as they are
    said = commands.imports(*hostile.lines(1, LINES))
    assert "unerwarteter Fehler" not in said.err
    assert said.json["read"] == accounted(said.json) == LINES
    assert all(one["reason"].endswith((".", "?")) for one in said.json["rejected"])
    assert said.json["added"] > LINES // 4
    assert len(said.json["rejected"]) > LINES // 4


def test_what_is_taken_has_no_reason_to_be_refused() -> None:
    frame, taken = Frame(dt.datetime.fromisoformat(NOW), "import:x"), 0
    for raw in hostile.lines(3, LINES // 5):
        with suppress(Refused):
            read(raw, frame)
            document = tidied_line(json.loads(raw))
            assert list(envelope.reasons(document, frame.now, frame.latest)) == []
            taken += 1
    assert taken > LINES // 20


def test_what_is_stored_of_them_can_be_proved_given_out_and_taken_again(
    commands: Commands, move: Callable[[str], None]
) -> None:
    commands.imports(*hostile.lines(2, 1_000))
    again = commands("import", commands.folder / "facts.jsonl", "--update", "--format", "json").json
    assert (again["added"], again["read"]) == (0, accounted(again))
    assert commands.json("verify")["ok"]
    exported = commands.json("export", "--as", "jsonl", commands.folder / "out.jsonl", "--with-text")
    move("other")
    taken = commands.json("import", commands.folder / "out.jsonl")
    assert (taken["added"], taken["rejected"]) == (exported["facts"], [])
