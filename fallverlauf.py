"""The one binary: the commands over the data and the service itself."""

from __future__ import annotations

import os
import sys

from services.cli import app
from services.running import run


def main() -> None:
    """Runs one command line and ends with its exit status. What it writes is its user's alone: it is about people."""
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # JSON is UTF-8 whatever the terminal says
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("serve", "--help"):
        _mount_the_service()
    sys.exit(run(app, arguments))


def _mount_the_service() -> None:
    """Web, worker and scheduler take a second to load, so a command over the data goes without them."""
    from workers import serve

    app.add_typer(serve.app, name="serve")


if __name__ == "__main__":
    main()
