"""The one binary: the commands over the data and the service itself."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs one command line and ends with its exit status; Ctrl-C ends it with a word from its first moment on."""
    try:
        sys.exit(_run())
    except KeyboardInterrupt:
        sys.stderr.write("Abgebrochen.\n")
        sys.exit(130)  # as a shell counts what SIGINT has ended


def _run() -> int:
    """What it writes is its user's alone: it is about people."""
    from services.commands.cli import app
    from services.commands.run import run

    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # JSON is UTF-8 whatever the terminal says
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("serve", "--help"):
        from workers import serve  # takes a second to load, so a command over the data goes without it

        app.add_typer(serve.app, name="serve")
    return run(app, arguments)


if __name__ == "__main__":
    main()
