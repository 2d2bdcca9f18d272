"""Where the service writes what it does: one quiet file in the data directory; never a name, a text or an address."""

from __future__ import annotations

import logging
from pathlib import Path

import structlog

FILE = "fallverlauf.log"
CHATTY = ("rq", "rq.worker", "uvicorn", "uvicorn.access", "sqlalchemy", "alembic", "asyncio")


def configure(folder: Path, process: str) -> None:
    """Sends the log of this process to the file in `folder`, one JSON object a line."""
    handler = logging.FileHandler(folder / FILE, encoding="utf-8")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
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
