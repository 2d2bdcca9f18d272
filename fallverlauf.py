"""The one binary: the commands over the data and the service itself."""

from __future__ import annotations

import sys

from services.cli import app
from services.running import run


def main() -> None:
    """Runs one command line and ends with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # JSON is UTF-8 whatever the terminal says
    sys.exit(run(app, sys.argv[1:]))


if __name__ == "__main__":
    main()
