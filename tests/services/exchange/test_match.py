"""The same thing from two sources: both are stored, a note links them, one of them counts (Fachkonzept 2.0)."""

from __future__ import annotations

import pytest

from domain.facts import Stream, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn, SameThingNoted
from domain.knowledge import known
from domain.records import Entry
from services.exchange.snapshot import Asked
from services.office.office import Office
from tests.services.exchange.test_snapshot import counting
from tests.services.exchange.test_tables import BARS, ROW, Import, lines, take

__all__ = ["take"]

OTHER = BARS.replace('system = "compass"', 'system = "open"')
JOBS = """
system = "compass"
[[fact]]
fact = "employment-started"
case = "Fallnummer"
id = "arbeit:{Nr}"
on = "Beginn"
data.employment = "{Nr}"
data.kind = "Art"
[[fact]]
fact = "employment-ended"
case = "Fallnummer"
id = "arbeit:{Nr}:ende"
on = "Ende"
when = { Ende = "*" }
data.employment = "{Nr}"
"""
MEETINGS = """
system = "compass"
[[fact]]
fact = "appointment-planned"
case = "Fallnummer"
id = "termin:{Nr}"
on = "Tag"
data.appointment = "{Nr}"
data.channel = "Art"
"""


def of_open(said: str) -> str:
    return said.replace('system = "compass"', 'system = "open"')


def lanes(office: Office, number: str = "C-1") -> list[tuple[str, str, str]]:
    """Name, day and thing of each fact that counts."""
    with office.read() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, [number]).values()
        records = office.store.records(tx.conn, key, with_text=True)
    return [
        (name_of(one.fact), one.on.isoformat(), getattr(one.fact, "employment", ""))
        for one in known(records)
        if not isinstance(one.fact, SameThingNoted)
    ]


def notes(office: Office, number: str = "C-1") -> list[tuple[str, str]]:
    with office.read() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, [number]).values()
        records = known(office.store.records(tx.conn, key, with_text=True))
    return sorted((one.fact.thing, one.fact.other) for one in records if isinstance(one.fact, SameThingNoted))


def test_a_bar_told_by_two_sources_counts_once(take: Import, office: Office) -> None:
    take(lines(ROW))
    near = lines("C-1;77;Integration;05.02.2025;01.09.2025")
    tried = take(near, said=OTHER, dry_run=True)
    found = take(near, said=OTHER)
    assert found == tried
    assert (found.read, found.added, found.matched, found.changed, found.withdrawn) == (1, 0, 2, 0, 0)
    assert lanes(office) == [("strategy-bar-set", "2025-02-03", ""), ("strategy-bar-ended", "2025-08-31", "")]
    assert notes(office) == [
        ("compass:balken:1", "open:balken:77"),
        ("compass:balken:1:ende", "open:balken:77:ende"),
    ]
    again = take(near, said=OTHER)
    assert (again.known, again.matched, again.added, again.changed) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "added"),
    [
        ("C-1;77;Integration;06.02.2025;", 0),  # three days
        ("C-1;77;Integration;31.01.2025;", 0),
        ("C-1;77;Integration;07.02.2025;", 1),  # four
        ("C-1;77;Entwicklung;03.02.2025;", 1),
        ("C-2;77;Integration;03.02.2025;", 1),
    ],
)
def test_what_is_the_same_bar(take: Import, row: str, added: int) -> None:
    take(lines(ROW))
    found = take(lines(row), said=OTHER)
    assert (found.added, found.matched) == (added, 1 - added)


def test_things_of_one_source_are_never_the_same(take: Import) -> None:
    take(lines(ROW))
    found = take(lines(ROW.replace(";1;", ";2;")))
    assert (found.added, found.matched) == (2, 0)


def test_a_thing_is_the_same_as_one_other_at_most(take: Import) -> None:
    take(lines(ROW))
    found = take(lines("C-1;7;Integration;03.02.2025;", "C-1;8;Integration;03.02.2025;"), said=OTHER)
    assert (found.added, found.matched) == (1, 1)


def test_an_appointment_is_the_same_by_its_day_and_channel(take: Import) -> None:
    head = "Fallnummer;Nr;Tag;Art\n"
    take(head + "C-1;1;10.03.2025;personal\nC-1;2;12.03.2025;phone\n", said=MEETINGS)
    rows = "C-1;a;10.03.2025;personal\nC-1;b;12.03.2025;personal\nC-1;c;11.03.2025;phone\n"
    found = take(head + rows, said=of_open(MEETINGS))
    assert (found.added, found.matched) == (2, 1)


def test_what_is_said_of_a_thing_set_aside_is_about_the_one_that_counts(take: Import, office: Office) -> None:
    head = "Fallnummer;Nr;Art;Beginn;Ende\n"
    take(head + "C-1;1;sv-pflichtig;03.02.2025;\n", said=JOBS)
    found = take(head + "C-1;x9;sv-pflichtig;04.02.2025;30.04.2025\n", said=of_open(JOBS))
    assert (found.added, found.matched) == (0, 2)
    assert lanes(office) == [("employment-started", "2025-02-03", "1"), ("employment-ended", "2025-04-30", "1")]
    take(head + "C-1;1;sv-pflichtig;03.02.2025;02.05.2025\n", said=JOBS)  # now the first source has the end, too
    assert [one for one in lanes(office) if one[0] == "employment-ended"] == [("employment-ended", "2025-04-30", "1")]
    later = take(head + "C-1;x9;sv-pflichtig;04.02.2025;29.04.2025\n", said=of_open(JOBS))
    assert (later.changed, later.known, later.added) == (1, 1, 0)


def test_what_the_second_source_changes_is_kept_and_still_counts_once(take: Import, office: Office) -> None:
    take(lines(ROW))
    take(lines("C-1;77;Integration;05.02.2025;"), said=OTHER)
    found = take(lines("C-1;77;Integration;04.02.2025;"), said=OTHER)
    assert (found.changed, found.known, found.matched) == (1, 0, 0)
    assert take(lines("C-1;77;Integration;04.02.2025;"), said=OTHER).known == 1
    assert [one for one in lanes(office) if one[0] == "strategy-bar-set"] == [("strategy-bar-set", "2025-02-03", "")]


def test_what_people_said_to_be_two_things_is_not_linked_again(take: Import, office: Office) -> None:
    take(lines("C-1;1;Integration;03.02.2025;"))
    take(lines("C-1;77;Integration;05.02.2025;"), said=OTHER)
    with office.write() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, ["C-1"]).values()
        records = office.store.records(tx.conn, key, with_text=True)
        gone = [one.id for one in records if isinstance(one.fact, SameThingNoted | FactWithdrawn)]
        entries = [Entry(on=tx.today, fact=FactWithdrawn(target=id, reason="Zwei Balken."), by="fm-1") for id in gone]
        office.store.append(tx.conn, key, entries, tx.now)
    assert len(lanes(office)) == 2
    found = take(lines("C-1;77;Integration;04.02.2025;"), said=OTHER)
    assert (found.changed, found.matched) == (1, 0)
    assert len(lanes(office)) == 2


def test_what_its_source_no_longer_has_gives_way_to_the_other(take: Import, office: Office) -> None:
    many = [f"C-{at};{at};Integration;03.02.2025;" for at in range(1, 41)]
    take(lines(*many))
    assert take(lines("C-1;77;Integration;05.02.2025;"), said=OTHER).matched == 1
    tried = take(lines(*many[1:]), snapshot=Asked("compass"), dry_run=True)
    found = take(lines(*many[1:]), snapshot=Asked("compass"))
    assert found == tried
    assert found.withdrawn == 1
    assert lanes(office) == [("strategy-bar-set", "2025-02-05", "")]
    back = take(lines(*many), snapshot=Asked("compass"))
    assert (back.changed, back.known) == (1, 39)
    assert len(lanes(office)) == 1
    assert take(lines(*many), snapshot=Asked("compass")).known == 40
    assert len(counting(office, "C-2")["C-2"]) == 1


def test_once_a_person_has_chosen_the_later_source_its_changes_are_followed(take: Import, office: Office) -> None:
    take(lines("C-1;1;Integration;03.02.2025;"))
    take(lines("C-1;77;Integration;05.02.2025;"), said=OTHER)
    with office.write() as tx:
        [key] = office.store.keys(tx.conn, Stream.CASE, ["C-1"]).values()
        [note] = [one.id for one in office.store.records(tx.conn, key, with_text=True) if _is_note(one.fact)]
        chosen = FactCorrected(target=note, reason="Abgleich", data={"counts": "open:balken:77"})
        office.store.append(tx.conn, key, [Entry(on=tx.today, fact=chosen, by="fm-1")], tx.now)
    assert take(lines("C-1;77;Integration;12.02.2025;"), said=OTHER).changed == 1
    assert lanes(office) == [("strategy-bar-set", "2025-02-12", "")]
    take(lines("C-1;1;Integration;04.02.2025;"))
    assert take(lines("C-1;77;Integration;12.02.2025;"), said=OTHER).known == 1


def _is_note(fact: object) -> bool:
    return isinstance(fact, SameThingNoted)


def test_a_channel_that_one_source_leaves_open_is_no_difference(take: Import, office: Office) -> None:
    head = "Fallnummer;Nr;Tag;Art\n"
    said = MEETINGS.replace("[[fact]]", '[file]\nempty = [""]\n[[fact]]', 1)
    take(head + "C-1;1;10.03.2025;personal\nC-1;2;10.03.2025;phone\n", said=said)
    assert take(head + "C-1;a;10.03.2025;\nC-1;b;10.03.2025;phone\n", said=of_open(said)).matched == 2
    [first, second] = notes(office)
    assert {first, second} == {
        ("compass:termin:1", "open:termin:a"),
        ("compass:termin:2", "open:termin:b"),
    }
