"""Whether one process of the service works, for the health check of its container; exit status 0 or 1."""

from __future__ import annotations

import sys
from http.client import HTTPException
from urllib.request import urlopen

ADDRESS = "http://127.0.0.1:8000/healthz"  # where the pages listen in their container
PATIENCE = 5.0  # seconds


def web() -> bool:
    """Whether the pages and their database answer."""
    try:
        with urlopen(ADDRESS, timeout=PATIENCE):
            return True
    except (OSError, HTTPException):
        return False


def beats(part: str) -> bool:
    """Whether a part (`worker`, `scheduler`) has lately given a sign of life; no matter which process of that kind."""
    from services.office.health import health
    from services.office.office import open_office
    from services.settings import Settings

    try:
        with open_office(Settings()) as office:
            return bool(health(office)[part]["state"] == "running")
    except Exception:
        return False


def main(part: str) -> int:
    """`web`, `worker` or `scheduler`."""
    return 0 if (web() if part == "web" else beats(part)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
