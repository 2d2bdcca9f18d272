"""The files that were handed in, as the database knows them: whose, in what state, what came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from services.office.health import machine_time
from services.office.office import Office
from services.records.tables import uploads
from services.records.vault import Cipher, Vault

FOLDER, SEALED, REFUSED, BEGUN = "einlesen", ".siegel", ".abgelehnt", ".neu"
ENDINGS = (SEALED, REFUSED, BEGUN)
KEPT = dt.timedelta(days=7)
SHOWN = 50  # of the past
LONGEST = 600  # characters of a problem


class State(StrEnum):
    """What has become of a file."""

    KEPT = "kept"  # nobody has said yet what its columns mean
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"


AT_WORK = (State.CHECKING, State.IMPORTING)


class Top(Struct, frozen=True):
    """The first rows of a sheet as texts, each with its number from 1; CSV has one sheet without a name."""

    sheet: str | None
    rows: list[tuple[int, list[str]]]


class Told(Struct, frozen=True):
    """One fact a row would become: its stored name, whose, since when, and its fields as they may be shown."""

    fact: str
    about: str
    on: str
    fields: list[tuple[str, str]]


class Shown(Struct, frozen=True):
    """A row of the source: what it becomes, or why it is refused."""

    number: int
    facts: list[Told] = []
    reason: str = ""


class Hidden(Struct, frozen=True):
    """What is sealed with the key of the file and goes with it, as it comes from the file."""

    name: str
    encoding: str | None = None
    delimiter: str | None = None
    tops: list[Top] = []
    first: list[Shown] = []
    refused: list[tuple[int, str]] = []


class Upload(Struct, frozen=True):
    """A row of the shelf. `share` is a per mille of the file, `checked` what a check rested on; `cipher` and `hidden`
    are gone with the file.
    """

    id: UUID
    person: str
    at: dt.datetime
    kind: str
    size: int
    digest: str
    state: str
    profile: str | None
    checked: str | None
    snapshot: bool
    asked_by: str | None
    asked_at: dt.datetime | None
    tries: int
    lines: int
    share: int
    counts: dict[str, Any] | None
    problem: str | None
    cipher: Cipher | None
    hidden: Hidden | None

    @property
    def at_work(self) -> bool:
        """Whether it is being checked or imported, or waits for its turn."""
        return self.state in AT_WORK


def place(data: Path, id: UUID, ending: str = SEALED) -> Path:
    """Where a file lies, or with another ending what was refused of it."""
    return data / FOLDER / f"{id.hex}{ending}"


def folder(data: Path) -> Path:
    """The folder of the files, made if need be, for nobody else. Raises OSError."""
    found = data / FOLDER
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def put(conn: Connection, vault: Vault, key: bytes, row: Mapping[str, Any], hidden: Hidden) -> None:
    """Notes a file that was handed in; `row` says id, person, at, kind, size and digest."""
    fresh = {"state": State.KEPT, "snapshot": False, "tries": 0, "lines": 0, "share": 0}
    sealed = _sealed(Cipher(key), row["id"], hidden)
    conn.execute(
        insert(uploads).values(**fresh, **row, wrapped=vault.kept_key(row["id"], key)["wrapped"], hidden=sealed)
    )


def found(conn: Connection, vault: Vault, id: UUID) -> Upload | None:
    """One file."""
    row = conn.execute(select(uploads).where(uploads.c.id == id)).one_or_none()
    return _upload(vault, row) if row else None


def newest(conn: Connection, vault: Vault) -> list[Upload]:
    """The last ones, the newest first."""
    rows = conn.execute(select(uploads).order_by(uploads.c.at.desc(), uploads.c.id).limit(SHOWN))
    return [_upload(vault, row) for row in rows]


def waiting(conn: Connection, vault: Vault) -> Upload | None:
    """The one whose turn it is."""
    one = uploads.c
    row = conn.execute(select(uploads).where(one.state.in_(AT_WORK)).order_by(one.asked_at, one.id).limit(1)).first()
    return _upload(vault, row) if row else None


def are_waiting(conn: Connection) -> bool:
    """Whether there is something to do."""
    return conn.execute(select(uploads.c.id).where(uploads.c.state.in_(AT_WORK)).limit(1)).first() is not None


def is_read_with(conn: Connection, profile: str) -> bool:
    """Whether a file is being checked or imported with the profile of this name, or waits for that."""
    one = uploads.c
    return conn.scalar(select(one.id).where(one.state.in_(AT_WORK), one.profile == profile).limit(1)) is not None


def same(conn: Connection, one: Upload) -> dt.datetime | None:
    """When a file with the same content was imported, as far as one was."""
    there = (uploads.c.digest == one.digest, uploads.c.id != one.id, uploads.c.state == State.DONE)
    return conn.scalar(select(uploads.c.at).where(*there).order_by(uploads.c.at.desc()).limit(1))


def ask(
    conn: Connection, id: UUID, to: State, of: Iterable[str], since: dt.datetime | None = None, **values: Any
) -> bool:
    """Has a file checked or imported, if it is in one of these states; False if it is in another, or its file gone.

    `since`: when the check was asked for that somebody has read; False if it was checked anew after it.
    """
    one = uploads.c
    fresh = {"tries": 0, "lines": 0, "share": 0, "problem": None, "asked_at": machine_time()}
    statement = update(uploads).where(one.id == id, one.state.in_(tuple(of)), one.wrapped.is_not(None))
    if since is not None:
        statement = statement.where(one.asked_at == since)
    return conn.execute(statement.values(state=to, **fresh, **values)).rowcount == 1


def note(conn: Connection, one: Upload, **values: Any) -> None:
    """Notes how far the work is, or what came of it."""
    if isinstance(values.get("problem"), str):
        values["problem"] = values["problem"][:LONGEST]
    conn.execute(update(uploads).where(uploads.c.id == one.id).values(**values))


def hide(one: Upload, hidden: Hidden) -> bytes | None:
    """What comes from the file, sealed with its key."""
    return None if one.cipher is None else _sealed(one.cipher, one.id, hidden)


def throw_away(office: Office, id: UUID) -> bool:
    """Destroys the key of a file and the file; False while it is read. What came of it stays noted."""
    with office.write() as tx:
        free = (uploads.c.id == id, uploads.c.state.not_in(AT_WORK))
        if not tx.conn.execute(update(uploads).where(*free).values(wrapped=None, hidden=None)).rowcount:
            return False
    for ending in (SEALED, REFUSED):
        with suppress(FileNotFoundError):
            place(office.settings.data, id, ending).unlink()
    return True


def throw_old_away(office: Office, at: dt.datetime) -> None:
    """Does so with all that are older than seven days by the machine's clock, known or not, unless one is read; and
    with what is noted of a file that is not there.
    """
    files = [one for ending in ENDINGS for one in (office.settings.data / FOLDER).glob(f"*{ending}")]
    for file in files:
        old = file.exists() and at.timestamp() - file.stat().st_mtime > KEPT.total_seconds()
        id = _id(file)
        if old and id and not _is_read(office, id):
            throw_away(office, id)
            file.unlink(missing_ok=True)
    with office.read() as tx:
        noted = tx.conn.scalars(select(uploads.c.id).where(uploads.c.wrapped.is_not(None))).all()
    for id in noted:
        if not place(office.settings.data, id).exists():
            throw_away(office, id)


def _id(file: Path) -> UUID | None:
    """Of which upload a file is; None: it is none of ours."""
    try:
        return UUID(file.stem)
    except ValueError:
        return None


def _is_read(office: Office, id: UUID) -> bool:
    with office.read() as tx:
        one = found(tx.conn, office.vault, id)
    return one is not None and one.at_work


def _upload(vault: Vault, row: Any) -> Upload:
    said = dict(row._mapping)
    wrapped, hidden = said.pop("wrapped"), said.pop("hidden")
    cipher = vault.unwrap(row.id, wrapped) if wrapped else None
    clear = cipher.open(hidden, row.id.bytes + b"hidden") if cipher and hidden else None
    return Upload(**said, cipher=cipher, hidden=msgspec.json.decode(clear, type=Hidden) if clear else None)


def _sealed(cipher: Cipher, id: UUID, hidden: Hidden) -> bytes:
    return cipher.seal(msgspec.json.encode(hidden), id.bytes + b"hidden")
