"""By which meaning the rows of each topic are computed, and by which this program computes them.

A topic is what the domain calls its rows by: a clock, a rule, the violations. Its digest is over what its modules say
and over the settings of the office that count; what differs from the digest kept in the database is computed anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, exists, insert, null, or_, select, true, update

from domain.records import Record
from services.failures import Said
from services.records import database, rulebook, sources, values
from services.records.database import kept
from services.records.tables import marks, meanings

PROGRAM, FILES = "meaning", "meaning read from"  # marks: the digest of all topics, and the files that say so
NOBODY = UUID(int=0)  # comes before the key of every case
HISTORY = "domain.history"
ROWS = (  # how facts are read and rows written
    *("services.records.codec", "services.records.plans"),
    *("services.records.columns", "services.records.ready", "services.records.rows", "services.records.rulebook"),
)
LISTING = "domain.rules.listing"  # how a stage of any rule comes to be listed
ROOTS = {
    "care": "domain.clocks",
    "net": "domain.clocks",
    "handover": "domain.handovers",
    "violations": "domain.violations",
    "spans": "domain.spans",
    "entries": "domain.entries",
}
"""The module that says what the rows of a topic mean; that of a rule is where it is declared."""

_mine: list[str] = []  # the digest of this program, once it is known


class Waiting(Said):
    """A list whose rows are being computed anew; its text is one German sentence."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Liste wird gerade neu berechnet, weil sich ihre Regeln geändert haben. Bitte in einigen Minuten "
            "noch einmal versuchen; einzelne Fälle antworten schon."
        )


class Replaced(Said):
    """Another program has computed the rows by another meaning; its text is one German sentence."""

    def __init__(self) -> None:
        super().__init__(
            "Die Listen dieser Datenbank hat ein anderer Stand von Fallverlauf berechnet. Dieser hier schreibt deshalb "
            "nichts mehr und zeigt keine Listen; bitte Fallverlauf neu starten."
        )


# --- what this program says ---


@cache
def _named() -> list[str]:
    """Every topic there is."""
    from domain.rules import RULES  # what only opens an office goes without all these

    return [*ROOTS, *RULES]


@cache
def topics() -> dict[str, str]:
    """The digest of each topic as far as program text decides it. Takes a moment: every module is read."""
    from domain.rules import RULES  # what only opens an office goes without all these

    declared = {rule.id: (declared_in(rule.due), LISTING) for rule in RULES.values()}
    roots = {topic: (module,) for topic, module in ROOTS.items()} | declared
    return {topic: _digest(modules) for topic, modules in sorted(roots.items())}


def _digest(modules: Sequence[str]) -> str:
    swept = sources.closure([HISTORY], without={"domain.rules", *ROOTS.values()})  # not what is swept beside it
    return sources.said({*swept, *sources.closure(modules, without={HISTORY}), *ROWS})


def declared_in(due: object) -> str:
    """The module that declares a rule: there stands its function, or what that is a part of."""
    return str(getattr(due, "func", due).__module__)


@cache
def _fingerprint() -> str:
    return sources.fingerprint(ROWS)


def program(conn: Connection) -> str:
    """The digest of all topics of this program; quick where the database was computed by the same files.

    Files may be replaced while a process runs: it stays with what it found when it opened the office.
    """
    if not _mine:
        kept = dict(conn.execute(select(marks.c.name, marks.c.value).where(marks.c.name.in_((PROGRAM, FILES)))).all())
        same = PROGRAM in kept and kept.get(FILES) == _fingerprint()
        _mine.append(kept[PROGRAM] if same else sources.digest(part for topic in topics().items() for part in topic))
    return _mine[0]


# --- what the database holds ---


def in_force(conn: Connection) -> bool:
    """Whether the rows are computed, or being computed, by the meaning of this program."""
    return values.value(conn, PROGRAM) == program(conn)


def unfinished(conn: Connection) -> bool:
    """Whether rows of any topic are still to be computed, or were never."""
    none, ahead = ~exists(select(meanings.c.topic)), exists().where(meanings.c.reached.is_not(None))
    return bool(conn.scalar(select(or_(none, ahead))))


def digests(conn: Connection, wanted: Collection[str]) -> dict[str, str]:
    """By which meaning the rows of these topics are computed. Raises Waiting if they are not yet, and Replaced."""
    found = _read(conn)
    if found.get(None, _UNREAD)[0] != program(conn):
        raise Replaced
    if any(found.get(topic, _UNREAD)[1] is not None for topic in wanted):
        raise Waiting
    return {topic: digest for topic in wanted if (digest := found[topic][0])}


def _read(conn: Connection) -> dict[str | None, tuple[str | None, UUID | None]]:
    """Of every topic its digest and how far it is computed; under no topic the digest of all."""
    found = kept(conn, "meanings")
    if not found:
        found |= {topic: (digest, reached) for topic, digest, reached in conn.execute(_digests, {"topics": _named()})}
    return found


_UNREAD = ("", NOBODY)
_digests = (
    select(meanings.c.topic, meanings.c.digest, meanings.c.reached)
    .where(meanings.c.topic.in_(bindparam("topics", expanding=True)))
    .union_all(select(null(), marks.c.value, null()).where(marks.c.name == PROGRAM))
)


class Ground(NamedTuple):
    """What rows are written by: whether it is this program, and what the office has set for its rules.

    `in_line`: False while rows are still to be computed, so that those of a case may be of either meaning.
    """

    in_force: bool
    in_line: bool
    settings: Sequence[Record]

    def admit(self) -> None:
        """Refuses to write rows if another program has taken over. Raises Replaced."""
        if not self.in_force:
            raise Replaced


def held(conn: Connection) -> Ground:
    """The ground rows stand on; nobody can change it until the transaction ends."""
    database.hold_meaning(conn)
    rows = conn.execute(_ground).all()  # after the lock, or it would be as it was before one has waited
    if not rows:  # without a mark nobody has opened the database yet
        return Ground(True, True, rulebook.settings(conn))
    settings = rulebook.read(row[2:] for row in rows if row[2] is not None)
    return Ground(rows[0][0] == program(conn), bool(rows[0][1]), settings)


def admit(conn: Connection) -> None:
    """Refuses to write rows if another program has taken over; nobody can until the transaction ends.

    Raises Replaced.
    """
    held(conn).admit()


_settings = rulebook.as_stored.subquery()
_ground = (  # built once: putting it together takes longer than running it
    select(marks.c.value, ~exists().where(meanings.c.reached.is_not(None)), *_settings.c)
    .outerjoin_from(marks, _settings, true())
    .where(marks.c.name == PROGRAM)
    .order_by(_settings.c.key, _settings.c.number)
)


def expect(conn: Connection) -> frozenset[str]:
    """From now on rows follow the meaning of this program and what the office has set; others are to be computed.

    Returns the topics that are gone. Waits for everybody who is writing rows.
    """
    database.hold_meaning(conn, change=True)
    settings = rulebook.said(conn)
    wanted = {topic: sources.digest((code, settings.get(topic, ""))) for topic, code in topics().items()}
    for name, value in ((PROGRAM, program(conn)), (FILES, _fingerprint())):
        values.put(conn, name, value)
    kept = dict(conn.execute(select(meanings.c.topic, meanings.c.digest)).all())
    changed = [topic for topic, digest in wanted.items() if kept.get(topic) != digest]
    gone = kept.keys() - wanted.keys()
    conn.execute(delete(meanings).where(meanings.c.topic.in_({*changed, *gone})))
    if changed:
        begun = [{"topic": topic, "digest": wanted[topic], "reached": NOBODY} for topic in changed]
        conn.execute(insert(meanings), begun)
    return frozenset(gone)


def settings_changed(conn: Connection) -> None:
    """Lets the rows follow what the office has set now: until they are computed, their lists wait. Raises Replaced."""
    database.hold_meaning(conn, change=True)  # at once: two who held it with others would wait for each other
    admit(conn)
    expect(conn)


def ahead(conn: Connection) -> tuple[dict[str, str], UUID]:
    """The topics still to be computed, each with its digest, and the case after which to go on."""
    return _ahead(conn, _to_compute)


def next_part(conn: Connection) -> tuple[dict[str, str], UUID]:
    """The same; nobody else goes on meanwhile. Raises Replaced."""
    admit(conn)
    return _ahead(conn, _to_compute.with_for_update())


def _ahead(conn: Connection, asked: Select[Any]) -> tuple[dict[str, str], UUID]:
    found = conn.execute(asked).all()
    return {one.topic: one.digest for one in found}, min((one.reached for one in found), default=NOBODY)


_to_compute = select(meanings).where(meanings.c.reached.is_not(None)).order_by(meanings.c.topic)


def reached(conn: Connection, some: Collection[str], case: UUID | None) -> None:
    """Keeps up to which case the rows of these topics are computed; None: of all cases."""
    conn.execute(update(meanings).where(meanings.c.topic.in_(some)).values(reached=case))


def is_whole(some: Collection[str]) -> bool:
    """Whether these are all topics there are."""
    return topics().keys() <= set(some)
