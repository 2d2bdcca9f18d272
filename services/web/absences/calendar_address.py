"""The personal calendar address, beside how messages come: given, given anew, revoked."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from domain.decisions.refusal import Refused
from services.casework import calendar_mail
from services.messages import entries
from services.people import calendars
from services.web.absences.page import PATH, Works
from services.web.http import templating
from services.web.http.door import Posted, TheOffice
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)


@router.post(f"{PATH}/kalender")
def change(office: TheOffice, visitor: Works, form: Posted) -> Response:
    """Gives the visitor a new address, or ends the one there is; or keeps whether entries come by mail."""
    wanted = text_in(form, "tun")
    if wanted not in ("neu", "weg", "ja", "nein"):
        raise Refused([("tun", "Bitte wählen, was mit der Kalenderadresse oder den Kalendereinträgen geschehen soll.")])
    with office.write() as tx:
        if wanted == "neu":
            calendars.renew(tx, visitor.person)
        elif wanted == "ja":
            calendar_mail.begin(tx, visitor.person)
        elif wanted == "nein":
            entries.end(tx.conn, visitor.person)
        else:
            calendars.revoke(tx.conn, visitor.person)
    return templating.go(f"{PATH}?getan=kalender-{wanted}#kalender")
