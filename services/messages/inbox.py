"""What people are shown in the app: each message once per recipient, some of them mailed singly as well."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_

from domain.organisation import Acting
from services.messages import outbox
from services.records.database import insert_once
from services.records.tables import messages

REMINDED = "reminded"  # what a message of a lead who reminds says (notifications.render.info)
SINGLE = "mail-single"  # the task of the outbox that mails one message


class Kind(StrEnum):
    """Why somebody is shown a message."""

    FOLLOW_UP = "follow-up"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    REQUEST = "decision-request"  # as long as it is open, the request waits for its decision
    REQUEST_REMINDER = "request-reminder"
    ANSWER = "answer"
    INFO = "info"
    OFFER = "handover-offer"  # as long as it is open, the handover waits for its answer
    DISPUTE = "follow-up-disputed"
    DIRECTIVE = "directive-new"  # of no case; who is touched by its rules is told of it once
    BOUNCED = "mail-bounced"  # of no case: mails do not arrive at the recipient
    ASSIGNED = "cases-assigned"  # several at once, named in its data; of no case itself


def unique_key(key: str, to: Acting) -> str:
    """What makes a message of this key the only one for its recipient."""
    return f"{key}/{to.person}/app"


def show(
    conn: Connection,
    kind: Kind,
    key: str,
    to: Acting,
    case_key: UUID | None,
    data: dict[str, Any],
    now: dt.datetime,
    followup: UUID | None = None,
) -> int | None:
    """Writes a message; None if it is there already. `data` hold codes, days and keys; "i. V." stays on record."""
    whole = data | ({"for": to.on_behalf_of} if to.on_behalf_of else {})
    row = {"unique_key": unique_key(key, to), "recipient": to.person, "kind": kind, "case_key": case_key}
    told = insert_once(conn.dialect, messages).values(**row, followup=followup, data=whole, created_at=now)
    return conn.execute(told.returning(messages.c.id)).scalar()


def by_lead() -> ColumnElement[bool]:
    """The messages by which a lead reminded somebody."""
    return and_(messages.c.kind == Kind.INFO, messages.c.data["info"].as_string() == REMINDED)


def show_and_mail(
    conn: Connection, kind: Kind, key: str, to: Acting, case_key: UUID, data: dict[str, Any], now: dt.datetime
) -> bool:
    """Writes a message and the task to mail it; False if it is there already."""
    message = show(conn, kind, key, to, case_key, data, now)
    if message is not None:
        outbox.add(conn, SINGLE, f"{key}/{to.person}/mail", {"message": message}, now)
    return message is not None
