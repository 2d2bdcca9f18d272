"""New cases are made ready before the transaction that stores them, and stand there as any others do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from domain.facts import Stream
from services.exchange import ahead, importing, order, trial
from services.exchange.ahead import Ahead
from services.exchange.importing import import_file
from services.exchange.told import Report
from services.office.office import Office, open_office
from services.operations import erasure
from services.records import cores, pace, rebuild
from services.records.cores import Part, Rows
from services.records.rebuild import Crew
from services.records.tables import arrivals, fact_ids, heads, metadata, records
from services.settings import Settings
from tests.services.commandline import as_bytes, fact
from tests.services.exchange.test_order import DAYS, tables


def of_cases(names: Iterable[str], days: Iterable[str] = DAYS) -> list[Any]:
    """What cases say, case by case."""
    return [
        fact(name, DAYS[name][0], case=case, id=f"{name}:{case}", data=DAYS[name][1]) for case in names for name in days
    ]


def file(folder: Path, lines: Iterable[Any]) -> Path:
    path = folder / "facts.jsonl"
    path.write_bytes(b"".join(as_bytes(line) + b"\n" for line in lines))
    return path


def setting(months: int) -> dict[str, Any]:
    """How many months the office sets for the check of the strategy from 2018 on."""
    line = {"office": "rules", "fact": "threshold-set", "on": "2018-01-01", "recorded_at": "2019-01-01T09:00:00+01:00"}
    data = {"rule": "R-04", "stage": "check", "months": months, "source": "Dienstanweisung", "approved_by": "fm-7"}
    return line | {"id": f"set:{months}", "by": "fm-7", "data": data}


def everything(office: Office) -> dict[str, Any]:
    """All a database holds, with numbers and not keys, in clear and not sealed."""
    with office.read() as tx:
        streams = {kind: tx.store.numbers(tx.conn, tx.store.streams(tx.conn, kind)) for kind in Stream}
        facts = {
            (kind, number): [
                (one.id, one.ref, one.number, one.on, one.recorded_at, one.stored_at, one.fact, one.text_left_out)
                for one in tx.store.records(tx.conn, key, with_text=True)
            ]
            for kind, found in streams.items()
            for key, number in found.items()
        }
        by = [one.by for key in streams[Stream.CASE] for one in tx.store.records(tx.conn, key, with_text=True)]
        number_of = {key: number for found in streams.values() for key, number in found.items()}
        found = {
            "facts": facts,
            "by": sorted(by),
            "heads": {number_of[key]: (n, at) for key, n, _, at in tx.conn.execute(select(heads))},
            "ids": {(i.ref, number_of[i.key], i.number, i.content) for i in tx.conn.execute(select(fact_ids))},
            "arrived": tx.conn.scalar(select(func.sum(arrivals.c.facts))),
            "sizes": {
                table.name: tx.conn.scalar(select(func.count()).select_from(table))
                for table in metadata.sorted_tables
                if table not in (arrivals, metadata.tables["marks"])
            },
            "verified": tx.store.verify(tx.conn),
        }
    return found | tables(office)


TWICE = "strategy-bar-set"
FIRST = [
    *of_cases(["A", "B", "C"]),
    fact("case-opened", "2018-01-01", case="D", data={"unit": "nowhere", "text": 7}),
    {"person": "fm-7", "fact": "person-added", "on": "2018-01-01", "by": "x", "data": {"name": "Tobias Kern"}},
    *of_cases(["E", "F"]),
    setting(4),
    *of_cases(["G", "H", "I"]),
    *of_cases(["I", "K"], [TWICE]),
    fact(TWICE, "2018-03-01", case="L", id=f"{TWICE}:A", data=DAYS[TWICE][1]),
    fact("alg1-started", "2018-05-01", case="M", recorded_at=None),
    fact("alg1-started", "2018-05-01", case="M", recorded_at=None),
    fact("fact-withdrawn", "2018-06-01", case="A", id="w", data={"target": f"{TWICE}:A", "reason": "falsch"}),
    fact("fact-withdrawn", "2018-06-01", case="B", id="v", data={"target": f"{TWICE}:A", "reason": "falsch"}),
]
SECOND = [
    *of_cases(["N", "A"]),
    fact("alg1-started", "2018-07-01", case="B", id="more"),
    setting(8),
    fact(TWICE, "2018-09-01", case="O", id=f"{TWICE}:E", data=DAYS[TWICE][1]),
    *of_cases(["P"]),
]


@pytest.mark.parametrize("batch", [4, 7, 5_000])
def test_on_every_road_the_same_is_stored_and_refused(
    tmp_path: Path, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(order, "BATCH_LINES", batch)
    monkeypatch.setattr(ahead, "AT_ONCE", 6)
    monkeypatch.setattr(rebuild, "Crew", partial(Crew, processes=1))  # when settings have changed
    keep, found, kept = importing.keep, [], list[bool]()
    roads: dict[str, tuple[Callable[..., bool], int]] = {
        "as any others": (lambda *_: False, 1),
        "in this process": (lambda *given: kept.append(keep(*given)) or kept[-1], 1),
    }
    if batch == 7:
        roads["in others"] = (keep, 2)
    for road, (keeping, processes) in roads.items():
        monkeypatch.setattr(importing, "keep", keeping)
        monkeypatch.setattr(importing, "Crew", partial(Crew, processes=processes))
        monkeypatch.setattr(cores, "WORTH", 1 if processes > 1 else cores.WORTH)
        settings = Settings(data=tmp_path / road, fixed_now=now, master_key_file=tmp_path / "master.key")
        with open_office(settings) as office:
            reports = [import_file(office, file(tmp_path, lines)) for lines in (FIRST, SECOND)]
            found.append((reports, everything(office)))
    assert found[0] == found[1]
    assert found[0] == found[-1]
    assert any(kept)
    [first, second], stored = found[0]
    assert (first.added, len(first.rejected)) == (45, 3)
    assert (second.added, second.known) == (12, 5)
    assert stored["verified"]["ok"]
    assert all(stored[name] for name in ("segments", "due_rows", "spans", "entries", "undated"))


def import_while(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object], lines: Iterable[Any]
) -> Report:
    """Imports, while something happens after the new cases were made ready and before they are stored."""
    begin = Ahead.begin

    def begun(self: Ahead, *given: Any) -> Any:
        made = begin(self, *given)
        assert any(part.fresh for part in made)
        monkeypatch.setattr(Ahead, "begin", begin)
        happens()
        return made

    monkeypatch.setattr(Ahead, "begin", begun)
    return import_file(office, file(folder, lines))


def assert_computed_right(office: Office) -> None:
    """The rows are those that computing them anew gives."""
    before = tables(office)
    rebuild.anew(office.engine, office.vault)
    assert tables(office) == before


def recorded(office: Office, folder: Path, lines: Iterable[Any]) -> Report:
    """What another one records meanwhile, whom the import does not know of."""
    path = folder / "others.jsonl"
    path.write_bytes(file(folder, lines).read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trial, "in_turn", lambda office, _: nullcontext(office))
        return import_file(office, path)


def import_beside(office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch, theirs: dict[str, Any]) -> Report:
    """Imports three cases, while another one records a fact."""

    def happens() -> None:
        assert recorded(office, folder, [theirs]).added == 1

    return import_while(office, folder, monkeypatch, happens, of_cases("ABC"))


def test_a_case_that_another_one_opens_meanwhile_gets_all_facts(
    any_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = fact("alg1-started", "2018-07-01", case="B", id="theirs")
    report = import_beside(any_office, tmp_path, monkeypatch, theirs)
    assert report.added == 3 * len(DAYS)
    stored = everything(any_office)
    assert [one[0] for one in stored["facts"][Stream.CASE, "B"]] == ["theirs", *(f"{name}:B" for name in DAYS)]
    assert stored["heads"]["B"][0] == len(DAYS) + 1
    assert stored["verified"]["ok"]
    assert_computed_right(any_office)


def test_an_id_that_is_taken_meanwhile_refuses_its_line(
    any_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = fact("alg1-started", "2018-07-01", case="X", id="alg1-ended:B")
    report = import_beside(any_office, tmp_path, monkeypatch, theirs)
    assert report.added == 3 * len(DAYS) - 1
    assert [number for number, _ in report.rejected] == [2 * len(DAYS)]
    assert_computed_right(any_office)


def test_what_the_office_sets_meanwhile_counts(
    any_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_beside(any_office, tmp_path, monkeypatch, setting(4))
    assert_computed_right(any_office)


def test_a_number_that_is_erased_meanwhile_is_refused(
    any_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def happens() -> None:
        recorded(any_office, tmp_path, of_cases("B", ["case-opened"]))
        erasure.erase(any_office, "B")

    report = import_while(any_office, tmp_path, monkeypatch, happens, of_cases("ABC"))
    assert report.added == 2 * len(DAYS)
    assert [number for number, _ in report.rejected] == list(range(len(DAYS) + 1, 2 * len(DAYS) + 1))
    assert_computed_right(any_office)


def test_rows_are_computed_while_nobody_has_to_wait(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, open_then = cores.rows, list[int]()

    def watched(part: Part) -> Rows:
        open_then.append(office.engine.pool.checkedout())  # type: ignore[attr-defined]
        return rows(part)

    monkeypatch.setattr(cores, "rows", watched)
    import_file(office, file(tmp_path, of_cases(map(str, range(50)))))
    assert open_then
    assert set(open_then) == {0}


def test_more_new_cases_take_no_more_statements(
    any_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "HELD", 60.0)
    monkeypatch.setattr(pace, "FIRST", 5_000)
    counts = []
    for first, last in ((0, 1), (1, 2), (2, 202)):
        said: list[str] = []
        listen = lambda *given, said=said: said.append(given[2])  # noqa: E731
        event.listen(any_office.engine, "before_cursor_execute", listen)
        import_file(any_office, file(tmp_path, of_cases(f"C-{at}" for at in range(first, last))))
        event.remove(any_office.engine, "before_cursor_execute", listen)
        counts.append(len(said))
    assert counts[2] <= counts[1] + 5
    assert counts[2] <= 60
    with any_office.read() as tx:
        assert tx.conn.scalar(select(func.count()).select_from(records)) == 202 * len(DAYS)
