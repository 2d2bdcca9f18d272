"""Which reader a file needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from services.exchange.profiles.profile import Layout
from services.exchange.profiles.readers.csv import Csv
from services.exchange.profiles.readers.fieldwise import Fieldwise, Plain
from services.exchange.profiles.readers.table import KINDS, Unreadable
from services.exchange.profiles.readers.xlsx import Xlsx

LARGEST = 1024**3  # bytes of a table

Table = Csv | Xlsx | Fieldwise


@contextmanager
def opened(path: Path, layout: Layout) -> Iterator[Table]:
    """The table of a file as the layout says, while it is open. Raises Unreadable, Missing, OSError."""
    with closing(_plain(path, layout)) as table:
        yield table if layout.fields is None else Fieldwise(table, layout.fields)


def _plain(path: Path, layout: Layout) -> Plain:
    """The table of a file, by its ending."""
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"{path.name} ist größer als {LARGEST // 1024**3} GB; bitte auf mehrere Dateien verteilen.")
    match path.suffix.lower():
        case ".csv":
            return Csv(path, layout)
        case ".xlsx":
            return Xlsx(path, layout)
        case _:
            raise Unreadable(
                f"{path.name} lässt sich mit einem Profil nicht lesen: möglich sind {' und '.join(KINDS)}."
            )
