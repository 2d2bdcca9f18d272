"""A small office that everything in this folder is measured over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from services.commands import side_by_side
from services.office.office import Office


class Bench(NamedTuple):
    """The demo without synthetic cases, where it lies, and how many cases it has."""

    office: Office
    folder: Path
    cases: int


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Built once."""
    folder = tmp_path_factory.mktemp("bench")
    with side_by_side.built(0, None, folder) as (office, head):
        yield Bench(office, folder, head["cases"])
