"""Einlesen: a file is handed in, checked without storing anything, imported; the report stays when the file is gone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from domain.permissions import Action
from services import failures
from services.exchange.uploads import shelf
from services.exchange.uploads.shelf import State, Upload
from services.failures import Said
from services.office.health import machine_time
from services.office.office import Office, Transaction
from services.people import directory
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, Streams, TheOffice, further
from services.web.http.visitor import NotThere, Visitor
from services.web.imports import offered, receive
from services.web.words.forms import text_in

if TYPE_CHECKING:
    from services.exchange.nightly import Came

router = APIRouter(include_in_schema=False)
log = logging.getLogger(failures.LOGGER)

Sees = Annotated[Door, Depends(Opens(Action.IMPORT))]
Does = Annotated[Visitor, Depends(Needs(Action.IMPORT))]
DELIVERED = 20  # nightly files whose results are shown
SILENT = 60  # seconds after which nobody seems to take what waits
NO_FILE = "Diese Datei gibt es hier nicht."
GONE = "Die Datei ist gelöscht; bitte noch einmal hochladen."
AT_WORK = "Diese Datei wird gerade gelesen; bitte warten Sie, bis das fertig ist."
CHOOSE = "Bitte ein Profil wählen."
FIRST_CHECK = "Bitte die Datei zuerst prüfen."
CHECKED_ANEW = "Die Datei wurde inzwischen neu geprüft; bitte sehen Sie die Zahlen noch einmal an."
WORDS: Mapping[str, str] = {
    State.KEPT: "hochgeladen",
    State.CHECKING: "wird geprüft",
    State.CHECKED: "geprüft",
    State.IMPORTING: "wird eingelesen",
    State.DONE: "eingelesen",
    State.FAILED: "abgebrochen",
}
COUNTS = (
    ("added", "neu"),
    ("changed", "geändert"),
    ("known", "schon bekannt"),
    ("matched", "aus anderer Quelle bekannt"),
    ("withdrawn", "zurückgenommen"),
    ("waiting", "warten auf den Eintrag, den sie betreffen"),
)
WRITES = ("added", "changed", "matched", "withdrawn", "waiting")  # what there is to import at all
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "windows-1252": "Windows-1252"}
DELIMITERS = {";": "Semikolon", ",": "Komma", "\t": "Tabulator", "|": "senkrechter Strich"}


class Refusal(NamedTuple):
    """What was not done, by its field, and what was chosen."""

    wrong: Mapping[str, str] = {}
    profile: str = ""
    snapshot: bool = False


@router.get("/einlesen")
def show(request: Request, door: Sees) -> Response:
    """What was handed in, the newest first."""
    return _list(request, door, "")


@router.post("/einlesen")
async def take(request: Request, office: TheOffice, door: Annotated[Door, Depends(Streams(Action.IMPORT))]) -> Response:
    """Takes a file as it comes, and leads to its page."""
    try:
        taken = await receive.take(request, office, door)
    except receive.Rejected as error:
        return await run_in_threadpool(_list, request, door, error.sentence, error.status)
    try:
        await run_in_threadpool(_note, office, taken)
    except Said as error:
        return await run_in_threadpool(_list, request, door, str(error), 422)
    return templating.go(f"/einlesen/{taken.id}")


def _note(office: Office, taken: receive.Taken) -> None:
    hidden = receive.look_at(office, taken)
    kind = taken.name.rpartition(".")[2]
    with office.write() as tx:
        row = {"id": taken.id, "person": taken.visitor.person, "at": tx.now, "kind": kind, "size": taken.size}
        shelf.put(tx.conn, office.vault, taken.key, row | {"digest": taken.digest}, hidden)
    log.info("upload", extra={"id": taken.id.hex, "kind": kind, "size": taken.size})


def _list(request: Request, door: Door, wrong: str, status: int = 200) -> Response:
    with further_or_first(request, door, wrong) as visit:
        tx, visitor = visit.tx, visit.visitor
        uploads = shelf.newest(tx.conn, tx.office.vault)
        people = directory.labels(tx, {one.person for one in uploads})
    delivered, closed = _delivered(door.office.settings.data)
    context = {
        "uploads": uploads,
        "delivered": delivered,
        "closed": closed,
        "people": people,
        "states": WORDS,
        "wrong": wrong,
        "largest": receive.LARGEST,
        "too_large": receive.TOO_LARGE,
    }
    return templating.page(request, "imports.html", visitor, context, status)


def _delivered(data: Path) -> tuple[list[Came], str]:
    """What came of the last nightly files; and why none is taken."""
    from services.exchange import nightly  # what reads tables is loaded where one is read

    try:
        return nightly.newest(data, DELIVERED), ""
    except nightly.Open as error:
        return [], str(error)


def further_or_first(request: Request, door: Door, wrong: str) -> Any:
    """The reading of the page; after a file was not taken who sent it has come in already."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    return further(request, door.office, known) if wrong and known else door.open()


@router.get("/einlesen/{id}")
def one(request: Request, door: Sees, id: UUID) -> Response:
    """One file: what it is, what it would become, how far it is, what came of it."""
    with door.open() as visit:
        chosen = Refusal(profile=request.query_params.get("profil", "")[:80])
        context = _context(visit.tx, found(visit.tx, id), chosen)
    return templating.page(request, "import.html", visit.visitor, context)


@router.post("/einlesen/{id}")
def act(request: Request, office: TheOffice, visitor: Does, form: Posted, id: UUID) -> Response:
    """Has it checked or imported, or throws it away; what is asked twice is done once."""
    asked = text_in(form, "tun")
    refusal = Refusal(profile=text_in(form, "profil", 80), snapshot="abzug" in form)
    with office.read() as tx:
        upload = found(tx, id)
    wrong = _act(office, visitor, upload, asked, refusal, text_in(form, "geprueft", 40))
    if not wrong:
        return templating.go("/einlesen" if asked == "loeschen" else f"/einlesen/{id}")
    with further(request, office, visitor) as visit:
        context = _context(visit.tx, found(visit.tx, id), refusal._replace(wrong=wrong))
    return templating.page(request, "import.html", visitor, context, 422)


def _act(office: Office, visitor: Visitor, upload: Upload, asked: str, said: Refusal, since: str) -> dict[str, str]:
    """What was not done, and why; `since`: when the check was asked for that the page showed."""
    if asked == "loeschen":
        return {} if shelf.throw_away(office, upload.id) else {"": AT_WORK}
    if asked == "einlesen" and upload.state in (State.IMPORTING, State.DONE):
        return {}
    if upload.cipher is None:
        return {"": GONE}
    if asked == "einlesen":
        return _import(office, visitor, upload, since)
    return _check(office, visitor, upload, said)


def _import(office: Office, visitor: Visitor, upload: Upload, since: str) -> dict[str, str]:
    """Imports what the person has seen checked, not what somebody else has had checked since."""
    if upload.state != State.CHECKED or upload.asked_at is None:
        return {"": FIRST_CHECK}
    if since != upload.asked_at.isoformat():
        return {"": CHECKED_ANEW}
    with office.write() as tx:
        at = upload.asked_at
        done = shelf.ask(tx.conn, upload.id, State.IMPORTING, [State.CHECKED], at, asked_by=visitor.person)
    return {} if done else {"": CHECKED_ANEW}


def _check(office: Office, visitor: Visitor, upload: Upload, said: Refusal) -> dict[str, str]:
    from services.exchange.profiles import at_hand  # what reads tables is loaded where one is read

    table = upload.kind != "jsonl"
    if table and said.profile not in at_hand.files(office.settings.data):
        return {"profil": CHOOSE}
    told: dict[str, Any] = {"profile": said.profile if table else None, "snapshot": said.snapshot and table}
    free = [State.KEPT, State.CHECKED, State.FAILED]
    with office.write() as tx:
        done = shelf.ask(tx.conn, upload.id, State.CHECKING, free, asked_by=visitor.person, counts=None, **told)
    return {} if done or upload.state == State.CHECKING else {"": AT_WORK}


@router.get("/einlesen/{id}/abgelehnt")
def refused(door: Sees, id: UUID) -> Response:
    """The refused rows as they stood in the file, each with the reason, to be mended and handed in again."""
    from services.exchange.uploads import sealed

    with door.open() as visit:
        upload = found(visit.tx, id)
        person = visit.visitor.person
    try:
        if upload.cipher is None:
            raise NotThere(NO_FILE)
        rows = sealed.pieces(shelf.place(door.office.settings.data, id, shelf.REFUSED), upload.cipher)
    except FileNotFoundError:
        raise NotThere(NO_FILE) from None
    log.info("refused rows", extra={"id": id.hex, "person": person})
    kind, media = ("jsonl", "application/jsonl") if upload.kind == "jsonl" else ("csv", "text/csv")
    name = f'attachment; filename="abgelehnt-{upload.digest[:8]}.{kind}"'
    return StreamingResponse(rows, media_type=media, headers={"Content-Disposition": name})


def found(tx: Transaction, id: UUID) -> Upload:
    """The file of an address. Raises NotThere."""
    if (upload := shelf.found(tx.conn, tx.office.vault, id)) is None:
        raise NotThere(NO_FILE)
    return upload


def _context(tx: Transaction, upload: Upload, refusal: Refusal) -> dict[str, Any]:
    data, hidden = tx.office.settings.data, upload.hidden
    chooses = hidden is not None and upload.kind != "jsonl" and upload.state != State.DONE and not upload.at_work
    offers = offered.offers(data, hidden) if chooses and hidden else []
    fitting = [one.name for one in offers if not one.lacks]
    chosen = refusal.profile or upload.profile or (fitting[0] if len(fitting) == 1 else "")
    waits = upload.at_work and not upload.tries
    late = waits and upload.asked_at is not None and (machine_time() - upload.asked_at).total_seconds() > SILENT
    return {
        "upload": upload,
        "hidden": hidden,
        "state": WORDS[upload.state],
        "people": directory.labels(tx, {one for one in (upload.person, upload.asked_by) if one}),
        "same": shelf.same(tx.conn, upload) if upload.state != State.DONE else None,
        "offers": offers,
        "chosen": chosen,
        "snapshot": refusal.snapshot if refusal.wrong else upload.snapshot,
        "wrong": refusal.wrong,
        "counts": COUNTS,
        "recognised": _recognised(upload),
        "refused": shelf.place(data, upload.id, shelf.REFUSED).exists() and hidden is not None,
        "late": late,
        "to_do": upload.counts is not None and any(upload.counts[key] for key in WRITES),
        "waits": waits,
        "until": upload.at + shelf.KEPT,
    }


def _recognised(upload: Upload) -> list[str]:
    """What was recognised of the file, to be said."""
    if (hidden := upload.hidden) is None:
        return []
    said = [upload.kind.upper()]
    if hidden.encoding:
        said.append(f"Zeichenkodierung {ENCODINGS.get(hidden.encoding, hidden.encoding)}")
    if hidden.delimiter:
        said.append(f"Trennzeichen {DELIMITERS.get(hidden.delimiter, hidden.delimiter)}")
    sheets = [top.sheet for top in hidden.tops if top.sheet]
    if sheets:
        said.append(f"{'Blatt' if len(sheets) == 1 else 'Blätter'} {', '.join(f'„{one}“' for one in sheets)}")
    return said
