"""Facts in and out: order, once, both readings, many writers, and what is left when a key is destroyed."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from domain.facts import Stream
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from domain.facts.contact import AppointmentPlanned
from domain.facts.correction import FactCorrected
from domain.facts.directory import PersonAdded, PersonLeft
from domain.facts.extension import ExtensionRequested
from domain.facts.strategy import StrategyBarSet
from domain.records import Entry
from services.office.office import Office
from services.records.store import Conflict, ContentDiffers, KnownFact, NoStream, Outcome
from services.records.streams import new_key
from tests.services.records.given import DAY, Cases, entry

REQUEST = ExtensionRequested(
    request="A-77", options=["o1"], facts_text="Umzug", justification="Kita", until=dt.date(2026, 6, 30)
)


def test_what_was_stored_comes_back_in_clear(any_cases: Cases) -> None:
    early = dt.datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=dt.UTC)
    written = any_cases.store(
        "C-1001",
        entry(CaseOpened(unit="56.4"), by="import:alt", recorded_at=early, recorded_unknown=True),
        entry(ResponsibilityAssigned(worker="fm-8", unit="56.4", area="fallmanagement", reason="neu")),
        entry(REQUEST, id="quelle:4711"),
        entry(FactCorrected(target="quelle:4711", reason="Tippfehler", data={"until": "2026-05-31"})),
    )
    assert any_cases.read("C-1001") == written
    assert [record.number for record in written] == [1, 2, 3, 4]
    assert written[0].recorded_at == early
    assert written[2].id == "quelle:4711"
    assert len({record.correlation_id for record in written}) == 1


def test_without_text_only_references_and_keys_are_left(any_cases: Cases) -> None:
    request, assigned = any_cases.store(
        "C-1001", entry(REQUEST, id="q"), entry(ResponsibilityAssigned(worker="fm-8", unit="1", area="av-ags"))
    )
    plain = any_cases.read("C-1001", with_text=False)
    with any_cases.office.read() as tx:
        worker = any_cases.office.store.key(tx.conn, Stream.PERSON, "fm-8")
        by = any_cases.office.store.key(tx.conn, Stream.PERSON, "fm-7")
    ref = any_cases.office.vault.ref
    assert worker is not None
    assert by is not None
    assert plain[0].fact == ExtensionRequested(
        request=ref("A-77"), options=["o1"], facts_text="", justification="", until=dt.date(2026, 6, 30)
    )
    assert (plain[0].id, plain[0].ref, plain[0].by) == (ref("q"), request.ref, by.hex)
    assert plain[1].fact == ResponsibilityAssigned(worker=worker.hex, unit="1", area="av-ags")
    assert plain[1].recorded_at == assigned.recorded_at


def test_the_fields_of_a_correction_are_protected_like_those_of_its_target(any_cases: Cases) -> None:
    data = {
        "reason": "zieht zur Schwester",
        "worker": "fm-9",
        "appointment": "T-9",
        "unit": "56.4",
        "until": "2026-05-31",
        "facts_text": None,
        "unbekannt": {"Name": "Weber"},
        "data": {"text": "Weber", "unit": "56.5"},
    }
    any_cases.store("C-1", entry(FactCorrected(target="q", reason="falsch", data=data)))
    any_cases.store("C-1", entry(FactCorrected(target="q", reason="falsch", data={"reason": "error"})))
    with any_cases.office.read() as tx:
        worker = any_cases.office.store.key(tx.conn, Stream.PERSON, "fm-9")
    first, second = (record.fact for record in any_cases.read("C-1", with_text=False))
    assert worker is not None
    assert isinstance(first, FactCorrected)
    assert isinstance(second, FactCorrected)
    assert first.data == {
        "reason": "",
        "worker": worker.hex,
        "appointment": any_cases.office.vault.ref("T-9"),
        "unit": "56.4",
        "until": "2026-05-31",
        "facts_text": None,
        "unbekannt": "",
        "data": {"text": "", "unit": "56.5"},
    }
    assert second.data == {"reason": "error"}
    clear = any_cases.read("C-1")[0].fact
    assert isinstance(clear, FactCorrected)
    assert clear.data == data


def test_a_person_may_be_named_by_id_or_by_directory_key(any_cases: Cases) -> None:
    any_cases.store("C-1", entry(by="fm-7"))
    with any_cases.office.read() as tx:
        key = any_cases.office.store.key(tx.conn, Stream.PERSON, "fm-7")
    assert key is not None
    any_cases.store("C-1", entry(by=key.hex))
    assert {record.by for record in any_cases.read("C-1", with_text=False)} == {key.hex}
    assert {record.by for record in any_cases.read("C-1")} == {"fm-7"}


def test_a_reference_stands_for_the_thing_itself(any_cases: Cases) -> None:
    any_cases.store("C-1", entry(AppointmentPlanned(appointment="T-1")))
    ref = any_cases.office.vault.ref("T-1")
    any_cases.store("C-1", entry(AppointmentPlanned(appointment=ref)))
    facts = [record.fact for record in any_cases.read("C-1", with_text=False)]
    assert facts == [AppointmentPlanned(appointment=ref)] * 2


def test_the_same_id_with_the_same_content_is_known(any_cases: Cases) -> None:
    any_cases.store("C-1", entry(id="q:1"))
    with pytest.raises(KnownFact) as known:
        any_cases.store("C-1", entry(), entry(id="q:1"))
    assert (known.value.position, known.value.id) == (1, "q:1")
    assert len(any_cases.read("C-1")) == 1


@pytest.mark.parametrize(
    "other",
    [
        entry(id="q:1", by="fm-8"),
        entry(id="q:1", on=dt.date(2026, 3, 3)),
        entry(CaseClosed(), id="q:1"),
        entry(AppointmentPlanned(appointment="T-2"), id="q:1"),
        entry(id="q:1", recorded_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC)),
    ],
)
def test_the_same_id_with_other_content_is_refused(any_cases: Cases, other: Entry) -> None:
    any_cases.store("C-1", entry(id="q:1"))
    with pytest.raises(ContentDiffers):
        any_cases.store("C-1", other)


def test_an_id_belongs_to_one_case_of_the_whole_database(any_cases: Cases) -> None:
    any_cases.store("C-1", entry(id="q:1"))
    with pytest.raises(ContentDiffers):
        any_cases.store("C-2", entry(id="q:1"))


def test_entries_without_id_are_facts_of_their_own_unless_known_by_content(any_cases: Cases) -> None:
    any_cases.store("C-1", entry(), entry())
    any_cases.store("C-1", entry(identified_by_content=True))
    with pytest.raises(KnownFact):
        any_cases.store("C-1", entry(identified_by_content=True))
    ids = [record.id for record in any_cases.read("C-1")]
    assert [id[:2] for id in ids] == ["f-", "f-", "i-"]
    assert len(set(ids)) == 3


def test_what_an_export_says_about_a_stored_fact_is_known_again(any_cases: Cases) -> None:
    unknown, page = any_cases.store("C-1", entry(id="q:1", recorded_unknown=True), entry())
    for record in (unknown, page):
        with pytest.raises(KnownFact):
            any_cases.store(
                "C-1",
                entry(id=record.id, recorded_at=record.recorded_at, recorded_unknown=record.recorded_unknown),
            )


def test_many_cases_at_once_say_what_became_of_each_entry(any_office: Office) -> None:
    store = any_office.store
    with any_office.write() as tx:
        keys = store.open_streams(tx.conn, Stream.CASE, ["C-1", "C-2"])
        one, two = keys["C-1"], keys["C-2"]
        batches = {one: [entry(id="a"), entry(id="b"), entry(id="a")], two: [entry(id="c"), entry(id="b", by="x")]}
        outcomes = store.append_many(tx.conn, batches, any_office.now())
        again = store.append_many(tx.conn, batches, any_office.now())
    assert outcomes == {
        one: [Outcome.ADDED, Outcome.ADDED, Outcome.KNOWN],
        two: [Outcome.ADDED, Outcome.DIFFERS],
    }
    assert again[one] == [Outcome.KNOWN] * 3
    assert again[two] == [Outcome.KNOWN, Outcome.DIFFERS]
    with any_office.read() as tx:
        assert [record.number for record in store.records(tx.conn, one)] == [1, 2]
        assert store.verify(tx.conn) == {"ok": True, "facts": 3, "cases": 2, "checkpoint": None, "first_break": None}


def test_forty_writers_on_one_case_lose_nothing(any_office: Office) -> None:
    with any_office.write() as tx:
        key = any_office.store.open_stream(tx.conn, Stream.CASE, "C-1")

    def write(at: int) -> int:
        with any_office.write() as tx:
            head = any_office.store.lock(tx.conn, key)
            (record,) = any_office.store.append(tx.conn, key, [entry(id=f"w:{at}")], any_office.now())
            assert record.number == head.number + 1
            return record.number

    with ThreadPoolExecutor(40) as pool:
        taken = list(pool.map(write, range(40)))
    with any_office.read() as tx:
        records = any_office.store.records(tx.conn, key, with_text=True)
        assert any_office.store.verify(tx.conn)["ok"]
    assert [record.number for record in records] == list(range(1, 41))
    assert {record.id: record.number for record in records} == {f"w:{at}": taken[at] for at in range(40)}


def test_of_two_cases_that_take_an_id_at_once_one_gets_it(any_office: Office) -> None:
    with any_office.write() as tx:
        keys = any_office.store.open_streams(tx.conn, Stream.CASE, [f"C-{at}" for at in range(8)])

    def write(key: UUID) -> bool:
        try:
            with any_office.write() as tx:
                any_office.store.append(tx.conn, key, [entry(id="q:1")], any_office.now())
        except (Conflict, ContentDiffers):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, keys.values())) == 1
    with any_office.read() as tx:
        assert any_office.store.verify(tx.conn)["facts"] == 1


@pytest.mark.parametrize("kind", [Stream.CASE, Stream.PERSON])
def test_the_same_number_opened_by_many_is_one_stream(any_office: Office, kind: Stream) -> None:
    def opened(_: int) -> UUID:
        with any_office.write() as tx:
            return any_office.store.open_stream(tx.conn, kind, "C-1")

    with ThreadPoolExecutor(8) as pool:
        (key,) = set(pool.map(opened, range(8)))
    with any_office.read() as tx:
        assert list(any_office.store.streams(tx.conn, kind)) == [key]
        assert any_office.store.number(tx.conn, key) == "C-1"
        assert any_office.store.verify(tx.conn)["ok"] is True


class Broken(Exception):
    """What goes wrong after facts were stored."""


def store_and_break(office: Office) -> None:
    with office.write() as tx:
        key = office.store.open_stream(tx.conn, Stream.CASE, "C-1")
        office.store.append(tx.conn, key, [entry(by="fm-99")], office.now())
        raise Broken


def test_a_failing_transaction_leaves_nothing(any_cases: Cases) -> None:
    any_cases.store("C-1", entry())
    with pytest.raises(Broken):
        store_and_break(any_cases.office)
    assert len(any_cases.read("C-1")) == 1
    assert any_cases.verify()["ok"]
    with any_cases.office.read() as tx:
        assert any_cases.office.store.key(tx.conn, Stream.PERSON, "fm-99") is None


def test_a_preview_leaves_nothing(any_cases: Cases) -> None:
    any_cases.store("C-1", entry())
    with any_cases.office.write(keep=False) as tx:
        key = any_cases.office.store.open_stream(tx.conn, Stream.CASE, "C-1")
        any_cases.office.store.append(tx.conn, key, [entry()], any_cases.office.now())
        assert len(any_cases.office.store.records(tx.conn, key)) == 2
    assert len(any_cases.read("C-1")) == 1


def test_after_destroying_the_key_the_structure_is_left(any_cases: Cases) -> None:
    office = any_cases.office
    any_cases.store("C-1", entry(StrategyBarSet(strategy="integration", rationale="wegen Weber")), entry(REQUEST))
    before = any_cases.read("C-1", with_text=False)
    with office.write() as tx:
        key = office.store.open_stream(tx.conn, Stream.CASE, "C-1")
        office.vault.put_name(tx.conn, key, "last_name", "Weber")
        sealed = office.vault.encrypt(tx.conn, key, b"geheim")
        office.vault.destroy(tx.conn, key)
    with office.read() as tx:
        assert office.vault.decrypt(tx.conn, key, sealed) is None
        assert office.vault.name(tx.conn, key, "last_name") is None
        assert office.vault.find(tx.conn, "Weber") == []
    after = any_cases.read("C-1")
    assert [record.fact for record in after] == [record.fact for record in before]
    assert [record.id for record in after] == [record.ref for record in before]
    with pytest.raises(NoStream):
        any_cases.store("C-1", entry())


def test_names_of_staff_lie_in_the_vault(any_cases: Cases) -> None:
    any_cases.store("fm-7", entry(PersonAdded(name="Petra Groß", mail="pg@kreis.example")), kind=Stream.PERSON)
    any_cases.store("fm-7", entry(PersonLeft()), kind=Stream.PERSON)
    office = any_cases.office
    plain = any_cases.read("fm-7", with_text=False, kind=Stream.PERSON)
    assert plain[0].fact == PersonAdded(name="", mail="")
    with office.read() as tx:
        key = office.store.key(tx.conn, Stream.PERSON, "fm-7")
        assert key is not None
        assert office.vault.names(tx.conn, [key], "name") == {key: "Petra Groß"}
        assert office.vault.find(tx.conn, "gross") == [key]
    correction = FactCorrected(target="q", reason="Heirat", data={"name": "Petra Klein"})
    any_cases.store("fm-7", entry(correction), kind=Stream.PERSON)
    with office.read() as tx:
        assert office.vault.name(tx.conn, key, "name") == "Petra Klein"
        assert office.vault.find(tx.conn, ["gross"]) == []


def test_left_out_texts_are_kept_as_left_out(any_cases: Cases) -> None:
    closed = entry(CaseClosed(reason=""), id="q:1", text_left_out=("reason",))
    any_cases.store("C-1", closed)
    assert any_cases.read("C-1")[0].text_left_out == ("reason",)
    assert any_cases.read("C-1")[0].fact == CaseClosed(reason="")
    with pytest.raises(KnownFact):
        any_cases.store("C-1", closed)


def test_texts_are_as_long_as_the_format_allows(any_cases: Cases) -> None:
    text = "ß€😀\n" * 4000
    any_cases.store("C-1", entry(CaseClosed(reason=text), on=DAY))
    assert any_cases.read("C-1")[0].fact == CaseClosed(reason=text)


def test_the_keys_of_later_streams_are_greater() -> None:
    keys = []
    for _ in range(20):
        keys += [new_key(), new_key()]
        time.sleep(0.002)
    assert keys[::2] == sorted(keys[::2]), "so they lie at the end of every index"
    assert {key.version for key in keys} == {7}
    assert len(set(keys)) == len(keys)
