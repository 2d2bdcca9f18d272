"""Which reader a file needs."""

from __future__ import annotations

from pathlib import Path

from services.exchange.profiles.profile import Layout
from services.exchange.profiles.readers.csv import Csv
from services.exchange.profiles.readers.table import KINDS, Unreadable
from services.exchange.profiles.readers.xlsx import Xlsx

Table = Csv | Xlsx


def opened(path: Path, layout: Layout) -> Table:
    """The table of a file, by its ending. Raises Unreadable, OSError."""
    match path.suffix.lower():
        case ".csv":
            return Csv(path, layout)
        case ".xlsx":
            return Xlsx(path, layout)
        case _:
            raise Unreadable(
                f"{path.name} lässt sich mit einem Profil nicht lesen: möglich sind {' und '.join(KINDS)}."
            )
