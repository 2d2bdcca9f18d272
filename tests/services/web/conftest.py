"""The town, served: each test gets its own copy, on SQLite or, where it is marked so, on PostgreSQL, too."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from services.office.office import Office, open_office
from services.settings import Settings
from services.web.app import create_app
from tests.conftest import a_database
from tests.served import Visit, serving
from tests.services.web import town as towns

VisitAs = Callable[[str], Visit]
Build = Callable[[Settings], None]
Copy = Callable[[Build], Settings]


@pytest.fixture(scope="session")
def lasting_database(_administration: Engine, _with_tables: str) -> Iterator[Callable[[], str]]:
    """Makes PostgreSQL databases with tables that are there as long as the tests run."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(a_database(_administration, _with_tables))


@pytest.fixture(scope="session")
def original(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Build, str], Settings]:
    """Where a place stands of which tests get copies; each is built once on each kind of database."""

    @cache
    def built(build: Build, kind: str) -> Settings:
        address = {}
        if kind == "postgresql":
            address["database"] = request.getfixturevalue("lasting_database")()
        settings = Settings(data=tmp_path_factory.mktemp("place") / "data", fixed_now=towns.NOW, **address)
        build(settings)
        return settings

    return built


@pytest.fixture
def copy(
    original: Callable[[Build, str], Settings], kind_of_database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Copy:
    """Builds a place, or copies it if it was built before."""

    def made(build: Build) -> Settings:
        there = original(build, kind_of_database)
        shutil.copytree(there.data, tmp_path / "place")
        address = {}
        if not there.embedded:
            copied: Callable[[str], str] = request.getfixturevalue("copied_database")
            address["database"] = copied(str(make_url(there.database).database))
        return Settings(data=tmp_path / "place", fixed_now=towns.NOW, **address)

    return made


@pytest.fixture
def town(copy: Copy) -> Iterator[Office]:
    """A copy of the town."""
    with open_office(copy(towns.build)) as office:
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
