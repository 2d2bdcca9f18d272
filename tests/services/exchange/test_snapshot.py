"""Full snapshots of another system: what is gone is withdrawn, what is back counts again, too much is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.facts import Stream, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.knowledge import known
from domain.records import Entry
from services.exchange import changes
from services.exchange.importing import import_file
from services.exchange.snapshot import Asked, NoSnapshot
from services.exchange.told import Report
from services.office.office import Office
from services.operations import erasure
from tests.services.exchange.test_tables import BARS, Import, lines, read, take

__all__ = ["take"]

SYSTEM = Asked("compass")
MANY = [f"C-{at};{at};Integration;03.02.2025;" for at in range(1, 41)]
NUMBERS = [f"C-{at}" for at in range(1, 41)]


def counting(office: Office, *numbers: str) -> dict[str, list[tuple[str, str]]]:
    """Id and day of each fact that counts, by case, as known now."""
    found = {}
    with office.read() as tx:
        for number, key in office.store.keys(tx.conn, Stream.CASE, numbers or NUMBERS).items():
            records = office.store.records(tx.conn, key, with_text=True)
            ids = {one.ref: one.id for one in records}
            found[number] = [(ids[one.ref], one.on.isoformat()) for one in known(records)]
    return found


def facts(office: Office, number: str) -> list[str]:
    with office.read() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, [number]).values()
        return [name_of(one.fact) for one in office.store.records(tx.conn, key)]


def test_what_is_gone_is_withdrawn_and_what_is_back_counts_again(take: Import, office: Office) -> None:
    take(lines(*MANY))
    less = lines(*MANY[1:])
    tried = take(less, snapshot=SYSTEM, dry_run=True)
    found = take(less, snapshot=SYSTEM)
    assert found == tried
    assert (found.read, found.added, found.known, found.withdrawn, found.rejected) == (39, 0, 39, 1, [])
    assert counting(office)["C-1"] == []
    again = take(less, snapshot=SYSTEM)
    assert (again.known, again.withdrawn, again.changed) == (39, 0, 0)
    back = take(lines(*MANY), snapshot=SYSTEM)
    assert (back.known, back.changed, back.withdrawn, back.added) == (39, 1, 0, 0)
    assert counting(office)["C-1"] == [("compass:balken:1", "2025-02-03")]
    assert take(lines(*MANY), snapshot=SYSTEM).known == 40
    assert take(less, snapshot=SYSTEM).withdrawn == 1  # once more, and once more back
    assert take(lines(*MANY)).changed == 1
    assert counting(office)["C-1"] == [("compass:balken:1", "2025-02-03")]


def test_what_returns_otherwise_is_corrected_too(take: Import, office: Office) -> None:
    take(lines(*MANY))
    take(lines(*MANY[1:]), snapshot=SYSTEM)
    other = MANY[0].replace("03.02.2025", "05.02.2025")
    assert take(lines(other, *MANY[1:]), snapshot=SYSTEM).changed == 1
    assert counting(office)["C-1"] == [("compass:balken:1", "2025-02-05")]
    assert facts(office, "C-1") == ["strategy-bar-set", "fact-withdrawn", "fact-withdrawn", "fact-corrected"]


def test_what_a_person_withdrew_does_not_return_and_is_not_missing(take: Import, office: Office) -> None:
    take(lines(*MANY))
    by_hand = FactWithdrawn(target="compass:balken:1", reason="Nie vereinbart.")
    _record(office, "C-1", by_hand)
    found = take(lines(*MANY[1:]), snapshot=SYSTEM)
    assert (found.withdrawn, found.known) == (0, 39)
    found = take(lines(*MANY), snapshot=SYSTEM)
    assert (found.changed, found.known) == (0, 40)
    assert counting(office)["C-1"] == []


def test_what_people_corrected_is_withdrawn_with_its_row_and_comes_back_as_corrected(
    take: Import, office: Office
) -> None:
    take(lines(*MANY))
    _record(office, "C-1", FactCorrected(target="compass:balken:1", reason="Falscher Tag.", data={"migrated": True}))
    assert take(lines(*MANY[1:]), snapshot=SYSTEM).withdrawn == 1
    assert take(lines(*MANY), snapshot=SYSTEM).changed == 1
    with office.read() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, ["C-1"]).values()
        [fact] = known(office.store.records(tx.conn, key))
    assert fact.fact.migrated  # type: ignore[attr-defined]


def _record(office: Office, number: str, fact: Any) -> None:
    with office.write() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, [number]).values()
        office.store.append(tx.conn, key, [Entry(on=tx.today, fact=fact, by="fm-1")], tx.now)


def test_more_than_one_in_twenty_is_refused_unless_it_is_named(take: Import, office: Office) -> None:
    take(lines(*MANY))
    before = counting(office)
    assert take(lines(*MANY[2:]), snapshot=SYSTEM, dry_run=True).withdrawn == 2  # 2 of 40 are not more than 5 %
    with pytest.raises(NoSnapshot, match=r"fehlen 3 von 40 Einträgen .* --allow-withdrawals 3"):
        take(lines("C-99;99;Integration;03.02.2025;", *MANY[3:]), snapshot=SYSTEM)
    assert counting(office, *NUMBERS, "C-99") == before  # nothing of it is stored
    with pytest.raises(NoSnapshot):
        take(lines(*MANY[3:]), snapshot=SYSTEM._replace(allowed=4))
    assert take(lines(*MANY[3:]), snapshot=SYSTEM._replace(allowed=3)).withdrawn == 3
    with pytest.raises(NoSnapshot, match="37 von 37"):
        take(lines(), snapshot=SYSTEM)


def test_nothing_is_withdrawn_while_a_row_is_refused(take: Import, office: Office) -> None:
    take(lines(*MANY))
    broken = MANY[5].replace("03.02.2025", "31.02.2025")
    found = take(lines(broken, *MANY[8:]), snapshot=SYSTEM)
    assert (len(found.rejected), found.withdrawn) == (1, 0)
    assert all(counting(office).values())


def test_a_snapshot_speaks_of_its_own_names_and_prefixes_alone(take: Import, office: Office) -> None:
    take(lines(*MANY))
    other = BARS.replace("balken:", "nachweis:")
    take(lines(*MANY[:3]), said=other)  # the same rows under ids of another kind
    own = BARS.replace('system = "compass"', 'system = "open"')
    take(lines(*MANY[:2]), said=own)
    assert take(lines(*MANY), snapshot=SYSTEM).withdrawn == 0
    with pytest.raises(NoSnapshot, match="Das Profil liest „compass“, nicht „open“"):
        take(lines(*MANY), snapshot=Asked("open"))
    nameless = "\n".join(line for line in BARS.splitlines() if not line.startswith("id ="))
    with pytest.raises(NoSnapshot, match="keine Kennungen"):
        take(lines(*MANY), said=nameless, snapshot=SYSTEM)


def test_a_row_that_became_another_case_or_fact_is_stored_anew_and_the_old_one_withdrawn(
    take: Import, office: Office
) -> None:
    take(lines(*MANY))
    moved = lines("C-2;1;Integration;03.02.2025;", *MANY[1:])
    tried = take(moved, snapshot=SYSTEM, dry_run=True)
    found = take(moved, snapshot=SYSTEM)
    assert found == tried
    assert (found.added, found.withdrawn, found.known) == (1, 1, 39)
    assert counting(office)["C-1"] == []
    assert ("compass:balken:1#2", "2025-02-03") in counting(office)["C-2"]
    assert take(moved, snapshot=SYSTEM).known == 40
    again = take(lines(*MANY), snapshot=SYSTEM)  # and back to where it was
    assert (again.changed, again.withdrawn, again.known) == (1, 1, 39)
    assert counting(office)["C-1"] == [("compass:balken:1", "2025-02-03")]
    third = take(lines("C-3;1;Integration;03.02.2025;", *MANY[1:]), snapshot=SYSTEM)
    assert third.added == 1
    assert ("compass:balken:1#3", "2025-02-03") in counting(office)["C-3"]


def test_json_lines_are_a_snapshot_of_their_names_and_system(office: Office, tmp_path: Path) -> None:
    def taken(ids: range, **asked: Any) -> Report:
        said = [
            {"id": f"x:{at}", "case": f"C-{at}", "fact": "employment-started", "on": "2025-02-03",
             "data": {"employment": f"j{at}", "kind": "sv-pflichtig"}}
            for at in ids
        ]  # fmt: skip
        path = tmp_path / "x.jsonl"
        path.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
        return import_file(office, path, **asked)

    assert taken(range(40)).added == 40
    assert taken(range(1, 40), snapshot=Asked("x")).withdrawn == 1
    assert taken(range(40), snapshot=Asked("x")).changed == 1
    with pytest.raises(NoSnapshot, match="Keine Kennung der Datei beginnt mit „y:“"):
        taken(range(40), snapshot=Asked("y"))


def test_what_is_said_of_a_withdrawal_names_the_source(take: Import, office: Office, tmp_path: Path) -> None:
    take(lines(*MANY))
    take(lines(*MANY[1:]), snapshot=SYSTEM)
    with office.read() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, ["C-1"]).values()
        last = office.store.records(tx.conn, key, with_text=True)[-1]
    assert isinstance(last.fact, FactWithdrawn)
    assert (last.by, last.fact.reason) == ("import:compass", changes.GONE)
    assert read(tmp_path, BARS).system == "compass"


def test_a_row_about_an_erased_case_is_refused_and_holds_up_no_withdrawal(take: Import, office: Office) -> None:
    take(lines(*MANY))
    erasure.erase(office, "C-1")
    found = take(lines(*MANY[:39]), snapshot=SYSTEM)
    assert (len(found.rejected), found.withdrawn) == (1, 1)
    assert counting(office)["C-40"] == []
    broken = MANY[5].replace("03.02.2025", "31.02.2025")
    found = take(lines(MANY[0], broken, *MANY[6:38]), snapshot=SYSTEM)
    assert (len(found.rejected), found.withdrawn) == (2, 0)
