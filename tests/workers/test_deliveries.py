"""Files left overnight: taken once they are whole, by the profile of their folder, deleted, and told in a report."""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.facts import Stream
from services.exchange import importing, nightly, source
from services.exchange.nightly import FOLDER, REPORTS
from services.office.office import Office
from workers.deliveries import Deliveries, take_all

HEAD = "Fallnummer;Bescheid-Nr;Beginn;Ende\n"
ROWS = [f"C-{at};L-{at};01.01.2025;\n" for at in range(30)]

Leave = Callable[..., Path]


@pytest.fixture
def leave(office: Office) -> Leave:
    """Leaves a file in the folder of a profile, as old as it has to be."""

    def left(text: str, name: str = "nacht.csv", folder: str = "leistungsbezug", age: float = 120.0) -> Path:
        place = office.settings.data / FOLDER / folder
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.parent.chmod(0o700)
        file = place / name
        file.write_text(text, encoding="utf-8")
        os.utime(file, (time.time() - age,) * 2)
        return file

    return left


def reports(office: Office, folder: str = "leistungsbezug") -> list[dict[str, Any]]:
    place = office.settings.data / FOLDER / folder / REPORTS
    return [json.loads(file.read_bytes()) for file in sorted(place.glob("*.json"))]


def cases(office: Office) -> int:
    with office.read() as tx:
        return len(list(tx.store.streams(tx.conn, Stream.CASE)))


def test_what_is_taken_is_deleted_and_told(office: Office, leave: Leave) -> None:
    file = leave(HEAD + "".join(ROWS) + "C-99;L-99;31.02.2025;\n")
    take_all(office)
    assert not file.exists()
    assert cases(office) == 30
    [told] = reports(office)
    assert (told["read"], told["added"], told["profile"], told["snapshot"]) == (31, 30, "leistungsbezug", False)
    assert told["rejected"] == [32]  # the reason stands with the row, which is kept for a week
    kept = sorted((file.parent / REPORTS).iterdir())
    assert [one.name.rpartition("nacht")[2] for one in kept] == [".csv.json", ".csv.rejected.csv"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in kept} == {0o600}
    assert "Grund" in kept[1].read_text(encoding="utf-8")


def test_a_snapshot_withdraws_never_more_than_one_in_twenty(office: Office, leave: Leave) -> None:
    leave(HEAD + "".join(ROWS), folder="leistungsbezug.abzug")
    take_all(office)
    leave(HEAD + "".join(ROWS[1:]), folder="leistungsbezug.abzug")
    take_all(office)
    file = leave(HEAD + "".join(ROWS[9:]), folder="leistungsbezug.abzug")
    take_all(office)
    first, second, third = reports(office, "leistungsbezug.abzug")
    assert (first["added"], second["withdrawn"]) == (30, 1)
    assert third["error"].startswith("In der Datei fehlen 8 von 29 Einträgen")
    assert not file.exists()
    assert len(list((file.parent / REPORTS).glob("*-nacht.csv.abgelehnt"))) == 1
    take_all(office)
    assert len(reports(office, "leistungsbezug.abzug")) == 3  # what was put aside is not tried again


def test_only_whole_files_of_our_own_are_taken(office: Office, leave: Leave, tmp_path: Path) -> None:
    fresh = leave(HEAD + ROWS[0], "frisch.csv", age=5)
    elsewhere = tmp_path / "fremd.csv"
    elsewhere.write_text(HEAD + ROWS[1], encoding="utf-8")
    os.utime(elsewhere, (1, 1))
    link = fresh.with_name("verweis.csv")
    link.symlink_to(elsewhere)
    fresh.with_name("ordner.csv").mkdir()
    leave("x", "notiz.txt")
    leave(HEAD + ROWS[2], ".versteckt.csv")
    assert nightly.waiting(office.settings.data, time.time()) == []
    other = office.settings.data / FOLDER / "balken"
    other.symlink_to(tmp_path, target_is_directory=True)
    assert nightly.waiting(office.settings.data, time.time()) == []


def test_a_folder_that_others_may_write_is_not_touched_and_said_once(
    office: Office, leave: Leave, caplog: pytest.LogCaptureFixture
) -> None:
    file = leave(HEAD + ROWS[0])
    file.parent.chmod(0o770)
    look = Deliveries(office)
    with caplog.at_level(logging.ERROR):
        look.look()
        look.look()
    said = [record.__dict__["sentence"] for record in caplog.records if record.msg == "deliveries"]
    assert len(said) == 1
    assert "mit den Rechten 0700" in said[0]
    with pytest.raises(nightly.Open):
        take_all(office)
    assert file.exists()


@pytest.mark.parametrize(
    ("name", "text", "folder", "sentence"),
    [
        ("x.csv", HEAD, "gibtsnicht", "Ein Profil „gibtsnicht“ gibt es nicht."),
        ("x.xlsx", "kein XLSX", "leistungsbezug", "x.xlsx"),
        ("x.csv", "A;B\n1;2\n", "leistungsbezug", "x.csv fehlen die Spalten"),
    ],
)
def test_what_cannot_be_imported_is_put_aside_with_its_sentence(
    office: Office, leave: Leave, name: str, text: str, folder: str, sentence: str
) -> None:
    file = leave(text, name, folder)
    take_all(office)
    assert sentence in reports(office, folder)[0]["error"]
    [aside] = (file.parent / REPORTS).glob(f"*{nightly.REFUSED}")
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600


def test_a_file_that_was_replaced_meanwhile_is_taken_the_next_time(
    office: Office, leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(HEAD + ROWS[0])
    taken = importing.import_file

    def slowly(*arguments: Any, **given: Any) -> Any:
        found = taken(*arguments, **given)
        leave(HEAD + ROWS[1] + ROWS[2])
        return found

    monkeypatch.setattr(importing, "import_file", slowly)
    take_all(office)
    monkeypatch.undo()
    assert cases(office) == 1
    take_all(office)
    assert cases(office) == 3
    assert [one["added"] for one in reports(office)] == [1, 2]


def test_what_could_not_be_written_of_the_refused_rows_is_told_and_the_file_kept(
    office: Office, leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = leave(HEAD + "C-1;L-1;31.02.2025;\n")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "voll")

    monkeypatch.setattr(source.RejectedFile, "_replace", full)
    take_all(office)
    assert reports(office)[0]["problems"]
    [aside] = (file.parent / REPORTS).glob(f"*{nightly.REFUSED}")
    assert "31.02.2025" in aside.read_text(encoding="utf-8")


def test_one_file_that_cannot_be_read_keeps_no_other_from_being_taken(
    office: Office, leave: Leave, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = leave(HEAD + ROWS[0], "alt.csv", age=300)
    leave(HEAD + ROWS[1])
    taken = importing.import_file

    def refused(place: Office, path: Path, **given: Any) -> Any:
        if path == broken:
            raise PermissionError(errno.EACCES, "verweigert", str(path))
        return taken(place, path, **given)

    monkeypatch.setattr(importing, "import_file", refused)
    with caplog.at_level(logging.ERROR):
        take_all(office)
    assert cases(office) == 1
    assert broken.exists()  # it stays for the next time
    assert [record.msg for record in caplog.records] == ["deliveries"]


def test_a_mended_file_is_taken_and_never_as_a_snapshot(office: Office, leave: Leave) -> None:
    mended = HEAD.strip() + ";Grund\n" + ROWS[0].strip() + ";weil\n"
    leave(mended, "nacht.csv.rejected.csv")
    leave(mended, "nacht.csv.rejected.csv", folder="leistungsbezug.abzug")
    take_all(office)
    assert cases(office) == 1
    assert len(nightly.waiting(office.settings.data, time.time() + 1_000)) == 0


@pytest.fixture
def looking(office: Office) -> Iterator[Deliveries]:
    found = Deliveries(office)
    yield found
    found.end()


def test_old_refused_rows_go_before_old_reports(office: Office, leave: Leave) -> None:
    file = leave(HEAD + "C-1;L-1;31.02.2025;\n")
    take_all(office)
    place = file.parent / REPORTS
    for days, left in ((6, {".json", ".csv"}), (8, {".json"}), (91, set())):
        nightly.clear_away(office.settings.data, time.time() + days * nightly.DAY)
        assert {one.suffix for one in place.iterdir()} == left


def test_old_refused_rows_go_though_nothing_new_comes(office: Office, leave: Leave, looking: Deliveries) -> None:
    file = leave(HEAD + "C-1;L-1;31.02.2025;\n")
    take_all(office)
    refused = next((file.parent / REPORTS).glob("*.csv"))
    os.utime(refused, (1, 1))
    looking.look()
    assert not refused.exists()


def test_a_process_of_its_own_takes_them(office: Office, leave: Leave, looking: Deliveries) -> None:
    file = leave(HEAD + "".join(ROWS))
    looking.look()
    looking.look()  # one at a time
    until = time.monotonic() + 60
    while file.exists() and time.monotonic() < until:
        time.sleep(0.2)
    assert not file.exists()
    assert cases(office) == 30
