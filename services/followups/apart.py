"""Keeps one case that cannot be read from stopping what is done for all the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()


@contextmanager
def apart(conn: Connection, case_key: UUID) -> Iterator[None]:
    """What is done here for a case is kept whole or not at all; a failure is logged by its kind, then the next goes on.

    Failures of the database concern everybody and are raised.
    """
    try:
        with conn.begin_nested():
            yield
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("case left out", case=case_key.hex, kind=type(error).__qualname__)
