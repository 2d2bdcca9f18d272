"""Where the service writes what it does: one quiet file in the data directory; never a name, a text or an address."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from services import failures

CHATTY = ("rq", "rq.worker", "uvicorn", "uvicorn.access", "sqlalchemy", "alembic", "asyncio")
_ORDINARY = {*vars(logging.makeLogRecord({})), "message", "asctime"}  # what every record has, or gets from formatters


class Lines(logging.Formatter):
    """One JSON object a line: of libraries the event alone, of the service also what it says about it."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line. Of an exception its kind alone: its words may hold what a case contains."""
        own = vars(record).items() if record.name == failures.LOGGER else ()
        told = {name: value for name, value in own if name not in _ORDINARY}
        if record.exc_info and record.exc_info[1]:
            told["kind"] = type(record.exc_info[1]).__qualname__
        said = record.getMessage().partition("\n")[0]  # rq writes the whole traceback into the lines below
        return failures.line(said, record.levelname.lower(), **told, process=self._process)


def configure(folder: Path, process: str) -> None:
    """Sends the log of this process to the file in `folder`."""
    os.close(os.open(folder / failures.LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = logging.FileHandler(folder / failures.LOG, encoding="utf-8")
    handler.setFormatter(Lines(process))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
