"""One dialogue answered for several cases at once: each is decided by itself and can be taken back by itself.

The questions are asked once. Either every case takes the answers, or nothing is stored and each that does not says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from domain import dialogues
from domain.decisions.refusal import Refused
from domain.decisions.wishes import Assign, Undo, Wish
from domain.dialogues import DIALOGUES, Answer, Context, Dialogue, Step
from services.casework import case as casework
from services.casework import desk
from services.casework.case import Desk, Forbidden
from services.dialogues import answers as answering
from services.dialogues import subjects
from services.messages import assigned as messages
from services.office.office import Office
from services.records.tables import actions, heads

if TYPE_CHECKING:
    from services.office.office import Transaction

OFFERED = ("plan", "own", "handover")  # what fits many cases alike
OF_LEADS = ("assign",)  # what leads do with many cases of others
ELSEWHERE = "Der Fall gehört jetzt zu einer anderen Einheit; zurückgeben kann ihn deren Führungskraft."
MOST = 100  # cases at once: as long as they are stored, nobody else stores anything


class NotAll(Exception):
    """Some of the cases do not take the answers; by case the reasons, as (step, German sentence)."""

    def __init__(self, reasons: Mapping[UUID, Sequence[tuple[str, str]]]) -> None:
        super().__init__(f"{len(reasons)} cases")
        self.reasons = reasons


def offered() -> list[Dialogue]:
    """The dialogues that can be answered for several cases."""
    return [DIALOGUES[name] for name in OFFERED if name in DIALOGUES]


def possible() -> list[Dialogue]:
    """The same with those of leads."""
    return [*offered(), *(DIALOGUES[name] for name in OF_LEADS)]


def questions(tx: Transaction, dialogue: Dialogue, case: UUID, actor: str) -> tuple[Context, list[Step]]:
    """What is asked, with the choices of one of the cases; a day stands before its time. Raises `Forbidden`."""
    context, _ = _opened(tx, dialogue, case, actor)
    timed = any(step.kind == "time" for step in dialogue.steps)
    return context, sorted(dialogue.steps, key=lambda step: timed and step.kind != "date")


def versions(tx: Transaction, cases: Sequence[UUID]) -> dict[UUID, int]:
    """The last number of each case: what `decide` takes, so that answers sent twice are decided once."""
    found = select(heads.c.key, heads.c.number).where(heads.c.key.in_(cases))
    return {row.key: row.number for row in tx.conn.execute(found)}


def understood(
    tx: Transaction, dialogue: Dialogue, case: UUID, given: Mapping[str, Answer], actor: str
) -> Mapping[str, Answer]:
    """The answers as one of the cases takes them: days as ISO days, times as HH:MM. Raises `Refused`, `Forbidden`."""
    return _answered(dialogue, _opened(tx, dialogue, case, actor)[0], given)


def decide(
    office: Office,
    dialogue: Dialogue,
    cases: Sequence[UUID],
    given: Mapping[str, Answer],
    actor: str,
    shown: Mapping[UUID, int] = MappingProxyType({}),
    own: Mapping[UUID, Mapping[str, Answer]] = MappingProxyType({}),
) -> list[str]:
    """Decides all in one transaction; what takes each of them back (`Done.correlation_id`), in the order of the cases.

    `shown`: the last number of each case when it was shown; a case that has grown since is refused. `own`: answers of
    one case alone, beside those for all.
    Raises `NotAll`; then nothing is stored.
    """
    done: list[str] = []
    assigned: dict[str, list[tuple[UUID, str]]] = {}
    refused: dict[UUID, Sequence[tuple[str, str]]] = {}
    with office.write() as tx:
        for case in cases:
            try:
                correlation_id, wish = _decide(
                    tx, dialogue, case, {**given, **own.get(case, {})}, actor, shown.get(case)
                )
                done.append(correlation_id)
                if isinstance(wish, Assign):
                    assigned.setdefault(wish.worker, []).append((case, correlation_id))
            except Refused as error:
                refused[case] = error.reasons
            except (Forbidden, desk.Stale) as error:
                refused[case] = [("", str(error))]
        if refused:
            raise NotAll(refused | _grown(tx, refused, shown))
        for worker, some in assigned.items():
            messages.tell(tx, actor, worker, [case for case, _ in some], some[0][1])
    return done


def _grown(tx: Transaction, refused: Iterable[UUID], shown: Mapping[UUID, int]) -> dict[UUID, list[tuple[str, str]]]:
    """Of a case that has grown since it was shown this is said, whatever else does not fit any more."""
    now = versions(tx, [case for case in refused if case in shown])
    return {case: [("", desk.grown(tx, case, now[case]).sentence)] for case in now if now[case] != shown[case]}


def take_back(office: Office, deeds: Sequence[str], actor: str) -> int:
    """Undoes several decisions of one person (ids, as `decide` gives them) together; how many.

    What of them is undone already stays so. Raises `NotAll`; then every one of them stands as it was.
    """
    one = actions.c
    own = select(one.case_key, one.correlation_id).where(one.correlation_id.in_(deeds), one.by == actor)
    refused: dict[UUID, Sequence[tuple[str, str]]] = {}
    with office.write() as tx:
        rows = tx.conn.execute(own.where(one.undone_at.is_(None), one.wish != "undo").order_by(one.case_key)).all()
        for case, deed in rows:
            try:
                desk.handle_in(tx, case, Undo(correlation_id=deed), actor)
            except Refused as error:
                refused[case] = error.reasons
            except Forbidden:
                refused[case] = [("", ELSEWHERE)]
        if refused:
            raise NotAll(refused)
        messages.take_back(tx.conn, [deed for _, deed in rows], tx.now)
    return len(rows)


def _decide(
    tx: Transaction, dialogue: Dialogue, case: UUID, given: Mapping[str, Answer], actor: str, number: int | None
) -> tuple[str, Wish]:
    context, found = _opened(tx, dialogue, case, actor)
    if (sentence := dialogues.why_not(dialogue, context)) is not None:
        raise Refused([("", sentence)])
    wish = dialogues.wish_of(dialogue, _answered(dialogue, context, given), context)
    return desk.handle_in(tx, found.case_key, wish, actor, expected_number=number).correlation_id, wish


def _answered(dialogue: Dialogue, context: Context, given: Mapping[str, Answer]) -> dict[str, Answer]:
    return answering.checked(dialogue, {}, context, {step.key: given.get(step.key, "") for step in dialogue.steps})


def _opened(tx: Transaction, dialogue: Dialogue, case: UUID, actor: str) -> tuple[Context, Desk]:
    found = casework.desk(tx, case, actor, tx.today)
    casework.admit_dialogue(found, dialogue)
    opening = subjects.opening(tx, found, dialogue.subject, "")
    return subjects.context(tx, found, dialogue, opening), found
