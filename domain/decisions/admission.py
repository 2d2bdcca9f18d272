"""What one must be allowed to do for each wish; a wish that is forgotten here keeps the program from starting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, get_args

from domain.actions import Action
from domain.decisions import wishes
from domain.facts import declared
from domain.permissions import Relation, may

NEXT_LEVEL = 2  # decides whatever the relation to the case


Recorded = (
    wishes.SetStrategy
    | wishes.EndStrategy
    | wishes.ChangeStrategy
    | wishes.SetOtherBar
    | wishes.ConfirmStrategy
    | wishes.SetAppointmentStatus
    | wishes.PlanAppointment
    | wishes.RecordContact
    | wishes.SetOwn
    | wishes.MoveOwn
    | wishes.FinishOwn
    | wishes.RecordFacts  # only facts that need this, too
)


Led = (
    wishes.ApproveExtension
    | wishes.ReturnExtension
    | wishes.RejectExtension
    | wishes.Remind
    | wishes.AcceptExplanation
    | wishes.CloseLegacy
    | wishes.Assign
)
NEEDED: Mapping[Action | None, Any] = {  # none: the action of the fact it records
    None: wishes.RecordFact,
    Action.CORRECT: wishes.CorrectFact | wishes.WithdrawFact | wishes.Reconcile,
    Action.SEE_CASE: wishes.Undo,  # whose decision it was is checked with it
    Action.REQUEST: wishes.RequestExtension | wishes.WithdrawRequest,
    Action.DECIDE: Led,
    Action.HAND_OVER: wishes.HandOver | wishes.WithdrawHandover,
    Action.RECEIVE: wishes.AcceptHandover | wishes.RejectHandover,
    Action.OPEN_CASE: wishes.OpenCase,
    Action.RECORD_INTAKE: wishes.RecordPeriod | wishes.NoteSamePerson | wishes.NoteOtherPerson,
    Action.SNOOZE: wishes.Snooze | wishes.Dispute,
    Action.RECORD: Recorded,
}


def needed(kind: type[wishes.Wish]) -> Action | None:
    """The action a kind of wish needs; none: the one of the fact it records."""
    return next(action for action, kinds in NEEDED.items() if issubclass(kind, kinds))


def action_of(wish: wishes.Wish) -> Action:
    """The action this wish needs."""
    if isinstance(wish, wishes.RecordFact):
        return declared(wish.name).action
    found = needed(type(wish))
    assert found is not None
    return found


def admitted(action: Action, roles: Collection[str], relations: Relation | Collection[Relation], level: int) -> bool:
    """Whether somebody standing so to a case may do this; `level` as in `domain.permissions.level`."""
    return may(action, roles, relations) or (action is Action.DECIDE and level >= NEXT_LEVEL)


if forgotten := [kind for kind in get_args(wishes.Wish) if not issubclass(kind, tuple(NEEDED.values()))]:
    raise LookupError(f"nobody was said to be allowed {forgotten}")
