"""Own follow-ups: set, moved, done; what does not fit (Fachkonzept 2.4, R-43)."""

from __future__ import annotations

import pytest

from domain.decisions.wishes import FinishOwn, MoveOwn, RecordFact, SetOwn
from domain.facts.case import CaseClosed
from domain.facts.own import OwnFollowUpDone, OwnFollowUpSet
from tests.spec import Given, day

SET, DONE = "own-follow-up-set", "own-follow-up-done"


def one(due_on: str, subject: str = "Zeugnis nachfragen", follow_up: str = "w-1") -> OwnFollowUpSet:
    return OwnFollowUpSet(follow_up=follow_up, due_on=day(due_on), subject=subject)


def test_it_is_set_today_for_a_day_from_today_on() -> None:
    for due_on in ("20.11.", "27.11."):
        given = Given().when(SetOwn(due_on=day(due_on), subject="  Zeugnis nachfragen ")).then((SET, "20.11."))
        assert (given.fact().due_on, given.fact().subject) == (day(due_on), "Zeugnis nachfragen")


@pytest.mark.parametrize(
    ("due_on", "subject", "field", "said"),
    [
        ("19.11.", "x", "due_on", "19.11.2026 ist vorbei; eine Wiedervorlage liegt heute oder später"),
        ("21.11.2036", "x", "due_on", "höchstens der 20.11.2036"),
        ("27.11.", " \n ", "subject", "worum es geht"),
        ("27.11.", "x" * 201, "subject", "höchstens 200 Zeichen"),
    ],
)
def test_a_day_behind_or_far_ahead_and_nothing_or_a_note_are_refused(
    due_on: str, subject: str, field: str, said: str
) -> None:
    Given().refused(SetOwn(due_on=day(due_on), subject=subject), said, field=field)
    data = {"follow_up": "w-1", "due_on": day(due_on).isoformat(), "subject": subject}
    Given().refused(RecordFact(name=SET, on=day("20.11."), data=data), said, field=field)


def test_the_longest_subject_and_the_last_day_are_taken() -> None:
    Given().when(SetOwn(due_on=day("20.11.2036"), subject="x" * 200)).then((SET, "20.11."))


def test_moved_it_is_set_anew_with_its_subject() -> None:
    given = Given(("16.11.", one("20.11.")))
    given.when(MoveOwn(follow_ups=["w-1"], due_on=day("27.11."))).then((SET, "20.11."))
    assert given.fact() == one("27.11.")
    given.refused(MoveOwn(follow_ups=["w-1"], due_on=day("27.11.")), "schon auf Freitag, 27.11.2026")
    given.refused(MoveOwn(follow_ups=["w-1"], due_on=day("19.11.")), "ist vorbei", field="due_on")


def test_of_several_those_that_stand_there_already_stay() -> None:
    given = Given(("16.11.", one("20.11.")), ("16.11.", one("27.11.", follow_up="w-2")))
    given.when(MoveOwn(follow_ups=["w-1", "w-2", "w-1"], due_on=day("27.11."))).then((SET, "20.11."))
    given.when(FinishOwn(follow_ups=["w-1", "w-2", "w-1"])).then((DONE, "20.11."), (DONE, "20.11."))


def test_what_is_done_is_done_once() -> None:
    given = Given(("16.11.", one("20.11."))).when(FinishOwn(follow_ups=["w-1"])).then((DONE, "20.11."))
    given.refused(FinishOwn(follow_ups=["w-1"]), "schon erledigt", field="follow_up")
    given.refused(MoveOwn(follow_ups=["w-1"], due_on=day("27.11.")), "schon erledigt")
    given.refused(RecordFact(name=DONE, on=day("20.11."), data={"follow_up": "w-1"}), "schon erledigt")


def test_one_that_is_not_there_is_not_done() -> None:
    Given().refused(FinishOwn(follow_ups=["w-9"]), "gibt es in diesem Fall nicht")
    Given().refused(FinishOwn(follow_ups=[]), "mindestens eine", field="follow_ups")
    alone = Given(("16.11.", OwnFollowUpDone(follow_up="w-9")))
    alone.refused(RecordFact(name=DONE, on=day("20.11."), data={"follow_up": "w-9"}), "gibt es in diesem Fall nicht")


def test_it_is_not_done_before_it_was_set() -> None:
    given = Given(("16.11.", one("20.11.")))
    given.refused(RecordFact(name=DONE, on=day("15.11."), data={"follow_up": "w-1"}), "erst am 16.11.2026", field="on")
    given.when(RecordFact(name=DONE, on=day("16.11."), data={"follow_up": "w-1"})).then((DONE, "16.11."))


def test_done_and_set_again_it_is_open_again() -> None:
    given = Given(("16.11.", one("20.11."))).when(FinishOwn(follow_ups=["w-1"]))
    again = RecordFact(name=SET, on=day("20.11."), data={"follow_up": "w-1", "due_on": "2026-12-01", "subject": "y"})
    given.when(again).then((SET, "20.11.")).when(FinishOwn(follow_ups=["w-1"])).then((DONE, "20.11."))


def test_a_closed_case_takes_none() -> None:
    given = Given(("16.11.", one("27.11.")), ("17.11.", CaseClosed()))
    for wish in (
        SetOwn(due_on=day("27.11."), subject="x"),
        MoveOwn(follow_ups=["w-1"], due_on=day("30.11.")),
        FinishOwn(follow_ups=["w-1"]),
    ):
        given.refused(wish, "Der Fall ist abgeschlossen")
