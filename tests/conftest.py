"""What every test can ask for: an office with facts on a database of its own, SQLite or a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text

from domain.periods import BERLIN
from services.office.office import Office, open_office
from services.records import database, rebuild
from services.records.vault import Vault
from services.settings import Settings
from tests import postgresql

NOW = dt.datetime(2026, 3, 10, 8, 0, tzinfo=BERLIN)
pytest_plugins = ["tests.distribution", "tests.profiles"]
MakeOffice = Callable[..., Office]
# What a test or module is marked with that stands on both databases; the others take SQLite.
on_both_databases = pytest.mark.parametrize("kind_of_database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def now() -> dt.datetime:
    """The moment that stands for now in every office of the tests."""
    return NOW


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL server of the tests' own, gone with the session."""
    with postgresql.server() as address:
        _never_wait_for_the_disk(address)
        yield address


def _never_wait_for_the_disk(address: URL) -> None:
    """Nothing here outlives the session. Servers that are killed and have to come back are those of tests/chaos."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            conn.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        conn.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(scope="session")
def _administration(postgresql_server: URL) -> Iterator[Engine]:
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@contextmanager
def a_database(administration: Engine, like: str = "template1") -> Iterator[str]:
    """The address of an empty PostgreSQL database, or of a copy of the database `like`; it is gone afterwards."""
    name = f"test_{uuid4().hex}"
    with administration.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    yield administration.url.set(database=name).render_as_string(hide_password=False)
    with administration.connect() as conn:
        conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgresql_url(_administration: Engine) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with a_database(_administration) as address:
        yield address


@pytest.fixture(scope="session")
def _with_tables(_administration: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a PostgreSQL database with its tables; a copy of it is there sooner than tables are created."""
    with a_database(_administration) as address:
        _migrate(address, tmp_path_factory.mktemp("key") / "master.key")
        yield str(make_url(address).database)


def _migrate(address: str, key: Path) -> None:
    engine = database.connect(address)
    database.migrate(engine)
    rebuild.catch_up(engine, Vault(key))
    engine.dispose()


@pytest.fixture
def copied_database(_administration: Engine) -> Iterator[Callable[[str], str]]:
    """Copies a PostgreSQL database that nobody has open and gives the address of the copy."""
    with ExitStack() as stack:
        yield lambda like: stack.enter_context(a_database(_administration, like))


@pytest.fixture
def kind_of_database(request: pytest.FixtureRequest) -> str:
    """SQLite, but for what is marked with `on_both_databases`."""
    kind: str = getattr(request, "param", "sqlite")
    return kind


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without facts, once of each kind; only on PostgreSQL the tables are there."""
    if request.param == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "fallverlauf.db")).render_as_string()
    copied: Callable[[str], str] = request.getfixturevalue("copied_database")
    return copied(request.getfixturevalue("_with_tables"))


@pytest.fixture
def make_office(tmp_path: Path) -> Iterator[MakeOffice]:
    """Opens offices that are closed after the test: `make_office(now=..., database=url)`; on SQLite by default."""
    offices: list[Office] = []

    def make(*, now: dt.datetime = NOW, database: str | None = None) -> Office:
        address = {} if database is None else {"database": database}
        offices.append(_opened(Settings(data=tmp_path / "data", fixed_now=now, **address)))
        return offices[-1]

    yield make
    for office in offices:
        office.close()


def _opened(settings: Settings) -> Office:
    if not settings.embedded:
        _migrate(settings.database, settings.master_key_file)
    return open_office(settings)


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """An empty office on SQLite, at the moment `now`."""
    return make_office()


@pytest.fixture
def any_office(make_office: MakeOffice, database_url: str) -> Office:
    """An empty office, once on SQLite and once on PostgreSQL."""
    return make_office(database=database_url)
