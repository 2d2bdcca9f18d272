"""Checks and imports what was handed in, one file after another, in a process of its own; what died begins anew."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.exc import OperationalError

from domain.actions import Action
from domain.decisions.directory import OWN
from domain.facts import Stream, declared, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.directory import RoleAssigned
from services import failures
from services.exchange import told
from services.exchange.asker import Asker
from services.exchange.importing import import_file
from services.exchange.lines import Frame, Line
from services.exchange.profiles import at_hand
from services.exchange.profiles.profile import Profile
from services.exchange.snapshot import Asked
from services.exchange.source import default_by
from services.exchange.told import Report
from services.exchange.uploads import sealed, seen, shelf
from services.exchange.uploads.shelf import State, Upload
from services.failures import Said
from services.office.office import Office
from services.people import directory

Role = tuple[str, str | None, str | None, str | None]  # with unit, area and team, where it is bound to one
TRIES = 5
LEFT = 3600  # seconds after which no page reads in its folder any more
OFTEN = 0.5  # seconds between two notes of how far it is
REASONS = 20  # refused rows that the page names
GONE = "Die Datei ist nicht mehr da; bitte noch einmal hochladen."
GIVEN_UP = "Die Verarbeitung brach {} Mal ab; bitte auf kleinere Dateien verteilen oder noch einmal versuchen."
AGAIN = "Die Verarbeitung wurde unterbrochen und neu begonnen; was davor schon gespeichert war, zählt hier als bekannt."
CHANGED = "Das Profil wurde seit der Prüfung geändert; bitte noch einmal prüfen."


def work_off(office: Office) -> None:
    """Takes what waits until nothing does; does nothing while another process is at it."""
    folder = shelf.folder(office.settings.data)
    with _alone(folder) as alone:
        if not alone:
            return
        _clear(folder)
        while one := _waiting(office):
            _take(office, one)


def basis(profile: str | None, data: Path, *, snapshot: bool) -> str:
    """What a check rests on: it counts as long as this stays the same. Raises Unfit, OSError."""
    said = at_hand.text(profile, data) if profile else b""
    return sha256(said + bytes([snapshot])).hexdigest()


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    with (folder / ".lauf").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _clear(folder: Path) -> None:
    """What a killed process has left, which is empty by now; a page may be reading in its own meanwhile."""
    old = time.time() - LEFT
    for left in (*folder.glob(f"{sealed.AT_WORK}*"), *folder.glob(f"{sealed.LOOKED_AT}*")):
        with suppress(FileNotFoundError):
            if left.name.startswith(sealed.AT_WORK) or left.stat().st_mtime < old:
                shutil.rmtree(left)


def _waiting(office: Office) -> Upload | None:
    with office.read() as tx:
        return shelf.waiting(tx.conn, office.vault)


def _take(office: Office, one: Upload) -> None:
    """Does what is asked of one file; what the database does not allow now is raised, and it waits on."""
    checks = one.state == State.CHECKING
    if one.tries >= TRIES:
        _note(office, one, state=State.FAILED, problem=GIVEN_UP.format(one.tries))
        return
    _note(office, one, tries=one.tries + 1)
    try:
        came = _tried(office, one, checks=checks)
    except Said as error:
        came = {"state": State.FAILED, "problem": str(error)}
    except Exception as error:
        if failures.passing(error):  # no fault of the file
            with suppress(OperationalError):
                _note(office, one, tries=one.tries)
            raise
        said = failures.sentence(error) or failures.unexpected(error, office.settings.data)
        came = {"state": State.FAILED, "problem": said}
    problem = came.get("problem")
    failures.note(office.settings.data, "upload", "error" if problem else "info", id=one.id.hex, state=came["state"])
    _note(office, one, **came)


def _tried(office: Office, one: Upload, *, checks: bool) -> dict[str, Any]:
    data = office.settings.data
    if one.cipher is None or one.hidden is None or not shelf.place(data, one.id).exists():
        raise Said(GONE)
    profile = at_hand.named(one.profile, data) if one.profile else None
    rests_on = basis(one.profile, data, snapshot=one.snapshot)
    if not checks and rests_on != one.checked:
        raise Said(CHANGED)
    with sealed.laid_open(shelf.place(data, one.id), one.cipher, one.hidden.name, sealed.AT_WORK) as path:
        try:
            report, first = _read(office, one, path, profile, checks=checks)
            _keep_refused(data, one, path)
        except (Said, OSError) as error:
            raise Said(_about(path, failures.sentence(error) or str(error))) from None
    refused = [(line, seen.without_content(why, profile)) for line, why in report.rejected[:REASONS]]
    hidden = msgspec.structs.replace(one.hidden, first=first, refused=refused)
    notes = [_about(path, sentence) for sentence in (*report.problems, *report.notes)] + [AGAIN] * (
        one.tries > 0 and not checks
    )
    counts = told.answer(report, changes=True) | {"rejected": len(report.rejected), "notes": notes}
    came = {"state": State.CHECKED if checks else State.DONE, "counts": counts, "hidden": shelf.hide(one, hidden)}
    return came | {"checked": rests_on, "share": 1000, "lines": report.read, "problem": None}


def _read(
    office: Office, one: Upload, path: Path, profile: Profile | None, *, checks: bool
) -> tuple[Report, list[shelf.Shown]]:
    by = f"import:{profile.system}" if profile else default_by(path)
    first = seen.first_rows(path, profile, Frame(office.now(), by)) if checks else []
    report = import_file(
        office,
        path,
        profile=profile,
        snapshot=Asked(profile.system) if one.snapshot and profile else None,
        dry_run=checks,
        progress=_Progress(office, one).note,
        asker=Asker(lambda sentence: _note(office, one, problem=sentence), _hand(office, one)),
    )
    return report, first


def _hand(office: Office, one: Upload) -> Callable[[Line], str]:
    """What those who had a file handed in and taken in may not bring in that way."""
    keys = {UUID(hex=person) for person in (one.person, one.asked_by) if person}
    with office.read() as tx:
        people, office_now = tx.store.numbers(tx.conn, keys), directory.organisation(tx)
        held = {
            number: {(role.role, role.unit, role.area, role.team) for role in office_now.roles(key.hex, tx.today)}
            for key, number in people.items()
        }
    return partial(objection, {} if office_now.is_empty else held)


def objection(held: Mapping[str, Set[Role]], line: Line) -> str:
    """One person alone hands a file in: what needs two, or a lead, does not come in this way (Fachkonzept 13).

    `held`: who had it handed in, and what roles they have; nobody as long as the office has nobody at all.
    """
    fact = line.entry.fact
    if line.stream is Stream.OFFICE:
        return "Einstellungen werden hier nicht eingelesen: Die legen zwei Personen unter Regeln fest."
    if line.stream is Stream.CASE and (about := declared(name_of(fact))).action is Action.DECIDE:
        return f"„{about.german}“ wird hier nicht eingelesen: Das entscheidet die Leitung in Fallverlauf selbst."
    if line.stream is Stream.PERSON and line.number in held:
        new = isinstance(fact, RoleAssigned) and (fact.role, fact.unit, fact.area, fact.team) not in held[line.number]
        return OWN if new or isinstance(fact, FactCorrected | FactWithdrawn) else ""
    return ""


class _Progress:
    """Notes how far it is, not too often, and leaves it where the database is busy."""

    def __init__(self, office: Office, one: Upload) -> None:
        self._office, self._one, self._last = office, one, 0.0

    def note(self, lines: int, share: float) -> None:
        if time.monotonic() - self._last > OFTEN:
            self._last = time.monotonic()
            with suppress(OperationalError):
                _note(self._office, self._one, lines=lines, share=round(share * 1000), problem=None)


def _keep_refused(data: Path, one: Upload, path: Path) -> None:
    to = shelf.place(data, one.id, shelf.REFUSED)
    to.unlink(missing_ok=True)
    assert one.cipher is not None
    for written in path.parent.glob("*.rejected.*"):
        sealed.seal_file(written, to, one.cipher)


def _about(path: Path, sentence: str) -> str:
    """A sentence about the file, without its name and place."""
    return sentence.replace(str(path), "Die Datei").replace(path.name, "Die Datei")


def _note(office: Office, one: Upload, **values: Any) -> None:
    with office.write() as tx:
        shelf.note(tx.conn, one, **values)
