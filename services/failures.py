"""What users read when something fails: one German sentence and an exit status, never a traceback."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

LOG = "fallverlauf.log"
LOGGER = "fallverlauf"  # the one logger: every module of the service writes to it
DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
FULL = (errno.ENOSPC, errno.EDQUOT)

OTHER_TABLES = "In der Datenbank fehlt etwas oder passt nicht zu dieser Version. Bitte eine Sicherung einspielen."
UNREACHABLE = "Die Datenbank ist nicht erreichbar."
REJECTED = "Die Datenbank lehnt die Anmeldung ab."
_OS = {
    errno.ENOENT: "gibt es nicht",
    errno.EISDIR: "ist ein Ordner, keine Datei",
    errno.ENOTDIR: "liegt nicht in einem Ordner",
    errno.ENODEV: "ist keine gewöhnliche Datei",
    errno.EEXIST: "ist schon da und kein Ordner",
    errno.EACCES: "darf nicht gelesen oder geschrieben werden",
    errno.EPERM: "darf nicht gelesen oder geschrieben werden",
    errno.EROFS: "liegt auf einem Datenträger, der nicht beschrieben werden kann",
    errno.ENAMETOOLONG: "hat einen zu langen Namen",
    errno.ELOOP: "verweist im Kreis",
    errno.EIO: "lässt sich nicht lesen oder schreiben, der Datenträger meldet einen Fehler",
    errno.EFBIG: "würde zu groß",
    errno.EBUSY: "wird gerade anderswo gebraucht",
    errno.ETXTBSY: "wird gerade anderswo gebraucht",
    errno.EMFILE: "lässt sich nicht öffnen, es sind zu viele Dateien offen",
    errno.ENFILE: "lässt sich nicht öffnen, es sind zu viele Dateien offen",
    errno.EXDEV: "liegt auf einem anderen Datenträger",
}
BUSY = "Die Datenbank ist gerade belegt. Bitte gleich noch einmal versuchen."
_DATABASE = {
    **dict.fromkeys(("is locked", "lock timeout", "limit of size"), BUSY),  # SQLite, PostgreSQL, no connection free
    "not a database": "Die Datenbankdatei ist keine SQLite-Datenbank oder beschädigt.",
    "malformed": "Die Datenbankdatei ist beschädigt. Bitte eine Sicherung einspielen.",
    "is full": "Auf dem Datenträger der Datenbank ist kein Platz mehr.",
    "unable to open": "Die Datenbankdatei lässt sich nicht öffnen.",
    "readonly": "Die Datenbankdatei darf nicht beschrieben werden.",
    "disk i/o": "Beim Zugriff auf die Datenbankdatei ist ein Lese- oder Schreibfehler aufgetreten.",
    "password authentication": REJECTED,
    **dict.fromkeys(("connection failed", "connection is bad"), UNREACHABLE),
    "failed to resolve host": "Den Rechner der Datenbank gibt es in diesem Netz nicht.",
    **dict.fromkeys(("no such table", "no such column", "already exists", "does not exist"), OTHER_TABLES),
}


class Said(Exception):
    """A failure that can be expected; its text is one German sentence for whoever asked."""


def sentence(error: BaseException) -> str | None:
    """The sentence of a failure that can be expected; None if it is none of these."""
    if isinstance(error, Said):
        return str(error)
    if isinstance(error, OSError):
        return _of_system(error)
    if type(error).__name__ == "Conflict":
        return "Gleichzeitig hat jemand anderes geschrieben. Bitte noch einmal versuchen."
    if type(error).__module__.startswith("sqlalchemy"):
        said = str(getattr(error, "orig", None) or error).lower()
        return next((text for part, text in _DATABASE.items() if part in said), None)
    return None


def busy(error: BaseException) -> bool:
    """Whether others kept the database for too long; what was to be stored is not."""
    return sentence(error) == BUSY


def passing(error: BaseException) -> bool:
    """Whether it mends itself: others keep the database for too long, or it is away for a while."""
    lost = bool(getattr(error, "connection_invalidated", False))
    return lost or sentence(error) in (BUSY, UNREACHABLE)


def rejected(error: BaseException) -> bool:
    """Whether the database answers and does not accept the user or the password: waiting does not mend that."""
    return sentence(error) == REJECTED


def _of_system(error: OSError) -> str | None:
    if error.errno in FULL:
        return "Auf dem Datenträger ist kein Platz mehr."
    if error.filename is None:
        return None
    return f"{os.fsdecode(error.filename)} {of_file(error)}."


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Lets a failure name the file that was asked for, not a hidden one beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def of_file(error: OSError) -> str:
    """What is the matter with a file or folder, to be said after its name; never in the words of the system."""
    if error.errno in FULL:
        return "findet auf dem Datenträger keinen Platz mehr"
    return _OS.get(error.errno or 0, f"lässt sich nicht verwenden (Fehler {error.errno} des Betriebssystems)")


def unexpected(error: BaseException, folder: Path | None) -> str:
    """The sentence of a failure nobody expected; where it happened goes to the log in `folder` under its number.

    Messages of exceptions are left out of the log: they may hold what a case contains.
    """
    number = secrets.token_hex(4)
    kinds = [type(one).__qualname__ for one in _causes(error)]
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in _frames(error)]
    place = ""
    if folder is not None:
        with suppress(OSError):
            note(folder, "command failed", number=number, kinds=kinds, where=where)
            place = f" Einzelheiten stehen in {folder / LOG}."
    return f"Ein unerwarteter Fehler ist aufgetreten (Nummer {number}).{place}"


def note(folder: Path, event: str, level: str = "info", /, **fields: Any) -> None:
    """Appends one JSON object to the log in `folder`, which only its owner can read; never a name or a text.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(line(event, level, **fields) + "\n")


def line(event: str, level: str = "info", /, **fields: Any) -> str:
    """What the log says of an event, as one JSON object."""
    at = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({**fields, "event": event, "level": level, "timestamp": at}, ensure_ascii=False, default=str)


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return list(traceback.extract_tb(error.__traceback__))


def _causes(error: BaseException) -> list[BaseException]:
    found = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) is not None and cause not in found:
        found.append(cause)
    return found
