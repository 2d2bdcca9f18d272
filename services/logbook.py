"""What commands note in the log of the data directory: one JSON object a line, never a name or a text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

FILE = "fallverlauf.log"


def note(folder: Path, event: str, **fields: Any) -> None:
    """Appends one line to the log, which only its owner can read. Raises OSError."""
    import structlog  # loads slowly and is needed rarely

    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        structlog.wrap_logger(
            structlog.WriteLogger(file),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        ).info(event, **fields)
