"""What comes of a post without script: it leads on to an address, and what was typed waits there, sealed for a day.

So a page that shows what was typed has an address of its own: the back button and a reload find it again. And who was
logged out while writing finds it after the log-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from uuid import UUID

from fastapi import Request
from sqlalchemy import select
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from domain.decisions.refusal import Refused
from domain.facts import Stream
from services.casework.desk import Forbidden, Stale
from services.office.office import Office, Transaction
from services.people import kept_forms
from services.people.kept_forms import KeptForm
from services.records.tables import drafts
from services.records.words import number_typed
from services.web.http.visitor import Expired, NotThere, Visitor, office_of

ID = "aufgehoben"  # names what was kept, in an address
OVER = "abgelaufen"  # says in an address that a session had ended
STEP = "schritt"  # says in an address what of a kept form is shown: "edit" the form itself
EDIT = {STEP: "edit"}
GONE = "Diese Eingabe ist nicht mehr da: Sie ist gespeichert, verworfen oder älter als ein Tag."
# Pages that show what was kept in its place.
SHOWN_AGAIN = (
    "/eintrag/",
    "/berichtigen/",
    "/zuruecknehmen/",
    "/dialog/",
    "/eingang/neukunde",
    "/eingang/zeitraum",
    "/abwesenheiten",
)
Wrong = Mapping[str, str]
NO_FIELDS = ("csrf", ID)
CASE_FIELDS = ("fall", "case", "anderer", "same_person")  # name the cases that a form is about
SEARCHES = ("/suche", "/faelle")  # what was searched for is a name, and typed again sooner than kept


class Waits(NamedTuple):
    """Something kept: under which id, what, and the numbers of the cases it is about."""

    id: UUID
    form: KeptForm
    cases: Sequence[str]


def keep(request: Request, office: Office, person: str, form: FormData, path: str = "", **more: str) -> str:
    """Keeps a posted form of a directory key; gives the address that shows it, without what was kept if it is too much.

    `path`: where it is shown, the address that was posted to unless said; `more` stands in the address, too. A form
    that came from such an address keeps its place there.
    """
    shown = path or request.scope["path"]
    if shown in SEARCHES:
        return address(shown, None, **more)
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in NO_FIELDS]
    with office.write() as tx:
        kept = KeptForm(shown, fields, _keys(request, tx, form) or [UUID(hex=person)])
        id = kept_forms.keep(tx, person, kept, _id(request))
    return address(shown, id, **more)


def refused(request: Request, office: Office, visitor: Visitor, form: FormData, **more: str) -> None:
    """Keeps a form that is refused, so that going back to the answer shows it (`templating.page` says where)."""
    request.state.back = keep(request, office, visitor.person, form, **more)


def address(path: str, id: UUID | None, **more: str) -> str:
    """The address of a path that shows what was kept."""
    query = urlencode(({ID: id} if id else {}) | more)
    return quote(path) + (f"?{query}" if query else "")


def query(request: Request) -> str:
    """What a form that is shown again says behind its address, so that it keeps its place; "" where nothing is kept."""
    waits = getattr(request.state, "back", "") or (str(request.url) if ID in request.query_params else "")
    id = parse_qs(urlsplit(waits).query).get(ID)
    return f"?{urlencode({ID: id[0]})}" if id else ""


def given(request: Request, office: Office, visitor: Visitor) -> FormData | None:
    """What the address says was kept for the visitor; None where it says nothing. Raises `NotThere`."""
    if ID not in request.query_params:
        return None
    id = _id(request)
    with office.read() as tx:
        found = kept_forms.find(tx, visitor.person, id) if id else None
    if found is None or found.path != request.scope["path"]:
        raise NotThere(GONE)
    return FormData(list(found.fields))


def done(request: Request, office: Office, visitor: Visitor) -> None:
    """Forgets what the address of a posted form names: it is saved."""
    if (id := _id(request)) is not None:
        forget(office, visitor, id)


def forget(office: Office, visitor: Visitor, id: UUID) -> None:
    """Forgets what was kept under an id."""
    with office.write() as tx:
        kept_forms.drop(tx, visitor.person, id)


class Sent(NamedTuple):
    """A form on its road typed -> what would change -> saved: posted, or shown again at its address."""

    request: Request
    office: Office
    visitor: Visitor
    form: FormData

    @property
    def posted(self) -> bool:
        """Whether it was posted now."""
        return self.request.method == "POST"

    @property
    def step(self) -> str:
        """What is asked for: "edit" the form, "save", else what would change; opening an address never saves."""
        if self.posted:
            return str(self.form.get("step", ""))
        return "edit" if self.request.query_params.get(STEP) == "edit" else ""

    def keep(self) -> None:
        """Keeps what is refused."""
        if self.posted:
            refused(self.request, self.office, self.visitor, self.form, **EDIT)

    def led_on(self, answer: Response, **more: str) -> Response:
        """The answer to a form: a posted one that shows a page leads to its address, unless it was to be saved."""
        if not self.posted:
            return answer
        if answer.status_code != 200:
            done(self.request, self.office, self.visitor)
            return answer
        if self.step == "save":  # something is still to be said, and the page says what
            answer.status_code = 422
            return answer
        return RedirectResponse(keep(self.request, self.office, self.visitor.person, self.form, **more), 303)


def decide(sent: Sent, step: Callable[[bool], Response], again: Callable[[Wrong, int], Response]) -> Response:
    """The road of a form: typed -> what would change -> saved. What is refused comes back with what was typed.

    `step` answers what is asked for, and saves if it is told to; `again` shows the form with what is wrong by field.
    """
    if sent.step == "edit":
        return sent.led_on(again({}, 200), **EDIT)
    try:
        return sent.led_on(step(sent.step == "save"))
    except Refused as error:
        sent.keep()
        return again(dict(error.reasons), 422)
    except Forbidden as error:
        sent.keep()
        return again({"case": str(error)}, 422)
    except Stale as error:
        sent.keep()
        return again({"": error.sentence}, 409)


def waiting(tx: Transaction, visitor: Visitor, id: UUID) -> Waits:
    """What was kept for the visitor, wherever it was sent. Raises `NotThere`."""
    found = kept_forms.find(tx, visitor.person, id)
    if found is None:
        raise NotThere(GONE)
    about = [key for key in found.keys if key != UUID(hex=visitor.person)]
    return Waits(id, found, sorted(tx.store.numbers(tx.conn, about).values()))


def after_log_in(request: Request, error: Exception) -> str:
    """Where a log-in leads on: to what was opened, or to what was written when the session had ended; else ""."""
    if not isinstance(error, Expired):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return asked if request.method == "GET" and request.url.path != "/" else ""
    kept = parse_qs(urlsplit(keep(request, office_of(request), error.person, error.form)).query)
    return f"/{ID}/{kept[ID][0]}" if ID in kept else ""


def _id(request: Request) -> UUID | None:
    try:
        return UUID(request.query_params.get(ID, ""))
    except ValueError:
        return None


def _keys(request: Request, tx: Transaction, form: FormData) -> list[UUID]:
    """The keys of the cases a form is about: named in the path or in the form, or the case of its dialogue."""
    in_path = request.path_params.get("case")
    if named := {number_typed(one) for one in ([in_path] if in_path else []) + sorted(_named(form))}:
        return sorted(tx.store.keys(tx.conn, Stream.CASE, named).values())
    try:
        draft = UUID(str(request.path_params.get("draft")))
    except ValueError:
        return []
    return list(tx.conn.scalars(select(drafts.c.case_key).where(drafts.c.id == draft)))


def _named(form: FormData) -> set[str]:
    """The cases that a form names."""
    return {value for field in CASE_FIELDS for value in form.getlist(field) if isinstance(value, str) and value}
