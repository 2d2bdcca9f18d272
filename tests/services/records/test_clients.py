"""Who a case is about follows its facts: named, named otherwise, corrected, withdrawn, in any order of arrival."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from domain.facts import Fact, Stream
from domain.facts.case import CaseOpened, ClientIdentified
from domain.facts.correction import FactCorrected, FactWithdrawn
from services.operations.erasure import erase
from tests.services.commandline import NOW, Commands
from tests.services.keeping import imports
from tests.services.records.given import Cases, entry

CASE = "C-7"
MEIER = {"last_name": "Meier", "first_name": "Jana", "birth_date": "1987-05-12", "client_number": "K 47"}
FIELDS = tuple(MEIER)


def person(**fields: str) -> Fact:
    return ClientIdentified(**fields)


def named(cases: Cases, number: str = CASE) -> dict[str, str]:
    with cases.office.read() as tx:
        key = cases.office.store.key(tx.conn, Stream.CASE, number)
        assert key is not None
        return cases.office.vault.fields(tx.conn, [key], FIELDS).get(key, {})


def found(cases: Cases, words: str) -> int:
    with cases.office.read() as tx:
        return len(cases.office.vault.find(tx.conn, words))


def test_what_a_fact_says_stands_in_the_vault_and_is_found(any_cases: Cases) -> None:
    any_cases.store(CASE, entry(CaseOpened()), entry(person(**MEIER)))
    assert named(any_cases) == MEIER
    assert found(any_cases, "jana meier") == 1
    assert any_cases.verify()["ok"]


def test_of_each_field_the_newest_day_counts_whenever_it_arrives(any_cases: Cases) -> None:
    married = dt.date(2026, 6, 1)
    any_cases.store(CASE, entry(person(last_name="Kurz"), on=married))
    any_cases.store(CASE, entry(person(**MEIER)))
    assert named(any_cases) == MEIER | {"last_name": "Kurz"}
    assert (found(any_cases, "Kurz"), found(any_cases, "Meier")) == (1, 0)


def test_a_correction_names_otherwise_and_a_withdrawal_names_nobody(any_cases: Cases) -> None:
    any_cases.store(CASE, entry(person(**MEIER), id="p-1"))
    any_cases.store(CASE, entry(FactCorrected(target="p-1", reason="Tippfehler", data={"last_name": "Maier"})))
    assert named(any_cases) == MEIER | {"last_name": "Maier"}
    any_cases.store(CASE, entry(FactWithdrawn(target="p-1", reason="Falscher Fall")))
    assert named(any_cases) == {}
    assert (found(any_cases, "Maier"), found(any_cases, "Jana")) == (0, 0)
    assert any_cases.verify()["ok"]


@pytest.mark.parametrize("new", [True, False], ids=["a new case", "a case that is there"])
def test_an_import_names_whom_it_brings_and_erasing_forgets_them(any_cases: Cases, tmp_path: Path, new: bool) -> None:
    opened = {"case": CASE, "fact": "case-opened", "on": "2026-01-07", "id": "o-1"}
    told = {"case": CASE, "fact": "client-identified", "on": "2026-01-07", "id": "p-1", "data": MEIER}
    if not new:
        imports(any_cases.office, tmp_path, opened)
    assert imports(any_cases.office, tmp_path, opened, told).rejected == []
    assert named(any_cases) == MEIER
    assert any_cases.verify()["ok"]
    erase(any_cases.office, CASE)
    assert found(any_cases, "Meier") == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Das Feld fehlt"),
        ({"last_name": ""}, "leer"),
        ({"last_name": "x" * 200}, "höchstens 128"),
        ({"last_name": "Meier", "birth_date": "12.05.1987"}, "kein Kalendertag"),
        ({"last_name": "Meier", "birth_date": "1987-02-30"}, "kein Kalendertag"),
        ({"last_name": "Mei\u202eer"}, "unsichtbares Zeichen"),
        ({"last_name": ["Meier"]}, "ein Text"),
    ],
)
def test_what_is_no_name_or_day_is_refused_by_its_field(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, data: dict[str, object], sentence: str
) -> None:
    monkeypatch.setenv("FALLVERLAUF_NOW", NOW)
    (refused,) = commands.imports({"case": CASE, "fact": "client-identified", "on": "2024-01-07", "data": data}).json[
        "rejected"
    ]
    assert sentence in refused["reason"]
