"""The one road for change: one transaction, one answer for two who click at once, and every mis-click taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from domain.decisions import wishes
from domain.decisions.refusal import Refused
from domain.facts import Stream, name_of
from domain.facts.directory import PersonAdded, RoleAssigned
from domain.facts.office import OfficeSet
from domain.facts.strategy import StrategyBarSet
from domain.periods import BERLIN, end_of_day
from domain.records import Entry
from services.casework.case import view
from services.casework.desk import Done, Forbidden, Stale, handle
from services.followups import lifecycle
from services.office.office import Office
from services.records import tables
from tests.services import bureau

TODAY = dt.date(2026, 11, 20)
BEGIN = dt.date(2026, 5, 20)  # six months in the Jobakademie are full today
UNTIL = dt.date(2027, 2, 20)
At = Callable[[dt.date], Office]


@pytest.fixture
def at(make_office: Any, database_url: str) -> At:
    """The same office on another day, at ten past ten; once on SQLite and once on PostgreSQL."""
    return lambda day: make_office(now=dt.datetime.combine(day, dt.time(10, 10), BERLIN), database=database_url)


@pytest.fixture
def office(at: At) -> Office:
    """The office today, with its staff."""
    office = at(TODAY)
    staff(office)
    return office


def staff(office: Office) -> None:
    """The bureau with a second team lead."""
    bureau.staff(office)
    added, lead = PersonAdded(name="Bettina Wolf"), RoleAssigned(role="team_lead", unit="56.4")
    bureau.record(office, Stream.PERSON, "tl-2", (bureau.LONG_AGO, added), (bureau.LONG_AGO, lead))


@pytest.fixture
def case(at: At, office: Office) -> UUID:
    """Six months in the Jobakademie, in Integration, with fm-7; known since yesterday."""
    return bureau.jobakademie(at(TODAY - dt.timedelta(days=1)), "C-2001", BEGIN)


def person(office: Office, number: str) -> str:
    with office.read() as tx:
        key = office.store.key(tx.conn, Stream.PERSON, number)
    assert key is not None
    return key.hex


def wish_for_extension(**more: Any) -> wishes.RequestExtension:
    given = {
        "options": ["other"],
        "other_text": "Qualifizierung",
        "facts_text": "Qualifizierung endet am 28.02.",
        "justification": "Danach ist eine Stelle zugesagt.",
        "until": UNTIL,
        **more,
    }
    return wishes.RequestExtension(**given)


def decide(office: Office, case: UUID, wish: wishes.Wish, by: str = "fm-7", **more: Any) -> Done:
    return handle(office, case, wish, person(office, by), **more)


def facts(office: Office, case: UUID) -> list[tuple[str, str]]:
    with office.read() as tx:
        records = office.store.records(tx.conn, case, with_text=True)
    return [(name_of(record.fact), record.by) for record in records]


def due(office: Office, case: UUID, day: dt.date) -> set[str]:
    with office.read() as tx:
        return {f"{one.rule}/{one.stage}" for one in lifecycle.stages(tx.conn, case, day)}


def told(office: Office, by: str, *, done: bool = False) -> list[tuple[str, dict[str, Any]]]:
    """What stands with a person: kind and data of the messages."""
    row = tables.messages.c
    wanted = [row.recipient == person(office, by), row.done_at.is_not(None) if done else row.done_at.is_(None)]
    with office.read() as tx:
        return [
            (one.kind, one.data) for one in tx.conn.execute(select(tables.messages).where(*wanted).order_by(row.id))
        ]


def test_an_approval_is_one_decision_and_silences_what_it_answers(office: Office, case: UUID) -> None:
    asked = wish_for_extension()
    decide(office, case, asked)
    assert [kind for kind, _ in told(office, "tl-1")] == ["decision-request"]
    done = decide(office, case, wishes.ApproveExtension(request=asked.request), "tl-1")
    assert facts(office, case)[-3:] == [
        ("extension-requested", "fm-7"),
        ("extension-approved", "tl-1"),
        ("strategy-reviewed", "tl-1"),
    ]
    assert {"R-02/limit", "R-02/warning", "R-02/interim"} <= {f"{one.rule}/{one.stage}" for one in done.changes.gone}
    assert "R-06/warning-28" in {f"{one.rule}/{one.stage}" for one in done.changes.come}
    assert due(office, case, TODAY) == set()
    assert told(office, "tl-1") == []
    (answer,) = told(office, "fm-7")
    assert answer[0] == "answer"
    assert answer[1]["outcome"] == "extension-approved"
    assert answer[1]["until"] == UNTIL.isoformat()


def test_both_leads_and_one_mail_each(office: Office, case: UUID) -> None:
    decide(office, case, wish_for_extension())
    assert [kind for kind, _ in told(office, "tl-2")] == ["decision-request"]
    with office.read() as tx:
        mails = tx.conn.execute(select(tables.outbox)).all()
    assert [mail.kind for mail in mails] == ["mail-single", "mail-single"]
    assert all(set(mail.data) == {"message"} for mail in mails)


def test_beyond_month_twelve_the_next_level_is_asked(at: At, office: Office) -> None:
    long = bureau.jobakademie(at(TODAY - dt.timedelta(days=1)), "C-2003", dt.date(2026, 1, 20))
    asked = wish_for_extension()
    decide(office, long, asked)
    assert told(office, "tl-1") == []
    assert [kind for kind, _ in told(office, "fdl-1")] == ["decision-request"]
    with pytest.raises(Refused, match="nächste Ebene"):
        decide(office, long, wishes.ApproveExtension(request=asked.request), "tl-1")
    decide(office, long, wishes.ApproveExtension(request=asked.request), "fdl-1")


def test_the_answer_goes_to_the_deputy_of_who_is_away(office: Office, case: UUID) -> None:
    asked = wish_for_extension()
    decide(office, case, asked)
    bureau.absent(office, "fm-7", TODAY, TODAY)
    decide(office, case, wishes.RejectExtension(request=asked.request, reason="Keine Bewegung", instruct="end"), "tl-1")
    ((kind, data),) = told(office, "fm-8")
    assert (kind, data["instruct"], data["for"]) == ("answer", "end", person(office, "fm-7"))


def test_a_preview_says_everything_and_keeps_nothing(office: Office, case: UUID) -> None:
    before = facts(office, case)
    asked = wish_for_extension()
    seen = decide(office, case, asked, preview=True)
    assert [name_of(entry.fact) for entry in seen.entries] == ["extension-requested"]
    assert facts(office, case) == before
    assert told(office, "tl-1") == []
    with office.read() as tx:
        assert tx.conn.execute(select(tables.actions)).all() == []


def test_a_preview_of_an_end_shows_the_clocks_after_it(office: Office, case: UUID) -> None:
    wish = wishes.EndStrategy(on=TODAY - dt.timedelta(days=1), reason="employment", closing_bar=True)
    changes = decide(office, case, wish, preview=True).changes
    assert changes.before.days["gross"] == 184
    assert changes.after.days["gross"] is None
    assert "R-02/limit" in {f"{one.rule}/{one.stage}" for one in changes.gone}


def test_two_leads_at_once(make_office: Any, database_url: str) -> None:
    office: Office = make_office(now=dt.datetime.combine(TODAY, dt.time(10, 10), BERLIN), database=database_url)
    staff(office)
    case = bureau.jobakademie(office, "C-2001", BEGIN)
    asked = wish_for_extension()
    decide(office, case, asked)
    wish = wishes.ApproveExtension(request=asked.request)

    def click(lead: str) -> str:
        try:
            decide(office, case, wish, lead)
        except Stale as stale:
            return stale.sentence
        return lead

    with ThreadPoolExecutor(2) as pool:
        won, lost = sorted(pool.map(click, ["tl-1", "tl-2"]), key=len)
    name = {"tl-1": "Jens Kern", "tl-2": "Bettina Wolf"}[won]
    assert lost == f"{name} hat am 20.11.2026 um 10:10 Uhr der Verlängerung zugestimmt (bis 20.02.2027)."
    assert [name for name, _ in facts(office, case)].count("extension-approved") == 1


def test_nobody_approves_the_own_request(office: Office, case: UUID) -> None:
    asked = wish_for_extension()
    decide(office, case, asked, "tl-1")
    with pytest.raises(Refused, match="Über den eigenen Antrag entscheidet jemand anderes"):
        decide(office, case, wishes.ApproveExtension(request=asked.request), "tl-1")
    assert [kind for kind, _ in told(office, "tl-1")] == []
    decide(office, case, wishes.ApproveExtension(request=asked.request), "tl-2")


def test_a_worker_decides_no_request(office: Office, case: UUID) -> None:
    asked = wish_for_extension()
    decide(office, case, asked)
    with pytest.raises(Forbidden):
        decide(office, case, wishes.ApproveExtension(request=asked.request), "fm-8")


def test_who_has_nothing_to_do_with_the_case_may_nothing(office: Office, case: UUID) -> None:
    for wish in (wish_for_extension(), wishes.ConfirmStrategy(), wishes.RecordContact(on=TODAY, channel="phone")):
        with pytest.raises(Forbidden, match="nicht erlaubt"):
            decide(office, case, wish, "fm-8")


def test_an_approval_is_taken_back_whole(office: Office, case: UUID) -> None:
    before = due(office, case, TODAY)
    asked = wish_for_extension()
    decide(office, case, asked)
    done = decide(office, case, wishes.ApproveExtension(request=asked.request), "tl-1")
    decide(office, case, wishes.Undo(correlation_id=done.correlation_id), "tl-1")
    assert due(office, case, TODAY) == before
    assert [kind for kind, _ in told(office, "tl-1")] == ["decision-request"]
    said = {"outcome": "extension-approved", "on": TODAY.isoformat(), "waits": True}
    assert told(office, "fm-7") == [("info", {"rule": "R-06", "info": "answer-taken-back", **said})]
    with pytest.raises(Refused, match="schon rückgängig"):
        decide(office, case, wishes.Undo(correlation_id=done.correlation_id), "tl-1")
    decide(office, case, wishes.ApproveExtension(request=asked.request), "tl-2")
    assert [kind for kind, _ in told(office, "fm-7")] == ["info", "answer"]


def test_a_request_with_an_answer_is_not_undone(office: Office, case: UUID) -> None:
    asked = wish_for_extension()
    request = decide(office, case, asked)
    decide(office, case, wishes.ReturnExtension(request=asked.request, reason="Seit wann läuft das?"), "tl-1")
    with pytest.raises(Refused, match=r"späterer Eintrag vom 20\.11\.2026"):
        decide(office, case, wishes.Undo(correlation_id=request.correlation_id))


def test_only_who_decided_or_a_lead_takes_back(office: Office, case: UUID) -> None:
    asked = wish_for_extension()
    decide(office, case, asked)
    returned = decide(
        office, case, wishes.ReturnExtension(request=asked.request, reason="Seit wann läuft das?"), "tl-1"
    )
    with pytest.raises(Refused, match="nur, wer es entschieden hat"):
        decide(office, case, wishes.Undo(correlation_id=returned.correlation_id))
    decide(office, case, wishes.Undo(correlation_id=returned.correlation_id), "tl-2")


OUTCOMES: list[wishes.Wish] = [
    wish_for_extension(),
    wishes.EndStrategy(on=TODAY, reason="employment", closing_bar=True),
    wishes.ChangeStrategy(strategy="entwicklung", on=TODAY),
    wishes.ConfirmStrategy(),
    wishes.PlanAppointment(on=TODAY + dt.timedelta(days=6), channel="personal", invited=True),
    wishes.RecordContact(on=TODAY, channel="phone"),
    wishes.SetOtherBar(kind="abschlussarbeiten", on=TODAY),
    wishes.RecordFact(name="alg1-started", on=TODAY - dt.timedelta(days=3)),
]


@pytest.mark.parametrize("wish", OUTCOMES, ids=wishes.wish_name)
def test_each_outcome_is_taken_back_with_one_click(office: Office, case: UUID, wish: wishes.Wish) -> None:
    before = due(office, case, TODAY)
    done = decide(office, case, wish)
    undone = decide(office, case, wishes.Undo(correlation_id=done.correlation_id))
    assert {name_of(entry.fact) for entry in undone.entries} == {"fact-withdrawn"}
    assert len(undone.entries) == len(done.entries)
    assert due(office, case, TODAY) == before
    assert strategies_on(office, case, office.latest()) == {"integration"}


def test_later_and_back(office: Office, case: UUID) -> None:
    with office.read() as tx:
        ids = [one.id.hex for one in lifecycle.stages(tx.conn, case, TODAY)]
    wish = wishes.Snooze(followups=ids, until=TODAY + dt.timedelta(days=7), reason="appointment-ahead")
    done = decide(office, case, wish)
    assert done.entries == []
    assert states(office) == {("snoozed", 1)}
    decide(office, case, wishes.Undo(correlation_id=done.correlation_id))
    assert states(office) == {("open", 0)}
    for _ in range(2):
        decide(office, case, wish)
    with pytest.raises(Refused, match="schon zweimal"):
        decide(office, case, wish)


def states(office: Office) -> set[tuple[str, int]]:
    with office.read() as tx:
        return {(row.state, row.snoozes) for row in tx.conn.execute(select(tables.followups))}


def test_later_goes_at_most_four_weeks_ahead(office: Office, case: UUID) -> None:
    with office.read() as tx:
        ids = [one.id.hex for one in lifecycle.stages(tx.conn, case, TODAY)]
    for days in (0, 29):
        wish = wishes.Snooze(followups=ids, until=TODAY + dt.timedelta(days=days), reason="other")
        with pytest.raises(Refused, match="höchstens 28 Tage"):
            decide(office, case, wish)
    with pytest.raises(Refused, match="nicht mehr offen"):
        decide(office, case, wishes.Snooze(followups=["no such"], until=TODAY + dt.timedelta(days=7), reason="other"))


def test_a_case_that_has_grown_says_so(office: Office, case: UUID) -> None:
    done = decide(office, case, wishes.RecordContact(on=TODAY, channel="phone"))
    with pytest.raises(Stale) as stale:
        decide(office, case, wishes.ConfirmStrategy(), expected_number=done.number - 1)
    assert stale.value.number == done.number
    assert stale.value.sentence == "Sabine Meier hat am 20.11.2026 um 10:10 Uhr einen neuen Eintrag erfasst."


def test_decisions_are_noted_without_prose(office: Office, case: UUID) -> None:
    decide(office, case, wish_for_extension())
    with office.read() as tx:
        (action,) = tx.conn.execute(select(tables.actions)).all()
    assert action.wish == "request-extension"
    assert action.data == {"until": UNTIL.isoformat()}


def test_alg1_on_time_writes_the_bar_and_tells_the_worker(office: Office, case: UUID) -> None:
    first = TODAY - dt.timedelta(days=14)
    decide(office, case, wishes.RecordFact(name="alg1-started", on=first, data={"top_up": True}))
    assert facts(office, case)[-3:] == [
        ("alg1-started", "fm-7"),
        ("strategy-bar-ended", "rule:alg1"),
        ("non-strategy-bar-set", "rule:alg1"),
    ]
    assert told(office, "fm-7") == [
        ("info", {"rule": "R-18", "info": "alg1-bar-set", "first": first.isoformat(), "strategy": "integration"})
    ]
    assert due(office, case, TODAY) == set()


def test_alg1_a_day_late_only_asks(office: Office, case: UUID) -> None:
    wish = wishes.RecordFact(name="alg1-started", on=TODAY - dt.timedelta(days=15))
    decide(office, case, wish, ask_late_reason=False)
    assert facts(office, case)[-1] == ("alg1-started", "fm-7")
    assert told(office, "fm-7") == []
    assert "R-18/bar-open" in due(office, case, TODAY)


def test_alg1_moved_or_withdrawn_takes_its_bars_along(office: Office, case: UUID) -> None:
    decide(office, case, wishes.RecordFact(name="alg1-started", on=TODAY - dt.timedelta(days=3)))
    target = identity(office, case, "alg1-started")
    moved = TODAY - dt.timedelta(days=10)
    decide(office, case, wishes.CorrectFact(target=target, on=moved, reason="Bescheid nachgereicht"))
    assert [bar for bar in bars(office, case) if bar[0] == "keine-hs-alg1"] == [("keine-hs-alg1", moved)]
    decide(office, case, wishes.WithdrawFact(target=target, reason="Doch kein ALG I"))
    assert bars(office, case) == [("integration", BEGIN)]
    assert told(office, "fm-7")[-1][1]["info"] == "alg1-bar-taken-back"


def identity(office: Office, case: UUID, name: str) -> str:
    with office.read() as tx:
        return next(one.id for one in office.store.records(tx.conn, case, with_text=True) if name_of(one.fact) == name)


def bars(office: Office, case: UUID) -> list[tuple[str, dt.date]]:
    """The bars that are open today, with their first days."""
    with office.read() as tx:
        timeline = view(tx, case, TODAY).timeline
    found = [*timeline.bars, *timeline.non_strategy]
    return [
        (getattr(one.start.fact, "strategy", getattr(one.start.fact, "kind", "")), one.first)
        for one in found
        if one.period.covers(TODAY)
    ]


def test_what_was_known_before_can_still_be_asked(office: Office, case: UUID) -> None:
    decide(office, case, wishes.ChangeStrategy(strategy="entwicklung", on=TODAY))
    assert strategies_on(office, case, end_of_day(TODAY - dt.timedelta(days=1))) == {"integration"}
    assert strategies_on(office, case, office.now()) == {"entwicklung"}


def strategies_on(office: Office, case: UUID, known_at: dt.datetime) -> set[str]:
    """The strategy of today as known at a moment."""
    row = tables.segments.c
    wanted = (row.case_key == case, row.clock == "net", row.from_day <= TODAY, row.to_day >= TODAY)
    known = (row.known_from <= known_at, row.known_to > known_at)
    with office.read() as tx:
        return set(tx.conn.execute(select(row.strategy).where(*wanted, *known)).scalars())


def test_fields_that_do_not_fit_are_named_all_at_once(office: Office, case: UUID) -> None:
    wish = wishes.RecordFact(name="employment-started", on=TODAY, data={"kind": "minijob", "hours": 3})
    with pytest.raises(Refused) as refused:
        decide(office, case, wish)
    assert {field for field, _ in refused.value.reasons} == {"kind", "hours", "employment"}


def test_an_unknown_fact_is_refused(office: Office, case: UUID) -> None:
    for name in ("strategy-bar-sett", ""):
        with pytest.raises(Refused, match="Diesen Eintrag gibt es nicht"):
            decide(office, case, wishes.RecordFact(name=name, on=TODAY))
    for name in ("person-added", "unit-opened", "rule-set"):
        with pytest.raises(Refused, match="Dieser Eintrag gehört nicht zu einem Fall"):
            decide(office, case, wishes.RecordFact(name=name, on=TODAY))


def test_the_api_goes_no_way_around_a_rule(office: Office, case: UUID) -> None:
    data = {"request": "R-1", "until": UNTIL.isoformat(), "by_lead": "tl-1"}
    with pytest.raises(Forbidden):
        decide(office, case, wishes.RecordFact(name="extension-approved", on=TODAY, data=data))
    asked = wish_for_extension(request="R-1")
    decide(office, case, asked)
    late = {**data, "until": (UNTIL + dt.timedelta(days=1)).isoformat()}
    with pytest.raises(Refused, match=r"Beantragt ist bis 20\.02\.2027"):
        decide(office, case, wishes.RecordFact(name="extension-approved", on=TODAY, data=late), "tl-1")
    decide(office, case, wishes.RecordFact(name="extension-approved", on=TODAY, data=data), "tl-1")
    assert facts(office, case)[-1] == ("strategy-reviewed", "tl-1")


def test_persons_and_units_are_those_of_the_directory(office: Office, case: UUID) -> None:
    data = {"worker": "nobody", "unit": "99.9", "area": "jobakademie"}
    with pytest.raises(Refused) as refused:
        decide(office, case, wishes.RecordFact(name="responsibility-assigned", on=TODAY, data=data))
    assert {field for field, _ in refused.value.reasons} == {"worker", "unit"}
    data = {"worker": "fm-8", "unit": "56.4", "area": "av-ags"}
    assign = wishes.RecordFact(name="responsibility-assigned", on=TODAY, data=data)
    with pytest.raises(Refused, match="durch eine Übergabe"):
        decide(office, case, assign)
    decide(office, case, assign, "tl-1")


def test_codes_are_those_of_the_office_and_of_the_program(office: Office, case: UUID) -> None:
    """They stay in clear when a case is erased, so they must be no text."""
    secret = "Schulden und eine kranke Mutter"
    statement = {"category": "other", "text": "Kein Platz frei."}
    for field, said in (("rule", "gibt es nicht"), ("rule", "ist kein Kürzel"), ("survey", "gibt es nicht")):
        data = statement | {field: secret if "Kürzel" in said else "R-99" if field == "rule" else "qs-2-2020"}
        with pytest.raises(Refused, match=said):
            decide(office, case, wishes.RecordFact(name="case-statement-given", on=TODAY, data=data))
    decide(office, case, wishes.RecordFact(name="case-statement-given", on=TODAY, data=statement | {"rule": "R-07"}))
    target = facts_of(office, case)[-1]
    for changed in ({"rule": secret}, {"rule": "R-99"}, {"survey": "qs-2-2020"}):
        with pytest.raises(Refused):
            decide(office, case, wishes.CorrectFact(target=target, data=changed, reason="falsch"))
    decide(office, case, wishes.CorrectFact(target=target, data={"rule": "R-04"}, reason="falsch"))


def test_a_team_is_one_of_the_directory(office: Office, case: UUID) -> None:
    role = RoleAssigned(role="placement", unit="56.4", team="T-1")
    bureau.record(office, Stream.PERSON, "fm-8", (bureau.LONG_AGO, role))
    data = {"worker": "fm-8", "unit": "56.4", "area": "av-ags", "team": "T-2"}
    with pytest.raises(Refused, match="Dieses Team gibt es im Verzeichnis nicht"):
        decide(office, case, wishes.RecordFact(name="responsibility-assigned", on=TODAY, data=data), "tl-1")
    known = wishes.RecordFact(name="responsibility-assigned", on=TODAY, data=data | {"team": "T-1"})
    decide(office, case, known, "tl-1")
    target = facts_of(office, case)[-1]
    with pytest.raises(Refused, match="Person gibt es im Verzeichnis nicht"):
        decide(office, case, wishes.CorrectFact(target=target, data={"worker": "nobody"}, reason="falsch"), "tl-1")


def facts_of(office: Office, case: UUID) -> list[str]:
    """The ids of the facts of the case."""
    with office.read() as tx:
        return [one.id for one in office.store.records(tx.conn, case, with_text=True)]


HOSTILE: list[wishes.Wish] = [
    wish_for_extension(facts_text="x" * 20_000),
    wish_for_extension(justification="mit Steuerzeichen \0 darin"),
    wish_for_extension(request="x" * 200),
    wish_for_extension(until=dt.date(9999, 12, 31), long_reason="x" * 20),
    wishes.ConfirmStrategy(text="x" * 20_000),
    wishes.EndStrategy(on=dt.date.max),
    wishes.EndStrategy(on=dt.date.min),
    msgspec.structs.replace(wishes.EndStrategy(on=TODAY), reason="no such"),
    wishes.CorrectFact(target="x" * 10_000, reason="x" * 20_000, on=TODAY),
    wishes.WithdrawFact(target="' OR 1=1 --", reason="weg damit"),
    wishes.Undo(correlation_id="x" * 10_000),
    wishes.PlanAppointment(on=TODAY, appointment=""),
    wishes.Snooze(followups=["zz"] * 1000, until=dt.date.max, reason="other"),
    wishes.Snooze(followups=["zz"], until=TODAY, reason="<b>" * 5_000),
    wishes.RecordFact(name="contact-held", on=TODAY, data={"channel": ["phone"], "direction": None, "x" * 500: {}}),
    wishes.RecordFact(name="extension-requested", on=TODAY, data={"options": "other", "until": "morgen"}),
    wishes.RecordFact(name="fact-corrected", on=TODAY, data={"target": "x", "reason": "x", "data": {"a": {"b": []}}}),
]


@pytest.mark.parametrize("wish", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_one_clear_refusal(office: Office, case: UUID, wish: wishes.Wish) -> None:
    before = facts(office, case)
    with pytest.raises(Refused) as refused:
        decide(office, case, wish)
    assert all(sentence.endswith((".", "?")) for _, sentence in refused.value.reasons)
    assert facts(office, case) == before


def test_no_such_case(office: Office) -> None:
    with pytest.raises(LookupError):
        decide(office, UUID(int=5), wishes.ConfirmStrategy())


def test_the_bar_of_an_import_is_no_obstacle(office: Office) -> None:
    case = bureau.record(office, Stream.CASE, "C-9", (TODAY, StrategyBarSet(strategy="entwicklung")))
    with pytest.raises(Forbidden):
        decide(office, case, wishes.ConfirmStrategy())


def test_a_hundred_who_write_at_once_are_all_heard_in_one_order(office: Office, case: UUID) -> None:
    actor = person(office, "fm-7")

    def write(at: int) -> int:
        wish = wishes.RecordFact(name="appointment-planned", on=TODAY, data={"appointment": f"T-{at}"})
        return handle(office, case, wish, actor).number

    with office.read() as tx:
        before = len(office.store.records(tx.conn, case))
    with ThreadPoolExecutor(100) as pool:
        numbers = list(pool.map(write, range(100)))
    with office.read() as tx:
        stored = office.store.records(tx.conn, case, with_text=True)[before:]
        assert office.store.verify(tx.conn)["ok"]
    assert sorted(numbers) == [record.number for record in stored] == list(range(before + 1, before + 101))
    things = {record.number: getattr(record.fact, "appointment", "") for record in stored}
    assert [things[number] for number in numbers] == [f"T-{at}" for at in range(100)]
    moments = [record.stored_at for record in stored]
    assert moments == sorted(set(moments))


def test_a_checkbox_of_the_office_is_offered_from_its_day_on(office: Office, case: UUID) -> None:
    asked = wish_for_extension(options=["study", "other"])
    with pytest.raises(Refused, match="steht nicht zur Wahl"):
        decide(office, case, asked)
    box = {"setting": "checkbox", "item": "study", "label": "Kunden in einer Ausbildung"}
    with office.write() as tx:
        key = tx.store.open_stream(tx.conn, Stream.OFFICE, "rules")
        fact = OfficeSet(source="Verfügung 9/2026", approved_by="bl-1", **box)  # type: ignore[arg-type]
        tx.store.append(tx.conn, key, [Entry(on=TODAY, fact=fact, by="edv-1")], tx.now, "-")
    decide(office, case, asked)
    assert facts(office, case)[-1][0] == "extension-requested"
