"""Files that another system leaves overnight: a folder has a profile of its name, what was taken is deleted.

Below the data folder: `lieferungen/PROFIL` takes what is new, `lieferungen/PROFIL.abzug` full snapshots, of which more
than 5 % is never withdrawn. Who may write there decides what is stored, so it is ours alone (0700), and no link is
followed.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from domain.periods import BERLIN
from services import failures
from services.exchange.profiles.readers.table import KINDS
from services.failures import Said
from services.office.office import Office

FOLDER, REPORTS, SNAPSHOT, REFUSED = "lieferungen", "berichte", ".abzug", ".abgelehnt"
QUIET = 60.0  # seconds a file has not changed: it is whole
DAY = 86_400
KEPT = {".csv": 7 * DAY, REFUSED: 7 * DAY, ".json": 90 * DAY}  # what the source held, and what came of it
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Delivery(NamedTuple):
    """A file to be taken, the name of its profile, and whether it is a full snapshot."""

    file: Path
    profile: str
    snapshot: bool


class Open(Said):
    """A folder that others may write or look into; its text is one German sentence."""


def is_named(data: Path, profile: str) -> bool:
    """Whether a folder of deliveries is called after a profile."""
    return any((data / FOLDER / f"{profile}{ending}").is_dir() for ending in ("", SNAPSHOT))


def waiting(data: Path, at: float) -> list[Delivery]:
    """The files that are whole at a moment of the machine's clock, the oldest first. Raises Open."""
    found = [
        Delivery(file, folder.name.removesuffix(SNAPSHOT), folder.name.endswith(SNAPSHOT))
        for folder in _folders(data / FOLDER)
        for file in _files(folder, at)
        if not (folder.name.endswith(SNAPSHOT) and ".rejected." in file.name)  # some rows are no snapshot
    ]
    return sorted(found, key=lambda one: (one.file.lstat().st_mtime, one.file))


def take(office: Office, one: Delivery) -> dict[str, Any]:
    """Imports a file and deletes it; one that cannot be imported is put aside among the reports. Gives its report.

    What the database or the disk does not allow now is raised, and the file stays for the next time; so does one that
    was replaced meanwhile.
    """
    from services.exchange import told  # all this is loaded where something is taken, not where one looks
    from services.exchange.importing import import_file
    from services.exchange.profiles import at_hand
    from services.exchange.snapshot import Asked

    said: dict[str, Any] = {"profile": one.profile, "snapshot": one.snapshot}
    before = _state(one.file)
    try:
        profile = at_hand.named(one.profile, office.settings.data)
        asked = Asked(profile.system) if one.snapshot else None
        said |= told.whole(import_file(office, one.file, profile=profile, snapshot=asked))
    except Said as error:
        said["error"] = str(error)
    place = _reported(office, one, said)
    if _state(one.file) == before:
        if "error" in said or said["problems"]:
            one.file.chmod(0o600)
            one.file.replace(place.with_name(place.name + REFUSED))
        else:
            one.file.unlink()
    return said


class Came(Struct, frozen=True):
    """What came of a file, as its report says; `rejected` holds the numbers of the lines."""

    at: dt.datetime
    profile: str
    snapshot: bool
    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    rejected: list[int] = []
    problems: list[str] = []
    error: str = ""

    @property
    def sentence(self) -> str:
        """Why nothing or not all was taken; "" if all was."""
        return self.error or " ".join(self.problems)


def newest(data: Path, most: int) -> list[Came]:
    """What came of the last files, the newest first; a report that cannot be read is passed over. Raises Open."""
    files = [file for folder in _folders(data / FOLDER) for file in (folder / REPORTS).glob("*.json")]
    found = []
    for file in sorted(files, key=lambda one: one.name, reverse=True)[:most]:
        with suppress(OSError, msgspec.DecodeError):
            found.append(msgspec.json.decode(file.read_bytes(), type=Came))
    return found


def _state(file: Path) -> tuple[int, int, int]:
    found = file.lstat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def clear_away(data: Path, at: float) -> None:
    """Deletes reports and what was refused when it has been kept long enough."""
    for folder in _folders(data / FOLDER):
        if (reports := folder / REPORTS).is_dir():
            for file in reports.iterdir():
                if at - file.lstat().st_mtime > KEPT.get(file.suffix, DAY):
                    file.unlink(missing_ok=True)


def _folders(of_all: Path) -> Iterator[Path]:
    if not of_all.is_dir():
        return
    for folder in (of_all, *sorted(of_all.iterdir())):
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            continue
        if found.st_mode & OTHERS or found.st_uid != os.getuid():
            raise Open(f"{folder} ist für andere offen: erwartet wird ein eigener Ordner mit den Rechten 0700.")
        if folder != of_all:
            yield folder


def _files(folder: Path, at: float) -> Iterator[Path]:
    for file in folder.iterdir():
        found = file.lstat()
        table = file.suffix.lower() in KINDS and not file.name.startswith(".")
        if table and stat.S_ISREG(found.st_mode) and at - found.st_mtime > QUIET:
            yield file


def _reported(office: Office, one: Delivery, said: dict[str, Any]) -> Path:
    """Writes what came of a file, and moves its refused rows there, both readable by us alone; gives where.

    The reasons stand with the rows; the report has their numbers alone, as it is kept for longer.
    """
    reports = one.file.parent / REPORTS
    reports.mkdir(mode=0o700, exist_ok=True)
    now = office.now().astimezone(BERLIN)
    before = sum(1 for _ in reports.glob(f"{now:%Y-%m-%dT%H%M%S}-*.json"))
    name = f"{now:%Y-%m-%dT%H%M%S}-{before + 1:02}-{one.file.name}"
    refused = one.file.with_name(f"{one.file.name}.rejected.csv")
    if said.get("rejected") and refused.exists():
        refused.replace(reports / f"{name}.rejected.csv")
    shown = {"at": now, **said} | (
        {"rejected": [row["line"] for row in said["rejected"]]} if "rejected" in said else {}
    )
    handle = os.open(reports / f"{name}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(shown)))
    counts = {key: len(value) if isinstance(value, list) else value for key, value in said.items() if key != "error"}
    failures.note(office.settings.data, "delivery", "error" if "error" in said else "info", **counts)
    return reports / name
