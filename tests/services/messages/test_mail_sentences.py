"""What mails say is so: none, one, many; new and still open; one's own and for others; tasks and notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, update

from domain.facts import Stream
from domain.periods import BERLIN
from services.messages import mail
from services.messages.inbox import REMINDED, Kind
from services.messages.mail import Letter
from services.messages.outbox import Task
from services.office.office import Office
from services.records.tables import messages
from tests.services import bureau

FRIDAY = dt.datetime(2026, 11, 20, 10, 10, tzinfo=BERLIN)
TODAY = FRIDAY.date()
TASK = UUID(int=5)
DEPUTY, ALL_DEPUTY = " (in Vertretung)", "Sie erhalten diese Nachricht in Vertretung."
Data = Mapping[str, Any]


class Told(NamedTuple):
    """A message: its kind, of which cases, with what data."""

    kind: Kind = Kind.FOLLOW_UP
    cases: Sequence[str] = ("C-1",)
    data: Data = {"rule": "R-04"}  # noqa: RUF012 - nothing in it changes
    done: bool = False


FOR = {"rule": "R-04", "for": "somebody"}
DIGESTS: Mapping[str, tuple[Sequence[Told], str, Sequence[str]]] = {  # messages, what the subject says, the lines
    "one task": ([Told()], "eine Aufgabe", ["neu ist:", "- C-1: Über 6 Monate Integration"]),
    "two": (
        [Told(), Told(cases=["C-2"])],
        "2 Aufgaben",
        ["neu ist:", "- C-1: Über 6 Monate Integration", "- C-2: Über 6 Monate Integration"],
    ),
    "two rules of a case": (
        [Told(), Told(data={"rule": "R-02"})],
        "eine Aufgabe",
        ["neu ist:", "- C-1: Über 6 Monate Integration, Förderzeit Jobakademie"],
    ),
    "appointments of all": (
        [Told(data={"rule": "R-14"}), Told(cases=["C-2"], data={"rule": "R-14"})],
        "eine Aufgabe",
        ["neu ist:", "- C-1, C-2: Termin noch auf „geplant“"],
    ),
    "still open": ([Told(Kind.REMINDER)], "eine Aufgabe", ["noch offen ist:", "- C-1: Über 6 Monate Integration"]),
    "a lead reminds": (
        [Told(Kind.INFO, data={"rule": "R-04", "info": REMINDED})],
        "eine Aufgabe",
        ["noch offen ist:", "- C-1: Über 6 Monate Integration"],
    ),
    "new and open": (
        [Told(Kind.REMINDER), Told(cases=["C-2"])],
        "2 Aufgaben",
        ["neu ist:", "- C-2: Über 6 Monate Integration", "noch offen ist:", "- C-1: Über 6 Monate Integration"],
    ),
    "a notice": (
        [Told(Kind.INFO, data={"rule": "R-18", "info": "alg1-bar-set"})],
        "ein Hinweis",
        ["neu ist:", "- C-1: ALG I"],
    ),
    "tasks and notices": (
        [Told(), Told(cases=["C-2"]), Told(Kind.ASSIGNED, ["C-1", "C-2"], {"by": "x"})],
        "2 Aufgaben und ein Hinweis",
        [
            "neu ist:",
            "- C-1: Über 6 Monate Integration",
            "- C-2: Über 6 Monate Integration",
            "- C-1, C-2: Ihnen neu zugewiesen",
        ],
    ),
    "a case assigned and gone on": (
        [Told(Kind.ASSIGNED, ["C-1", "C-3"], {"by": "x"})],
        "ein Hinweis",
        ["neu ist:", "- C-1: Ihnen neu zugewiesen"],
    ),
    "an offer": ([Told(Kind.OFFER, data={"by": "x"})], "eine Aufgabe", ["neu ist:", "- C-1: Übergabe an Sie"]),
    "all for another": ([Told(data=FOR)], "eine Aufgabe", ["neu ist:", "- C-1: Über 6 Monate Integration", ALL_DEPUTY]),
    "one of two for another": (
        [Told(), Told(cases=["C-2"], data=FOR)],
        "2 Aufgaben",
        ["neu ist:", "- C-1: Über 6 Monate Integration", f"- C-2: Über 6 Monate Integration{DEPUTY}"],
    ),
    "appointments, some for another": (
        [Told(data={"rule": "R-14"}), Told(cases=["C-2"], data=FOR | {"rule": "R-14"})],
        "2 Aufgaben",
        ["neu ist:", "- C-1: Termin noch auf „geplant“", f"- C-2: Termin noch auf „geplant“{DEPUTY}"],
    ),
    "done": ([Told(done=True)], "", []),
    "all assigned and gone on": ([Told(Kind.ASSIGNED, ["C-3"], {"by": "x"})], "", []),
    "an erased case": ([Told(cases=["C-4"])], "", []),
}


@pytest.fixture
def office(make_office: Any) -> Office:
    office: Office = make_office(now=FRIDAY)
    bureau.staff(office)
    for number, worker in (("C-1", "fm-7"), ("C-2", "fm-7"), ("C-3", "fm-8"), ("C-4", "fm-7")):
        bureau.jobakademie(office, number, dt.date(2026, 10, 20), worker)
    with office.write() as tx:
        tx.conn.execute(delete(messages))
    return office


def composed(office: Office, person: str, told: Sequence[Told]) -> Letter | None:
    """The digest of a person who was told this."""
    with office.write() as tx:
        tx.conn.execute(delete(messages))
        keys = dict(tx.store.keys(tx.conn, Stream.CASE, ["C-1", "C-2", "C-3"]))
        for at, one in enumerate(told):
            cases = [keys.get(case, UUID(int=4)) for case in one.cases]
            several = one.kind == Kind.ASSIGNED
            row = {"id": at + 1, "unique_key": f"m{at}", "recipient": person, "kind": one.kind, "mailed_with": TASK}
            data = {**one.data, **({"cases": [case.hex for case in cases]} if several else {})}
            row |= {"case_key": None if several else cases[0], "data": data, "created_at": FRIDAY}
            tx.conn.execute(insert(messages).values(**row, done_at=FRIDAY if one.done else None))
        return mail.compose(tx, Task(TASK, mail.DIGEST, {"person": person}, 1), TODAY)


def said(text: str) -> list[str]:
    """What stands between the greeting and the end, without links."""
    lines = [line.strip() for line in text.splitlines()]
    left_out = ("http", "Guten Tag", "Alle Aufgaben", "Diese Nachricht wurde automatisch")
    return [line for line in lines if line and not line.startswith(left_out)]


def test_a_digest_says_what_is_so(office: Office) -> None:
    with office.read() as tx:
        person = tx.store.keys(tx.conn, Stream.PERSON, ["fm-7"])["fm-7"].hex
    for name, (told, subject, lines) in DIGESTS.items():
        letter = composed(office, person, told)
        assert (letter is None) == (not lines), name
        if letter is not None:
            assert letter.subject == f"Fallverlauf: {subject} (Fr., 20.11.2026)", name
            assert said(letter.text) == list(lines), name
            html = letter.html.replace("&#39;", "'")
            assert all(line.removeprefix("- ").rpartition(": ")[2] in html for line in lines), name
    assert composed(office, person, []) is None


def test_who_is_away_or_reads_here_only_is_said_nothing_wrong(office: Office) -> None:
    with office.read() as tx:
        people = {id: key.hex for id, key in tx.store.keys(tx.conn, Stream.PERSON, ["fm-7", "fm-8"]).items()}
    bureau.absent(office, "fm-7", TODAY, TODAY)
    letter = composed(office, people["fm-7"], [Told(), Told(cases=["C-2"], data=FOR)])
    assert letter is not None
    assert letter.to == "fm-8@example.org"
    assert said(letter.text) == [
        "neu ist:",
        "- C-1: Über 6 Monate Integration",
        "- C-2: Über 6 Monate Integration",
        ALL_DEPUTY,
    ]
    for whose, mails in (("fm-7", True), ("fm-8", False)):  # whose mail it is decides, not whose task
        with office.write() as tx:
            for id, person in people.items():
                mail.choose(tx.conn, person, mails=id != whose)
        assert (composed(office, people["fm-7"], [Told()]) is not None) == mails


@pytest.mark.parametrize(
    ("kind", "data", "what"),
    [
        (Kind.REQUEST, {}, "Verlängerung zur Entscheidung"),
        (Kind.REQUEST_REMINDER, {}, "Verlängerung wartet auf Ihre Entscheidung"),
        (Kind.ANSWER, {}, "Antwort auf Ihren Verlängerungsantrag"),
        (Kind.ANSWER, {"for": "x"}, "Antwort auf einen Verlängerungsantrag"),
    ],
)
def test_a_single_mail_says_whose_it_is(office: Office, kind: Kind, data: Data, what: str) -> None:
    with office.write() as tx:
        person = tx.store.keys(tx.conn, Stream.PERSON, ["fm-7"])["fm-7"].hex
        case = tx.store.keys(tx.conn, Stream.CASE, ["C-1"])["C-1"]
        row = {"id": 1, "unique_key": "m", "recipient": person, "kind": kind, "case_key": case, "data": dict(data)}
        tx.conn.execute(insert(messages).values(**row, created_at=FRIDAY))
        task = Task(TASK, "mail-single", {"message": 1}, 1)
        letter = mail.compose(tx, task, TODAY)
        assert letter is not None
        assert letter.subject == f"Fall C-1: {what}"
        assert (ALL_DEPUTY in letter.text) == bool(data)
        tx.conn.execute(update(messages).values(done_at=FRIDAY))
        assert mail.compose(tx, task, TODAY) is None
