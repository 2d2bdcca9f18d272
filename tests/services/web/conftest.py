"""The town, served: each test gets its own copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.office import Office, open_office
from services.settings import Settings
from services.web.app import create_app
from tests.served import Visit, serving
from tests.services.web import town as towns

VisitAs = Callable[[str], Visit]


@pytest.fixture(scope="session")
def town_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the town, built once."""
    data = tmp_path_factory.mktemp("town") / "data"
    towns.build(data)
    return data


@pytest.fixture
def town(town_data: Path, tmp_path: Path) -> Iterator[Office]:
    """A copy of the town."""
    data = tmp_path / "town"
    shutil.copytree(town_data, data)
    with open_office(Settings(data=data, fixed_now=towns.NOW)) as office:
        yield office


@pytest.fixture
def address(town: Office) -> Iterator[str]:
    """The address of the served town."""
    with serving(create_app(town)) as found:
        yield found


@pytest.fixture
def visit(address: str) -> Iterator[VisitAs]:
    """Logs people in: `visit("fm-1")`; nobody: `visit("")`."""
    opened: list[Visit] = []

    def come(person: str) -> Visit:
        opened.append(Visit(address))
        if person:
            opened[-1].login(person)
        return opened[-1]

    yield come
    for one in opened:
        one.close()
