"""What was handed in lies sealed; it is checked and imported by one process, and a killed one is made up for."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.facts import Stream
from services.exchange.importing import import_file
from services.exchange.uploads import sealed, shelf, work
from services.exchange.uploads.sealed import PIECE, Damaged, Sealer, pieces
from services.exchange.uploads.shelf import Hidden, State, Upload
from services.interpreter import ROOT, found_here
from services.office.health import machine_time
from services.office.office import Office
from services.questions.typed import thousands
from services.records.vault import Cipher, fresh_key
from tests.services.commandline import as_bytes

HEAD = "Fallnummer;Bescheid-Nr;Beginn;Ende\n"
ROWS = [f"C-{at};L-{at};01.01.2025;\n" for at in range(1500)]


def handed_in(office: Office, text: str, profile: str | None = "leistungsbezug", person: str = "0" * 32) -> UUID:
    """A file on the shelf, to be checked."""
    id, key = uuid4(), fresh_key()
    shelf.folder(office.settings.data)
    sealer = Sealer(shelf.place(office.settings.data, id), Cipher(key))
    sealer.write(text.encode())
    sealer.end()
    with office.write() as tx:
        kind = "csv" if profile else "jsonl"
        row = {"id": id, "person": person, "at": tx.now, "kind": kind, "size": len(text), "digest": "0" * 64}
        shelf.put(tx.conn, office.vault, key, row, Hidden(f"x.{kind}"))
        assert shelf.ask(tx.conn, id, State.CHECKING, [State.KEPT], profile=profile)
    return id


def upload(office: Office, id: UUID) -> Upload:
    with office.read() as tx:
        found = shelf.found(tx.conn, office.vault, id)
    assert found is not None
    return found


def imported(office: Office, id: UUID) -> None:
    """Asks for the import of what was checked."""
    with office.write() as tx:
        assert shelf.ask(tx.conn, id, State.IMPORTING, [State.CHECKED])


def cases(office: Office) -> int:
    with office.read() as tx:
        return len(list(tx.store.streams(tx.conn, Stream.CASE)))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_what_is_sealed_opens_whole_or_not_at_all(tmp_path: Path, size: int) -> None:
    cipher, file, clear = Cipher(fresh_key()), tmp_path / "x", os.urandom(size)
    sealer = Sealer(file, cipher)
    for at in range(0, size, 100_000):
        sealer.write(clear[at : at + 100_000])
    sealer.end()
    assert b"".join(pieces(file, cipher)) == clear
    lies = file.read_bytes()
    whole = PIECE + 4 + 12 + 16  # a sealed piece with its length
    damaged = [lies[:-1], lies[:whole] if size > PIECE else lies[:3], lies + b"\0\0\0\0", lies[whole:]]
    for one in (one for one in damaged if one != lies):
        file.write_bytes(one)
        with pytest.raises(Damaged):
            list(pieces(file, cipher))
    file.write_bytes(lies)
    with pytest.raises(Damaged):
        list(pieces(file, Cipher(fresh_key())))


def test_a_killed_process_is_made_up_for(office: Office) -> None:
    id = handed_in(office, HEAD + "".join(ROWS))
    work.work_off(office)
    imported(office, id)
    environment = {"FALLVERLAUF_DATA": str(office.settings.data), "FALLVERLAUF_NOW": office.now().isoformat()}
    words = [sys.executable, "-m", "workers.processes", "uploads"]
    process = subprocess.Popen(words, cwd=ROOT, env=found_here() | environment, start_new_session=True)
    while not cases(office) and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = cases(office)
    assert before > 0
    one = upload(office, id)
    assert (one.state, one.tries) == (State.IMPORTING, 1)
    work.work_off(office)
    one = upload(office, id)
    assert (one.state, cases(office)) == (State.DONE, len(ROWS))
    assert one.counts is not None
    assert one.counts["added"] + one.counts["known"] == len(ROWS)
    left = thousands(len(ROWS) - before)
    new = f"Darunter {left} neue Fälle: Auch eine vertippte Fallnummer legt einen neuen Fall an."
    assert one.counts["notes"] == [new, work.AGAIN]
    assert list((office.settings.data / shelf.FOLDER).glob(f"{sealed.AT_WORK}*")) == []


def test_what_kills_again_and_again_is_given_up(office: Office) -> None:
    id = handed_in(office, HEAD + ROWS[0])
    with office.write() as tx:
        shelf.note(tx.conn, upload(office, id), tries=work.TRIES)
    work.work_off(office)
    one = upload(office, id)
    assert (one.state, one.problem) == (State.FAILED, work.GIVEN_UP.format(work.TRIES))


def test_one_process_is_at_it(office: Office) -> None:
    id = handed_in(office, HEAD + ROWS[0])
    with (shelf.folder(office.settings.data) / ".lauf").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        work.work_off(office)
        assert upload(office, id).state == State.CHECKING
    work.work_off(office)
    assert upload(office, id).state == State.CHECKED


def test_what_is_lost_or_damaged_says_so(office: Office) -> None:
    lost, damaged = handed_in(office, HEAD + ROWS[0]), handed_in(office, HEAD + ROWS[0])
    shelf.place(office.settings.data, lost).unlink()
    with shelf.place(office.settings.data, damaged).open("r+b") as file:
        file.seek(20)
        file.write(b"\0\0")
    work.work_off(office)
    assert (upload(office, lost).state, upload(office, lost).problem) == (State.FAILED, work.GONE)
    assert "beschädigt" in (upload(office, damaged).problem or "")


def test_after_seven_days_a_file_is_gone_and_its_row_stays(office: Office) -> None:
    old, young, read = (handed_in(office, HEAD + ROWS[0]) for _ in range(3))
    with office.write() as tx:
        for id in (old, young):
            shelf.note(tx.conn, upload(office, id), state=State.DONE, counts={"added": 1})
    for id in (old, read):
        eight_days = time.time() - dt.timedelta(days=8).total_seconds()
        os.utime(shelf.place(office.settings.data, id), (eight_days, eight_days))
    shelf.throw_old_away(office, machine_time())
    there = {id: shelf.place(office.settings.data, id).exists() for id in (old, young, read)}
    assert there == {old: False, young: True, read: True}  # one that is read stays until it is done
    assert (upload(office, old).cipher, upload(office, old).hidden) == (None, None)
    assert upload(office, old).counts == {"added": 1}
    assert upload(office, young).hidden is not None


def test_nobody_gives_themselves_a_role_by_a_file(office: Office, tmp_path: Path) -> None:
    """Whatever day and whom it names as its writer; what they have already may stand in it."""
    there = [role("edv-1", "edv", "2020-01-01"), role("edv-2", "edv", "2020-01-01")]
    (path := tmp_path / "there.jsonl").write_bytes(b"\n".join(map(as_bytes, there)))
    assert import_file(office, path).rejected == []
    with office.read() as tx:
        key = tx.store.key(tx.conn, Stream.PERSON, "edv-1")
    assert key is not None
    wanted = [role("edv-1", "management", "2020-02-01"), role("edv-2", "management", "2020-02-01")]
    wanted.append(role("edv-1", "edv", "2020-03-01"))
    text = "\n".join(as_bytes(one).decode() for one in wanted)
    id = handed_in(office, text, None, key.hex)
    work.work_off(office)
    found = upload(office, id)
    assert found.hidden is not None
    assert [line for line, _ in found.hidden.refused] == [1], found.hidden.refused
    assert "Über eigene Rollen entscheiden zwei andere Personen." in found.hidden.refused[0][1]


def role(person: str, name: str, on: str) -> dict[str, object]:
    about = {"person": person, "fact": "role-assigned", "id": f"{person}:{name}:{on}", "by": "hr-1"}
    return about | {"on": on, "recorded_at": f"{on}T08:00:00+01:00", "data": {"role": name}}
