"""Dialogues at the desk: each answer survives a restart, a stale button says why, typed days are understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from domain.decisions import wishes
from domain.decisions.refusal import Refused
from domain.facts import Stream, name_of
from domain.facts.case import ResponsibilityAssigned
from domain.facts.contact import AppointmentPlanned
from domain.facts.office import RuleSet
from domain.facts.support import Alg1Started
from domain.periods import BERLIN
from services.casework.desk import Forbidden, Stale, handle
from services.dialogues import conversation
from services.dialogues.conversation import Conversation, Moved
from services.followups import lifecycle
from services.office.office import Office
from services.records import tables
from tests.conftest import on_both_databases
from tests.services import bureau

TODAY = dt.date(2026, 11, 20)
BEGIN = dt.date(2026, 5, 20)
At = Callable[[dt.date], Office]
FACTS = "Qualifizierung läuft bis 28.02., danach Probearbeit."
ANSWERS: dict[str, Any] = {
    "options": ["other"],
    "other_text": "Qualifizierung",
    "facts_text": FACTS,
    "justification": "Die Stelle ist schriftlich zugesagt.",
    "until": "Ende Februar",
}


@pytest.fixture
def at(make_office: Any, kind_of_database: str, request: pytest.FixtureRequest) -> At:
    """The same office on another day, at ten past ten."""
    database = request.getfixturevalue("postgresql_url") if kind_of_database == "postgresql" else None
    return lambda day: make_office(now=dt.datetime.combine(day, dt.time(10, 10), BERLIN), database=database)


@pytest.fixture
def office(at: At) -> Office:
    office = at(TODAY)
    bureau.staff(office)
    return office


@pytest.fixture
def case(office: Office) -> UUID:
    return bureau.jobakademie(office, "C-2001", BEGIN)


def person(office: Office, number: str) -> str:
    with office.read() as tx:
        key = office.store.key(tx.conn, Stream.PERSON, number)
    assert key is not None
    return key.hex


def open_drafts(office: Office, who: str) -> list[conversation.Conversation]:
    """The dialogues this person can still finish."""
    key = person(office, who)
    with office.read() as tx:
        return conversation.open_drafts(tx, key)


def start(office: Office, case: UUID, dialogue: str, by: str = "fm-7", **more: Any) -> Conversation:
    return conversation.start(office, case, dialogue, person(office, by), **more)


def reply(office: Office, current: Conversation, value: Any, by: str = "fm-7") -> Conversation:
    """Answers the question that is asked."""
    assert current.step is not None
    return conversation.answer(office, current.draft, current.step.key, value, current.version, person(office, by))


def answer_all(office: Office, current: Conversation, answers: dict[str, Any], by: str = "fm-7") -> Conversation:
    while current.step is not None:
        current = reply(office, current, answers[current.step.key], by)
    return current


def finish(office: Office, current: Conversation, by: str = "fm-7") -> Any:
    return conversation.finish(office, current.draft, current.version, person(office, by))


def names(office: Office, case: UUID) -> list[str]:
    with office.read() as tx:
        return [name_of(one.fact) for one in office.store.records(tx.conn, case)]


@on_both_databases
def test_from_the_first_question_to_the_request(office: Office, case: UUID) -> None:
    current = start(office, case, "extension")
    assert (current.number, current.total, current.version) == (1, 2, 0)
    assert current.step is not None
    assert current.step.key == "options"
    current = answer_all(office, current, ANSWERS)
    assert current.lines[-1].answer == "Sonntag, 28.02.2027"
    seen = conversation.preview(office, current.draft, person(office, "fm-7"))
    done = finish(office, current)
    assert [name_of(entry.fact) for entry in seen.entries] == ["extension-requested"]
    assert [entry.fact for entry in done.entries] == [entry.fact for entry in seen.entries]
    assert open_drafts(office, "fm-7") == []


@on_both_databases
def test_a_restart_between_two_answers_loses_none(office: Office, case: UUID, at: At) -> None:
    current = start(office, case, "extension")
    for value in (["other"], "Qualifizierung", FACTS):
        current = reply(office, current, value)
    office.close()
    anew = at(TODAY + dt.timedelta(days=3))
    (kept,) = open_drafts(anew, "fm-7")
    assert kept.answers == {"options": ["other"], "other_text": "Qualifizierung", "facts_text": FACTS}
    assert kept.step is not None
    assert kept.step.key == "justification"
    assert start(anew, case, "extension").draft == kept.draft
    finish(anew, answer_all(anew, kept, ANSWERS))
    assert names(anew, case)[-1] == "extension-requested"


def test_answers_are_kept_encrypted_and_gone_when_decided(office: Office, case: UUID) -> None:
    current = answer_all(office, start(office, case, "extension"), ANSWERS)
    with office.read() as tx:
        stored = b"".join(tx.conn.scalars(select(tables.draft_answers.c.ciphertext)))
    assert stored
    assert b"Qualifizierung" not in stored
    finish(office, current)
    with office.read() as tx:
        assert tx.conn.execute(text("SELECT count(*) FROM draft_answers")).scalar() == 0


def test_answers_that_do_not_fit_are_asked_again(office: Office, case: UUID) -> None:
    current = start(office, case, "extension")
    wrong = {
        "options": [[], ["employment"], ["no such"]],
        "facts_text": ["", "zu kurz", "x" * 4001],
        "until": ["", "heute", "19.11.2026", "irgendwann", "31.02.2027"],
    }
    while current.step is not None:
        for value in wrong.get(current.step.key, []):
            with pytest.raises(Refused) as refused:
                reply(office, current, value)
            assert refused.value.reasons[0][0] == current.step.key
        current = reply(office, current, ANSWERS[current.step.key])
    assert conversation.load(office, current.draft, person(office, "fm-7")).version == len(current.answers)


def test_a_screen_is_answered_at_once_or_not_at_all(office: Office, case: UUID) -> None:
    current, me = start(office, case, "extension"), person(office, "fm-7")
    only = {"other_text": "Lehrgang"}
    with pytest.raises(Refused) as refused:
        conversation.answer(office, current.draft, "options", ["other"], 0, me, also={"other_text": "x"})
    assert [field for field, _ in refused.value.reasons] == ["other_text"]
    assert conversation.load(office, current.draft, me).answers == {}
    with pytest.raises(Refused) as refused:
        conversation.answer(office, current.draft, "options", ["employment"], 0, me, also=only)
    assert [field for field, _ in refused.value.reasons] == ["options", "other_text"]  # no text is lost unseen
    current = conversation.answer(office, current.draft, "options", ["other"], 0, me, also={"other_text": "Lehrgang"})
    wrong = {"justification": "kurz", "until": "irgendwann"}
    with pytest.raises(Refused) as refused:
        conversation.answer(office, current.draft, "facts_text", "", current.version, me, also=wrong)
    assert [field for field, _ in refused.value.reasons] == ["facts_text", "justification", "until"]


def test_further_than_six_months_asks_why(office: Office, case: UUID) -> None:
    current = answer_all(office, start(office, case, "extension"), ANSWERS)
    me = person(office, "fm-7")
    current = conversation.back(office, current.draft, current.version, me)
    assert [step.key for step in current.steps] == ["facts_text", "justification", "until"]
    assert current.before["facts_text"] == FACTS  # nothing that was typed is lost on the way back
    again = {**current.before, "until": "in acht Monaten"}
    first = current.steps[0].key
    current = conversation.answer(office, current.draft, first, again[first], current.version, me, also=again)
    assert current.before == {}
    assert current.step is not None
    assert current.step.key == "long_reason"
    finish(office, reply(office, current, "Die Ausbildung endet erst dann."))
    with office.read() as tx:
        request: Any = office.store.records(tx.conn, case, with_text=True)[-1].fact
    assert request.until == dt.date(2027, 7, 20)
    assert request.justification.endswith("Länger als sechs Monate, weil: Die Ausbildung endet erst dann.")


def test_an_answer_changed_later_takes_back_what_hung_on_it(office: Office, case: UUID) -> None:
    me = person(office, "fm-7")
    current = answer_all(
        office,
        start(office, case, "end"),
        {"on": "15.9.", "late_reason": "Nachricht kam spät", "reason": "Arbeitsaufnahme", "closing_bar": "Ja"},
    )
    current = conversation.answer(office, current.draft, "on", "gestern", current.version, me)
    assert [line.step for line in current.lines] == ["on", "closing_bar", "reason"]
    done = finish(office, current)
    assert [name_of(entry.fact) for entry in done.entries] == [
        "strategy-reviewed",
        "strategy-bar-ended",
        "non-strategy-bar-set",
    ]


@on_both_databases
def test_a_button_drawn_before_is_stale(office: Office, case: UUID) -> None:
    first = start(office, case, "extension")
    reply(office, first, ["other"])
    with pytest.raises(Moved, match="inzwischen schon geantwortet") as moved:
        reply(office, first, ["other"])
    assert moved.value.current.version == 1
    done = answer_all(office, moved.value.current, ANSWERS)
    finish(office, done)
    with pytest.raises(Moved) as over:
        finish(office, done)
    assert over.value.sentence == "Sabine Meier hat diesen Dialog am 20.11.2026 um 10:10 Uhr abgeschlossen."


@on_both_databases
def test_a_cancelled_dialogue_leaves_nothing(office: Office, case: UUID) -> None:
    current = reply(office, start(office, case, "extension"), ["other"])
    conversation.cancel(office, current.draft, person(office, "fm-7"))
    assert open_drafts(office, "fm-7") == []
    assert names(office, case) == ["responsibility-assigned", "strategy-bar-set"]
    fresh = start(office, case, "extension")
    assert fresh.draft != current.draft
    assert fresh.answers == {}


@on_both_databases
def test_the_lead_approves_a_shorter_date(office: Office, case: UUID) -> None:
    finish(office, answer_all(office, start(office, case, "extension"), ANSWERS))
    request = request_ref(office, "tl-1")
    current = start(office, case, "approve", "tl-1", subject=request)
    assert current.step is not None
    assert [choice.label for choice in current.step.choices(current.context)] == ["wie beantragt: 28.02.2027"]
    with pytest.raises(Refused, match=r"Beantragt ist bis 28\.02\.2027"):
        reply(office, current, "01.03.2027", "tl-1")
    done = finish(office, reply(office, current, "31.01.", "tl-1"), "tl-1")
    assert [name_of(entry.fact) for entry in done.entries] == ["extension-approved", "strategy-reviewed"]
    assert done.entries[0].fact.until == dt.date(2027, 1, 31)


def request_ref(office: Office, by: str) -> str:
    row = tables.messages.c
    wanted = (row.recipient == person(office, by), row.kind == "decision-request", row.done_at.is_(None))
    with office.read() as tx:
        return str(tx.conn.execute(select(row.data).where(*wanted)).scalar_one()["request"])


@pytest.mark.parametrize("dialogue", ["return", "reject"])
def test_the_lead_answers_otherwise(office: Office, case: UUID, dialogue: str) -> None:
    finish(office, answer_all(office, start(office, case, "extension"), ANSWERS))
    current = start(office, case, dialogue, "tl-1", subject=request_ref(office, "tl-1"))
    answers = {"reason": "Seit wann läuft das?", "instruct": "Handlungsstrategie umstellen"}
    finish(office, answer_all(office, current, answers, "tl-1"), "tl-1")
    assert names(office, case)[-1] == {"return": "extension-returned", "reject": "extension-rejected"}[dialogue]
    finish(office, answer_all(office, start(office, case, "extension"), ANSWERS))


@on_both_databases
def test_two_open_decisions_about_one_request(office: Office, case: UUID) -> None:
    finish(office, answer_all(office, start(office, case, "extension"), ANSWERS))
    request = request_ref(office, "tl-1")
    mine = answer_all(office, start(office, case, "approve", "tl-1", subject=request), {"until": "28.02."}, "tl-1")
    theirs = start(office, case, "reject", "fdl-1", subject=request)
    theirs = answer_all(office, theirs, {"reason": "Keine Bewegung erkennbar", "instruct": "end"}, "fdl-1")
    finish(office, mine, "tl-1")
    assert open_drafts(office, "fdl-1") == []
    said = "Jens Kern hat am 20.11.2026 um 10:10 Uhr der Verlängerung zugestimmt (bis 28.02.2027)."
    for stale in (
        lambda: finish(office, theirs, "fdl-1"),
        lambda: conversation.preview(office, theirs.draft, person(office, "fdl-1")),
        lambda: start(office, case, "approve", "fdl-1", subject=request),
    ):
        with pytest.raises(Stale) as late:
            stale()
        assert late.value.sentence == said


def test_still_right_is_not_offered_at_the_limit(office: Office, case: UUID) -> None:
    with pytest.raises(Refused, match="genügt hier nicht mehr"):
        start(office, case, "confirm")


def test_still_right_before_the_limit(office: Office) -> None:
    young = bureau.jobakademie(office, "C-2002", dt.date(2026, 8, 1))
    current = start(office, young, "confirm")
    done = finish(office, reply(office, current, ""))
    assert [name_of(entry.fact) for entry in done.entries] == ["strategy-reviewed"]


def test_alg1_known_late_gets_its_bar_from_the_first_day(office: Office, case: UUID) -> None:
    bureau.record(office, Stream.CASE, "C-2001", (dt.date(2026, 10, 1), Alg1Started()))
    current = start(office, case, "alg1-bar")
    assert current.step is not None
    (first,) = current.step.choices(current.context)
    assert first.label == "erster ALG-I-Tag: 01.10.2026"
    finish(office, answer_all(office, current, {"on": first.value, "late_reason": "Bescheid kam erst jetzt"}))
    assert names(office, case)[-2:] == ["strategy-bar-ended", "non-strategy-bar-set"]
    with office.read() as tx:
        assert lifecycle.stages(tx.conn, case, TODAY) == []


@on_both_databases
def test_later_takes_all_of_today(office: Office, case: UUID) -> None:
    current = start(office, case, "later", prefill={"until": "2026-11-23"})
    assert current.lines[0].answer == "Montag, 23.11.2026"
    finish(office, reply(office, current, "Termin steht bevor"))
    with office.read() as tx:
        rows = tx.conn.execute(select(tables.followups.c.state, tables.followups.c.snoozed_until)).all()
        listed = lifecycle.stages(tx.conn, case, TODAY)
    assert [tuple(row) for row in rows] == [("snoozed", dt.date(2026, 11, 23))] * len(listed)


@on_both_databases
@pytest.mark.parametrize(
    ("answers", "fact"),
    [
        ({"status": "erschienen"}, "appointment-held"),
        ({"status": "nicht erschienen", "good_cause": "Grund noch offen"}, "appointment-missed"),
        ({"status": "abgesagt"}, "appointment-cancelled"),
        ({"status": "verlegt", "time": "", "on": "nächsten Donnerstag"}, "appointment-rescheduled"),
        ({"status": "verlegt", "time": "9 Uhr", "on": "nächsten Donnerstag"}, "appointment-planned"),
    ],
)
def test_an_appointment_is_settled(office: Office, case: UUID, answers: dict[str, str], fact: str) -> None:
    planned = (dt.date(2026, 11, 16), AppointmentPlanned(appointment="T-1", channel="personal"))
    bureau.record(office, Stream.CASE, "C-2001", planned)
    current = start(office, case, "appointment-status", subject="T-1", prefill={"status": "no such"})
    finish(office, answer_all(office, current, answers))
    assert names(office, case)[-1] == fact


@on_both_databases
def test_the_deputy_goes_on_with_the_draft(office: Office, case: UUID) -> None:
    current = reply(office, start(office, case, "extension"), ["other"])
    with pytest.raises(Forbidden, match="jemand anderes"):
        conversation.load(office, current.draft, person(office, "fm-8"))
    bureau.absent(office, "fm-7", TODAY, TODAY)
    current = conversation.load(office, current.draft, person(office, "fm-8"))
    finish(office, answer_all(office, current, ANSWERS, "fm-8"), "fm-8")
    with office.read() as tx:
        assert office.store.records(tx.conn, case, with_text=True)[-1].by == "fm-8"


def test_a_draft_stays_behind_when_the_case_goes(office: Office, case: UUID) -> None:
    current = reply(office, start(office, case, "extension"), ["other"])
    care = ResponsibilityAssigned(worker="fm-8", unit="56.4", area="jobakademie")
    bureau.record(office, Stream.CASE, "C-2001", (TODAY, care))
    assert open_drafts(office, "fm-7") == []
    with pytest.raises(Forbidden):
        conversation.load(office, current.draft, person(office, "fm-7"))


def test_unknown_dialogues_and_subjects(office: Office, case: UUID) -> None:
    for dialogue, subject in (("no such", ""), ("approve", "no such"), ("appointment-status", "no such")):
        with pytest.raises(LookupError):
            start(office, case, dialogue, "tl-1", subject=subject)
    with pytest.raises(LookupError):
        conversation.load(office, UUID(int=3), person(office, "fm-7"))


def test_who_may_not_decide_opens_nothing(office: Office, case: UUID) -> None:
    for dialogue in ("extension", "end", "later", "plan", "approve"):
        with pytest.raises(Forbidden):
            start(office, case, dialogue, "fm-8", subject="x")


def test_an_extension_needs_the_strategy_integration(office: Office, case: UUID) -> None:
    handle(office, case, wishes.ChangeStrategy(strategy="entwicklung", on=TODAY), person(office, "fm-7"))
    with pytest.raises(Refused, match="nur bei offener Handlungsstrategie Integration"):
        start(office, case, "extension")


def test_a_dialogue_of_a_rule_that_is_switched_off_meanwhile_still_records_what_was_said(
    office: Office, case: UUID
) -> None:
    current = start(office, case, "wish-to-work")
    bureau.record(
        office,
        Stream.OFFICE,
        "rules",
        (TODAY, RuleSet(rule="R-22", state="off", source="Verfügung 3", approved_by="fdl-1")),
    )
    done = finish(office, answer_all(office, current, {"on": "heute", "answer": "none"}))
    assert names(office, case)[-1] == "wish-to-work-asked"
    handle(office, case, wishes.Undo(correlation_id=done.correlation_id), person(office, "fm-7"))
    assert names(office, case)[-1] == "fact-withdrawn"
