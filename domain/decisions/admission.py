"""What one must be allowed to do for each wish; a wish that is forgotten here keeps the program from starting."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never, get_args

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
)


def needed(kind: type[wishes.Wish]) -> Action | None:
    """The action a kind of wish needs; none: the one of the fact it records."""
    if issubclass(kind, wishes.RecordFact):
        return None
    if issubclass(kind, wishes.CorrectFact | wishes.WithdrawFact):
        return Action.CORRECT
    if issubclass(kind, wishes.Undo):
        return Action.SEE_CASE  # whose decision it was is checked with it
    if issubclass(kind, wishes.RequestExtension | wishes.WithdrawRequest):
        return Action.REQUEST
    if issubclass(kind, wishes.ApproveExtension | wishes.ReturnExtension | wishes.RejectExtension):
        return Action.DECIDE
    if issubclass(kind, wishes.HandOver | wishes.WithdrawHandover):
        return Action.HAND_OVER
    if issubclass(kind, wishes.AcceptHandover | wishes.RejectHandover):
        return Action.RECEIVE
    if issubclass(kind, wishes.Snooze | wishes.Dispute):
        return Action.SNOOZE
    if issubclass(kind, Recorded):
        return Action.RECORD
    assert_never(kind)


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


for _kind in get_args(wishes.Wish):
    needed(_kind)
