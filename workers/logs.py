"""Where the service writes what it does: one quiet file in the data directory; never a name, a text or an address."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from services.failures import LOG

CHATTY = ("rq", "rq.worker", "uvicorn", "uvicorn.access", "sqlalchemy", "alembic", "asyncio")


def configure(folder: Path, process: str) -> None:
    """Sends the log of this process to the file in `folder`, one JSON object a line."""
    os.close(os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = logging.FileHandler(folder / LOG, encoding="utf-8")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _only_the_kind,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    structlog.contextvars.bind_contextvars(process=process)


def _only_the_kind(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Of an exception its kind alone: its words may hold what a case contains."""
    raised = event.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    return {**event, "kind": type(error).__qualname__} if isinstance(error, BaseException) else event
