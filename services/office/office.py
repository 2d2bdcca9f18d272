"""One office: its settings, its database, its keys and its facts, opened together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cached_property
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, select

from services.failures import Said
from services.records import database, erasures, meaning, readable, schema, values
from services.records.store import Store
from services.records.tables import records
from services.records.values import CHAIN, KEYED, PERSONS, SEALED, SPELLED
from services.records.vault import Vault, open_vault
from services.records.words import SPELLING
from services.settings import Settings

INVENTED = DEMO, TEST = "demo", "test"
KIND = "data"  # the mark of invented data
LATER = dt.timedelta(seconds=1)


class Office:
    """What every part of the service works with. Close it when done; as a context manager it closes itself."""

    def __init__(self, settings: Settings, engine: Engine, vault: Vault) -> None:
        self.settings = settings
        self.engine = engine
        self.vault = vault
        self.store = Store(vault, settings.now)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads; it never waits for a writer. Never inside another one, as `write`."""
        with database.reading(self.engine) as conn:
            yield Transaction(self, conn)

    @contextmanager
    def write(self, *, keep: bool = True, patience: float | None = None) -> Iterator[Transaction]:
        """A transaction that writes; committed at exit, rolled back when an exception leaves it or `keep` is False.

        Raises OperationalError if others write for longer than is waited (`database.writing`). Never inside another
        transaction: a request that holds one connection while it waits for a second can wait for itself.
        """
        with database.writing(self.engine, keep=keep, patience=patience) as conn:
            yield Transaction(self, conn)

    def now(self) -> dt.datetime:
        """This moment, in Europe/Berlin."""
        return self.settings.now()

    def latest(self) -> dt.datetime:
        """The moment up to which everything is known now; decisions of one moment lie microseconds apart."""
        return self.now() + LATER

    def today(self) -> dt.date:
        """This day, in Europe/Berlin."""
        return self.settings.today()

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Transaction:
    """One transaction of an office: its connection, and the moment and day that hold for all of it."""

    def __init__(self, office: Office, conn: Connection) -> None:
        self.office = office
        self.conn = conn
        self.store = office.store

    @cached_property
    def now(self) -> dt.datetime:
        """The moment when somebody first asked for it, in Europe/Berlin; the same to the end of the transaction."""
        return self.office.now()

    @property
    def today(self) -> dt.date:
        """The day of that moment."""
        return self.now.date()

    @property
    def latest(self) -> dt.datetime:
        """The moment up to which everything is known; decisions of one moment lie microseconds apart."""
        return self.now + LATER


class NotMigrated(Said):
    """The tables of the production database are missing or old; its text is one German sentence."""


class NotAdmitted(Said):
    """These settings do not fit the data; the text is one German sentence."""


Say = Callable[[str], object]
FOREIGN_MARK = (
    "Ihr Vermerk „Demo“ oder „Test“ gilt nicht, denn er ist nicht mit dem Hauptschlüssel besiegelt: Eine Demo aus "
    "einer älteren Fassung bitte in einem leeren FALLVERLAUF_DATA neu anlegen („fallverlauf serve --demo“)."
)
OTHER_RULES = (
    "Die Listen dieser Datenbank sind nach anderen Regeln berechnet als denen dieses Programms. Bitte zuerst "
    "„fallverlauf migrate“ ausführen, oder das neuere Programm starten."
)


def open_office(settings: Settings, say: Say = str, *, to_verify: bool = False) -> Office:
    """Opens the office of these settings; the embedded database is created or upgraded first, under a lock.

    There rows whose meaning has changed are computed anew, too; `say` gets a sentence now and then. Raises NotMigrated
    for a PostgreSQL database on which `migrate` of this program has not been run, DamagedKey for a master key that
    is missing or belongs to another database, NotCarriedOver for old facts that were changed, NotAdmitted for
    `FALLVERLAUF_NOW` over other than invented data, StrangeSchema for a schema that is not ours alone: with `to_verify`
    it is opened all the same, to be named.
    """
    engine, read_only = database.connect(settings.database), database.is_read_only(settings.database)
    try:
        if read_only:
            _check_readable(engine)
        elif settings.embedded:
            with database.migration_lock(settings.database):
                database.migrate(engine)
        elif not database.is_current(engine):
            raise NotMigrated("Die Tabellen fehlen oder sind veraltet. Bitte zuerst „fallverlauf migrate“ ausführen.")
        if not (read_only or to_verify):
            with database.reading(engine) as conn:
                schema.check(conn)
        office = Office(settings, engine, open_vault(engine, settings.master_key_file))
        check_admission(office)
        if not read_only:
            _carry_over(office, say)
            with suppress(readable.Unreadable) if to_verify else nullcontext():  # which is named then
                _check_meaning(office, say)
    except BaseException:
        engine.dispose()
        raise
    return office


def _check_readable(engine: Engine) -> None:
    """Refuses a database that would have to be brought to today's version and may not be written."""
    if database.is_current(engine):
        with database.reading(engine) as conn:
            if _carried_over(conn):
                return
    raise NotMigrated(
        "Diese Datenbank stammt aus einer anderen Fassung von Fallverlauf und darf nicht beschrieben werden. Bitte an "
        "einem Ort öffnen, an dem sie auf den neuesten Stand gebracht werden kann."
    )


def _carried_over(conn: Connection) -> bool:
    marks = {CHAIN: KEYED, PERSONS: SEALED, f"{SPELLED} {SPELLING}": SPELLING}
    return all(values.value(conn, name) == value for name, value in marks.items())


def _carry_over(office: Office, say: Say) -> None:
    """Carries a database over that holds ids of staff in clear, a chain without key, or names spelled otherwise; the
    reading is quick.
    """
    with office.read() as tx:
        unsealed = erasures.is_unsealed(tx.conn)
        done = _carried_over(tx.conn)
    if unsealed:
        _seal_erasures(office)
    if done:
        return
    from services.records import keyed, persons, spelling  # load slowly and are needed once

    persons.ensure(office.engine, office.vault, say)
    keyed.ensure(office.engine, office.vault, office.settings.checkpoints, office.now(), say)
    spelling.ensure(office.engine, office.vault)


def _seal_erasures(office: Office) -> None:
    """Seals the erasures of before, where the signed file says the same; else `verify` names what is different."""
    from services.records import checkpoints  # loads slowly and is needed once

    if office.settings.checkpoints.exists():
        known = checkpoints.read(office.settings.checkpoints, office.vault).erased
        with office.write() as tx:
            erasures.seal_once(tx.conn, office.vault, known)


def _check_meaning(office: Office, say: Say) -> None:
    """Lets the rows follow the meaning of this program, or asks for that; the reading is quick where they do."""
    with office.read() as tx:
        ours = meaning.in_force(tx.conn)
        if ours and not meaning.unfinished(tx.conn):
            return
    if office.settings.embedded:
        from services.records import rebuild  # what computes rows loads slowly

        try:
            rebuild.catch_up(office.engine, office.vault, say)
        except Exception as error:
            with office.read() as tx:
                raise readable.named(tx.conn, error) from error
    elif not ours:
        raise NotMigrated(OTHER_RULES)


def check_admission(office: Office) -> None:
    """Refuses `FALLVERLAUF_NOW` over data that nobody has marked as invented. Raises NotAdmitted."""
    if office.settings.fixed_now is None:
        return
    with office.read() as tx:
        if tx.conn.scalar(select(records.c.number).limit(1)) is not None:
            check_kind(office.settings, tx.conn, office.vault)


def check_kind(settings: Settings, conn: Connection, vault: Vault) -> None:
    """The same for the data of another database, as a backup is. Raises NotAdmitted."""
    if settings.fixed_now is not None and data_kind(conn, vault) is None:
        sentence = "FALLVERLAUF_NOW gilt nur für Demo- und Testdaten; diese Datenbank enthält andere."
        raise NotAdmitted(sentence + about_foreign_mark(conn, vault))


def data_kind(conn: Connection, vault: Vault) -> str | None:
    """Which invented data the database holds, `demo` or `test`; None for those of an office.

    A mark that the master key has not sealed is none, or whoever writes into the database would open it to all.
    """
    kept = values.value(conn, KIND)
    return next((kind for kind in INVENTED if kept == _sealed(vault, kind)), None)


def about_foreign_mark(conn: Connection, vault: Vault) -> str:
    """A sentence with a blank before it, where there is a mark that does not count; else nothing."""
    is_foreign = values.value(conn, KIND) is not None and data_kind(conn, vault) is None
    return f" {FOREIGN_MARK}" if is_foreign else ""


def mark_demo(tx: Transaction) -> None:
    """Marks what is about to be stored as the demo."""
    values.put(tx.conn, KIND, _sealed(tx.office.vault, DEMO))


def mark_test_data(tx: Transaction) -> None:
    """Marks what is about to be stored under `FALLVERLAUF_NOW` as test data; data marked before keep their mark."""
    if tx.office.settings.fixed_now is not None:
        values.put_once(tx.conn, KIND, _sealed(tx.office.vault, TEST))


def _sealed(vault: Vault, kind: str) -> str:
    return f"{kind} {vault.seal(KIND, kind).hex()}"
