"""The personal calendar address, beside how messages come: given, given anew, revoked."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from domain.decisions.refusal import Refused
from services.people import calendars
from services.web.absences.page import PATH, Works
from services.web.http import templating
from services.web.http.door import Posted, TheOffice
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)


@router.post(f"{PATH}/kalender")
def change(office: TheOffice, visitor: Works, form: Posted) -> Response:
    """Gives the visitor a new address, or ends the one there is."""
    wanted = text_in(form, "tun")
    if wanted not in ("neu", "weg"):
        raise Refused([("tun", "Bitte wählen, ob es eine neue Kalenderadresse geben oder die bisherige enden soll.")])
    with office.write() as tx:
        if wanted == "neu":
            calendars.renew(tx, visitor.person)
        else:
            calendars.revoke(tx.conn, visitor.person)
    return templating.go(f"{PATH}?getan=kalender-{wanted}#kalender")
