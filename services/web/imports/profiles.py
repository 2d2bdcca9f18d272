"""Eigene Profile: how the office reads files of other programs, to be renamed and deleted."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from domain.decisions.refusal import Refused
from services.exchange.uploads import shelf
from services.failures import Said
from services.office.office import Office
from services.web.http import templating
from services.web.http.door import Posted, TheOffice, further
from services.web.imports import offered
from services.web.imports.page import Does, Sees
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

PATH = "/einlesen/profile"
GONE = "Dieses eigene Profil gibt es nicht mehr."
UNKNOWN = "Bitte wählen, was mit dem Profil geschehen soll."
SHIPPED = "So heißt ein mitgeliefertes Profil; bitte einen anderen Namen wählen."
AT_WORK = "Mit dem Profil „{}“ wird gerade eine Datei gelesen; bitte warten Sie, bis das fertig ist."
DELIVERED = "Nach dem Profil „{}“ heißt ein Ordner für nächtliche Lieferungen; bitte zuerst den Ordner ändern."


@router.get(PATH)
def show(request: Request, door: Sees) -> Response:
    """The profiles of the office, by name."""
    with door.open() as visit:
        return templating.page(request, "import_profiles.html", visit.visitor, _context(door.office, {}, "", ""))


@router.post(PATH)
def change(request: Request, office: TheOffice, visitor: Does, form: Posted) -> Response:
    """Renames or deletes one, as it was shown."""
    name, new = text_in(form, "profil", 80), text_in(form, "name", 80).lower()
    try:
        _change(office, name, text_in(form, "tun", 20), new, text_in(form, "stand", 64))
    except Refused as error:
        with further(request, office, visitor) as visit:
            context = _context(office, dict(error.reasons), name, new)
        return templating.page(request, "import_profiles.html", visit.visitor, context, 422)
    return templating.go(PATH)


def _change(office: Office, name: str, asked: str, new: str, before: str) -> None:
    from services.exchange.profiles import at_hand, written  # what reads tables is loaded where one is read

    data = office.settings.data
    if asked not in ("umbenennen", "loeschen"):
        raise Refused([("", UNKNOWN)])
    if asked == "umbenennen" and new in at_hand.files(None):
        raise Refused([("name", SHIPPED)])
    if name not in at_hand.files(data) or name in at_hand.files(None):
        raise Refused([("", GONE)])
    _check_free(office, name)
    path = written.place(data, name)
    try:
        if asked == "loeschen":
            written.remove(path, before)
        else:
            written.rename(path, written.place(data, new), before)
    except written.Overtaken as error:
        raise Refused([("", str(error))]) from None
    except Said as error:
        raise Refused([("name", str(error))]) from None


def _check_free(office: Office, name: str) -> None:
    """Raises Refused for a profile that something would miss."""
    from services.exchange import nightly

    if nightly.is_named(office.settings.data, name):
        raise Refused([("", DELIVERED.format(name))])
    with office.read() as tx:
        if shelf.is_read_with(tx.conn, name):
            raise Refused([("", AT_WORK.format(name))])


def _context(office: Office, wrong: dict[str, str], about: str, typed: str) -> dict[str, Any]:
    from services.exchange.profiles import at_hand, written

    files = {name: file for name, file in at_hand.files(office.settings.data).items() if file.parent != at_hand.SHIPPED}
    own = []
    for name, file in files.items():
        with suppress(FileNotFoundError):  # somebody has just deleted or renamed it
            own.append((name, *offered.told(file), written.state(file)))
    return {"own": own, "wrong": wrong, "about": about, "typed": typed, "action": PATH}
