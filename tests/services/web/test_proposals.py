"""Settings of the office by two persons: proposed, confirmed or refused; lists follow from the day on, never before."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from domain.facts import Fact, Stream
from domain.facts.contact import AppointmentPlanned
from domain.facts.directory import PersonAdded, RoleAssigned, UnitClosed
from domain.facts.office import OfficeSet, ThresholdSet
from domain.facts.support import MeasureStarted
from services.office.office import Office
from services.records import rebuild, rulebook
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import append, entry

CHANGE, PROPOSALS = "/regeln/aendern", "/regeln/vorschlaege"
NUMBER = {"was": "R-04/check", "months": "11", "on": "21.11.2026", "source": "Verfügung 7/2026 vom 18.11.2026"}
STATE = {"was": "R-04", "state": "off", "on": "21.11.2026", "source": "Verfügung 8/2026 vom 18.11.2026"}
BY: Any = {"source": "DA 6/2026", "approved_by": "bl-1"}
WITHDRAW = {"entscheidung": "nein", "grund": "Das hat sich erledigt."}
SECOND = {"edv-2": ("Sommer, Ida", "edv", "56.3"), "bl-1": ("Vogt, Tina", "area_lead", None)}


@pytest.fixture(autouse=True)
def _second(town: Office) -> None:
    with town.write() as tx:
        for person, (name, role, unit) in SECOND.items():
            told = [PersonAdded(name=name), RoleAssigned(role=role, unit=unit)]  # type: ignore[arg-type]
            append(tx, Stream.PERSON, person, [entry("2019-01-01", fact) for fact in told])


def ref(page: str) -> str:
    return page.partition('name="vorschlag" value="')[2].partition('"')[0]


def due(visit: VisitAs, on: str) -> set[str]:
    return {row["case"] for row in visit("qs-1").get("/api/v1/due", on=on, rule="R-04").json()["rows"]}


@on_both_databases
def test_a_number_holds_from_its_day_on_when_a_second_person_has_confirmed_it(visit: VisitAs, town: Office) -> None:
    before = due(visit, "2026-11-01"), due(visit, "2026-11-21")
    assert "C/3.001" in before[0] & before[1]
    first, second = visit("edv-1"), visit("bl-1")
    page = first.post(CHANGE, NUMBER)
    assert page.url.path == PROPOSALS
    assert "11 Monate , in allen Einheiten ab Sa., 21.11.2026" in words(page)
    assert "Bestätigen" not in page.text  # nobody confirms their own
    assert (due(visit, "2026-11-01"), due(visit, "2026-11-21")) == before
    page = second.get(PROPOSALS)
    assert "Heute gilt: 6 Monate" in words(page)
    assert "Vorgeschlagen von Dahl, Jo" in words(page)
    page = second.post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"})
    assert page.status_code == 200
    assert "bestätigt, Vogt, Tina" in words(page)
    assert "Sitzung" not in words(page)
    assert "neu berechnet" in second.get("/api/v1/due", on="2026-11-21", rule="R-04").text
    rebuild.go_on(town.engine, town.vault)  # as the scheduler does at its next look
    assert due(visit, "2026-11-01") == before[0]
    assert "C/3.001" not in due(visit, "2026-11-21")
    sheet = words(visit("tl-1").get("/regeln", stichtag="21.11.2026"))
    assert "11 Monate" in sheet
    assert "Dahl, Jo, Vogt, Tina" in sheet
    assert "11 Monate ab 21.11.2026 gilt noch nicht" in words(visit("tl-1").get("/regeln"))


def test_the_one_who_proposed_cannot_confirm_but_withdraw(visit: VisitAs, town: Office) -> None:
    first = visit("edv-1")
    named = ref(first.post(CHANGE, NUMBER).text)
    answer = first.post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"})
    assert answer.status_code == 422
    assert "nur eine zweite Person bestätigen" in words(answer)
    answer = first.post(PROPOSALS, {"vorschlag": named, "entscheidung": "nein", "grund": "Die Nummer stimmt nicht."})
    assert "zurückgezogen, Dahl, Jo" in words(answer)
    assert numbers(town) == []


def test_a_refusal_needs_a_sentence_and_keeps_what_was_typed(visit: VisitAs, town: Office) -> None:
    named = ref(visit("edv-1").post(CHANGE, NUMBER).text)
    second = visit("edv-2")
    answer = second.post(PROPOSALS, {"vorschlag": named, "entscheidung": "nein", "grund": "<i>nein"})
    assert answer.status_code == 422
    assert "in einem Satz sagen, warum nicht" in words(answer)
    assert "&lt;i&gt;nein" in answer.text
    answer = second.post(PROPOSALS, {"vorschlag": named, "entscheidung": "nein", "grund": "Erst nach der Beratung."})
    assert "abgelehnt, Sommer, Ida" in words(answer)
    assert "Erst nach der Beratung." in words(answer)
    answer = second.post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"})
    assert "schon entschieden" in words(answer)
    assert numbers(town) == []


def test_of_two_who_decide_at_once_one_is_heard(visit: VisitAs, town: Office) -> None:
    named = ref(visit("edv-1").post(CHANGE, NUMBER).text)
    people = [visit("edv-2"), visit("bl-1")]
    for one in people:
        one.get(PROPOSALS)
    with ThreadPoolExecutor(2) as crew:
        said = list(
            crew.map(lambda one: one.post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"}).status_code, people)
        )
    assert sorted(said) == [200, 422]
    assert len(numbers(town)) == 1


ODD: list[tuple[dict[str, str], str]] = [
    ({"on": "19.11.2026"}, "19.11.2026 ist vorbei."),
    ({"on": "24:00"}, "ist kein Tag"),
    ({"on": ""}, "Bitte einen Tag angeben"),
    ({"on": "01.01.2037"}, "Das Jahr 2037 geht hier nicht"),
    ({"months": "0"}, "braucht eine Zeit von mindestens einem Tag"),
    ({"months": "-3"}, "Bitte eine ganze Zahl von 0 bis 120 angeben."),
    ({"months": "6.5"}, "Bitte eine ganze Zahl"),
    ({"months": "9" * 5_000}, "Bitte eine ganze Zahl"),
    ({"months": "６"}, "Bitte eine ganze Zahl"),
    ({"months": "120", "days": "3000"}, "möglich sind höchstens 10 Jahre"),
    ({"months": "6"}, "Das gilt an diesem Tag schon"),
    ({"months": ""}, "Das gilt an diesem Tag schon"),
    ({"source": "DA "}, "Bitte sagen, worauf sich das stützt, mit mindestens 4 Zeichen."),
    ({"source": "x" * 3_000}, "1.000 Zeichen zu viel"),
    ({"unit": "<b>1"}, "Eine Einheit „<b>1“ gibt es an diesem Tag nicht."),
    ({"was": "R-02/interim", "months": "7"}, "„Zwischenprüfung“ (7 Monate) läge ab 21.11.2026 nicht vor „Grenze"),
    ({"was": "R-02/limit", "months": "2"}, "„Zwischenprüfung“ (3 Monate) läge ab 21.11.2026 nicht vor „Grenze"),
    (
        {"was": "R-06/warning-28", "months": "", "days": "7"},
        "„erste Vorwarnung“ (7 Tage vorher) läge ab 21.11.2026 nicht vor",
    ),
    ({"was": "R-06/warning-28", "months": "", "days": "0"}, "braucht mindestens einen Tag vorher"),
    ({"was": "R-04", "state": ""}, "Bitte wählen, wie die Regel stehen soll."),
    ({"was": "R-04", "state": "x"}, "Bitte wählen, wie die Regel stehen soll."),
    (
        {"was": "R-04", "state": "on", "applies_from": "22.11.2026"},
        "„gilt ab 22.11.2026“ liegt nach dem 21.11.2026",
    ),
    ({"was": "R-04", "state": "off", "applies_from": "01.01.2026"}, "„gilt ab“ bleibt dann leer"),
]


def test_what_makes_no_sense_is_refused_at_its_field(visit: VisitAs, town: Office) -> None:
    first = visit("edv-1")
    for changed, sentence in ODD:
        answer = first.post(CHANGE, NUMBER | changed)
        assert answer.status_code == 422, changed
        assert sentence in words(answer), changed
        assert "<b>1" not in answer.text
        assert "Verfügung 7/2026" in answer.text or "source" in changed  # nothing typed is lost
    with town.read() as tx:
        assert rulebook.settings(tx.conn) == []


def test_a_second_proposal_about_the_same_waits_for_the_first(visit: VisitAs) -> None:
    assert visit("edv-1").post(CHANGE, NUMBER).status_code == 200
    answer = visit("edv-2").post(CHANGE, NUMBER | {"months": "9"})
    assert answer.status_code == 422
    assert "liegt schon ein Vorschlag vor" in words(answer)
    assert visit("edv-2").post(CHANGE, NUMBER | {"unit": "56.4", "months": "9"}).status_code == 200


def test_what_contradicts_a_setting_made_meanwhile_is_not_confirmed(visit: VisitAs, town: Office) -> None:
    named = ref(visit("edv-1").post(CHANGE, NUMBER | {"was": "R-02/interim", "months": "5"}).text)
    limit = ThresholdSet(rule="R-02", stage="limit", months=4, source="DA 6", approved_by="bl-1")
    with town.write() as tx:
        append(tx, Stream.OFFICE, rulebook.RULES, [entry("2026-11-20", limit)])
    answer = visit("edv-2").post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"})
    assert answer.status_code == 422
    assert "„Zwischenprüfung“ (5 Monate) läge ab 21.11.2026 nicht vor „Grenze erreicht“ (4 Monate)." in words(answer)


@pytest.mark.parametrize(
    ("proposed", "meanwhile", "said"),
    [
        ({"unit": "56.4"}, (Stream.UNIT, "56.4", UnitClosed()), "Eine Einheit „56.4“ gibt es an diesem Tag nicht."),
        (
            {"was": "measure-type/pace", "how": "so", "label": "PACE"},
            (Stream.OFFICE, rulebook.RULES, OfficeSet(setting="measure-type", item="pace", offered=False, **BY)),
            "Seit dem Vorschlag ist dazu etwas anderes eingetragen worden. Bitte neu vorschlagen.",
        ),
    ],
    ids=["a unit that was closed", "an item that was taken away"],
)
def test_what_has_gone_meanwhile_is_not_confirmed(
    visit: VisitAs, town: Office, proposed: dict[str, str], meanwhile: tuple[Stream, str, Fact], said: str
) -> None:
    page = visit("edv-1").post(CHANGE, NUMBER | proposed)
    assert page.url.path == PROPOSALS, words(page)
    stream, number, fact = meanwhile
    with town.write() as tx:
        append(tx, stream, number, [entry("2026-11-20", fact)])
    answer = visit("edv-2").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"})
    assert answer.status_code == 422
    assert said in words(answer)
    assert visit("edv-2").post(PROPOSALS, WITHDRAW | {"vorschlag": ref(page.text)}).status_code == 200


def test_a_rule_that_is_switched_off_is_due_nowhere_from_its_day_on(visit: VisitAs) -> None:
    first = visit("edv-1")
    named = ref(first.post(CHANGE, STATE).text)
    assert visit("edv-2").post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"}).status_code == 200
    assert "C/3.001" in due(visit, "2026-11-20")
    assert due(visit, "2026-11-21") == set()
    again = STATE | {"state": "on", "on": "23.11.2026", "applies_from": "01.11.2026"}  # undone by a new proposal
    named = ref(first.post(CHANGE, again).text)
    assert visit("edv-2").post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"}).status_code == 200
    assert due(visit, "2026-11-22") == set()
    assert "C/3.001" in due(visit, "2026-11-23")


def test_a_wording_of_the_office_is_proposed_and_confirmed_too(visit: VisitAs, town: Office) -> None:
    first, second = visit("edv-1"), visit("edv-2")
    said = {"was": "rules/R-04", "on": "20.11.2026", "source": "Verfügung 9/2026"}
    answer = first.post(CHANGE, said | {"body": "Seit {seit} in <b>Integration</b>."})
    assert answer.status_code == 422
    assert "{seit} gibt es hier nicht. In Klammern geht {since}" in words(answer)
    assert "&lt;b&gt;Integration" in answer.text
    page = first.post(CHANGE, said | {"body": "Seit {since} in <b>Integration</b>."})
    assert page.status_code == 200
    assert "<b>Integration" not in page.text
    assert second.post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"}).status_code == 200
    reasons = visit("qs-1").get("/api/v1/due", on="2026-11-20", rule="R-04").json()["rows"]
    assert {row["reason"] for row in reasons if row["case"] == "C/3.001"} == {"Seit 15.02.2026 in <b>Integration</b>."}
    before = visit("qs-1").get("/api/v1/due", on="2026-11-19", rule="R-04").json()["rows"]
    assert "<b>" not in "".join(row["reason"] for row in before)
    sheet = words(visit("tl-1").get("/regeln"))
    assert "Wortlaut" in sheet
    assert "Dahl, Jo, Sommer, Ida" in sheet
    back = ref(first.post(CHANGE, said | {"on": "21.11.2026", "body": ""}).text)  # as shipped again
    assert second.post(PROPOSALS, {"vorschlag": back, "entscheidung": "ja"}).status_code == 200
    later = visit("qs-1").get("/api/v1/due", on="2026-11-21", rule="R-04").json()["rows"]
    assert "<b>" not in "".join(row["reason"] for row in later)


def test_the_letter_of_an_invitation_is_worded_by_two_persons(visit: VisitAs, town: Office) -> None:
    said = {"was": "letter/invitation", "on": "20.11.2026", "source": "Verfügung 9/2026"}
    page = visit("edv-1").post(CHANGE, said | {"body": "Guten Tag {name},\n\nbitte kommen Sie am {day}.\n{notice}"})
    assert visit("bl-1").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"}).status_code == 200
    with town.read() as tx:
        key = tx.store.keys(tx.conn, Stream.CASE, ["C-1001"])["C-1001"]
        planned = [one.fact for one in tx.store.records(tx.conn, key) if isinstance(one.fact, AppointmentPlanned)]
    letter = words(visit("fm-1").get("/einladung/C-1001", termin=planned[-1].appointment))
    assert "bitte kommen Sie am Donnerstag, 26.11.2026" in letter


@pytest.mark.parametrize("person", ["tl-1", "bl-1"])
def test_leads_see_and_propose_nothing(visit: VisitAs, person: str) -> None:
    assert visit(person).get("/regeln").status_code == 200
    assert "Ändern" not in words(visit(person).get("/regeln"))
    assert visit(person).get(CHANGE, was="R-04").status_code == 403
    assert visit(person).post(CHANGE, NUMBER).status_code == 403


def test_a_lead_of_a_unit_confirms_nothing(visit: VisitAs) -> None:
    named = ref(visit("edv-1").post(CHANGE, NUMBER).text)
    assert named
    assert "11 Monate" in words(visit("tl-1").get(PROPOSALS))
    assert "Bestätigen" not in visit("tl-1").get(PROPOSALS).text
    assert visit("tl-1").post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"}).status_code == 403


@pytest.mark.parametrize("form", [{}, {"entscheidung": "ja"}, {"vorschlag": "' or 1=1", "entscheidung": "ja"}])
def test_what_is_no_proposal_is_refused(visit: VisitAs, form: dict[str, str]) -> None:
    assert visit("edv-1").post(PROPOSALS, form).status_code == 422


def test_the_form_of_what_does_not_exist(visit: VisitAs) -> None:
    for name in ("R-99", "R-04/limit", "", "<b>"):
        assert visit("edv-1").get(CHANGE, was=name).status_code == 404
    assert visit("edv-1").post(CHANGE, NUMBER | {"was": "R-99"}).status_code == 404


def numbers(town: Office) -> list[dt.date]:
    with town.read() as tx:
        return [one.on for one in rulebook.settings(tx.conn) if isinstance(one.fact, ThresholdSet)]


OWN: dict[str, Any] = {"on": "21.11.2026", "source": "Verfügung 9/2026 vom 18.11.2026"}
LAND: dict[str, Any] = OWN | {"was": "land", "codes": "BY"}
BOX: dict[str, Any] = OWN | {"was": "checkbox", "item": "study", "label": "Kunden in einer <b>Ausbildung"}
TYPE: dict[str, Any] = OWN | {
    "was": "measure-type",
    "item": "umzug",
    "label": "Umzugshilfe",
    "codes": ["placement", "coming-job"],
}
AIMS: dict[str, Any] = OWN | {"was": "aims-allowed/integration", "codes": ["language", "placement"]}
TOLD: dict[str, Any] = OWN | {"was": "recipients/R-04/check", "codes": "lead", "unit": "56.4"}


SET: list[tuple[dict[str, Any], str]] = [
    (LAND, "Bayern"),
    (BOX, "Kunden in einer <b>Ausbildung"),
    (BOX | {"was": "checkbox/employment", "how": "gone"}, "nicht angeboten"),
    (TYPE, "Umzugshilfe (Vermittlung, kündigt eine Arbeitsaufnahme an)"),
    (AIMS, "Sprache, Vermittlung"),
    (AIMS | {"was": "aims-allowed/entwicklung", "codes": []}, "keine"),
    (TOLD, "Leitung"),
]


def test_settings_of_the_office_are_set_by_two_persons_and_stand_in_the_regelblatt(visit: VisitAs) -> None:
    first, second, reader = visit("edv-1"), visit("bl-1"), visit("tl-1")
    for setting, shown in SET:
        page = first.post(CHANGE, setting)
        assert page.url.path == PROPOSALS, shown
        assert shown in words(page)
        assert second.post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"}).status_code == 200
    today, then = words(reader.get("/regeln")), words(reader.get("/regeln", stichtag="21.11.2026"))
    lines = reader.get("/regeln/regelblatt.csv").text.splitlines()
    for _, shown in SET:
        assert f"{shown} ab 21.11.2026 gilt noch nicht" in today
        assert f"{shown} ab 21.11.2026 Verfügung 9/2026 vom 18.11.2026 Dahl, Jo, Vogt, Tina" in then
        assert any(shown in line and "Verfügung 9/2026" in line for line in lines)
    assert not {"employment", "other", "study", "umzug"} & {cell for line in lines for cell in line.split(";")}


NONSENSE: list[tuple[dict[str, Any], str]] = [
    (LAND | {"codes": "XX"}, "„XX“ gibt es nicht."),
    (LAND | {"codes": ""}, "Bitte genau eine Angabe wählen."),
    (LAND | {"codes": "NI"}, "Das gilt an diesem Tag schon"),
    (LAND | {"how": "shipped"}, "Das gilt an diesem Tag schon"),
    (LAND | {"how": "gone"}, "aber nicht streichen"),
    (LAND | {"on": "19.11.2026"}, "19.11.2026 ist vorbei."),
    (LAND | {"source": "DA"}, "worauf sich das stützt"),
    (BOX | {"label": " "}, "Bitte einen Text angeben."),
    (BOX | {"label": "x" * 201}, "ein Zeichen zu viel"),
    (BOX | {"item": "other"}, "Das Kürzel „other“ gibt es schon."),
    (BOX | {"item": "<b>"}, "Bitte ein Kürzel aus Kleinbuchstaben"),
    (BOX | {"item": ""}, "Bitte ein Kürzel aus Kleinbuchstaben"),
    (BOX | {"label": "SONSTIGES"}, "„SONSTIGES“ gibt es ab 21.11.2026 zweimal."),
    (BOX | {"was": "checkbox/other", "how": "gone"}, "„sonstiges“ muss bleiben"),
    (TYPE | {"codes": "wealth"}, "„wealth“ gibt es nicht."),
    (TYPE | {"label": "PACE"}, "„PACE“ gibt es ab 21.11.2026 zweimal."),
    (TOLD | {"codes": ""}, "Angaben wählen."),
    (TOLD | {"unit": "99.9"}, "Eine Einheit „99.9“ gibt es an diesem Tag nicht."),
]


def test_a_setting_that_cannot_be_is_refused_with_what_was_typed(visit: VisitAs) -> None:
    first = visit("edv-1")
    for changed, sentence in NONSENSE:
        answer = first.post(CHANGE, changed)
        assert answer.status_code == 422, changed
        assert sentence in words(answer), changed
        assert changed["source"] in answer.text


def test_there_is_no_page_for_what_cannot_be_set(visit: VisitAs) -> None:
    first = visit("edv-1")
    for key in ("weather", "land/x", "recipients", "recipients/R-43/own", "checkbox/a b", "aims-allowed/x"):
        assert first.get(CHANGE, was=key).status_code == 404, key


def test_the_land_of_a_day_says_when_the_first_mail_goes_out(visit: VisitAs, town: Office) -> None:
    page = visit("edv-1").post(CHANGE, LAND)
    ahead = {"am": "06.01.2027"}  # Heilige Drei Könige: a public holiday in Bayern alone
    assert "07.01.2027" not in words(visit("edv-2").get("/regeln/einfuehrung", **ahead))
    visit("bl-1").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"})
    rebuild.go_on(town.engine, town.vault)  # count working days
    assert "07.01.2027" in words(visit("edv-2").get("/regeln/einfuehrung", **ahead))


def test_a_type_of_the_office_is_offered_where_a_measure_is_entered(visit: VisitAs, town: Office) -> None:
    form = {"art": "support-granted"}
    assert "Umzugshilfe" not in visit("fm-1").get("/eintrag/C-2002", **form).text
    said = OfficeSet(setting="measure-type", item="umzug", label="Umzugshilfe", source="DA 5", approved_by="bl-1")
    gone = OfficeSet(setting="measure-type", item="pace", offered=False, source="DA 5", approved_by="bl-1")
    with town.write() as tx:
        append(tx, Stream.OFFICE, "rules", [entry("2026-11-01", said), entry("2026-11-01", gone)])
    page = visit("fm-1").get("/eintrag/C-2002", **form).text
    assert '<option value="umzug">Umzugshilfe</option>' in page
    assert "PACE" not in page
    begun = MeasureStarted(measure="m-1", type="umzug")
    with town.write() as tx:
        append(tx, Stream.CASE, "C-2002", [entry("2026-11-10", begun)])
    assert "Umzugshilfe" in words(visit("fm-1").get("/fall/C-2002"))


def test_what_was_confirmed_is_undone_by_a_new_proposal(visit: VisitAs) -> None:
    page = visit("edv-1").post(CHANGE, AIMS)
    visit("bl-1").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"})
    link = "/regeln/aendern?was=aims-allowed%2Fintegration&amp;einheit="
    assert link in visit("edv-2").get(PROPOSALS).text
    back = visit("edv-2").post(CHANGE, AIMS | {"how": "shipped", "on": "22.11.2026"})
    assert back.url.path == PROPOSALS
    assert "wie mitgeliefert" in words(back)


def test_the_form_of_a_setting_holds_what_is_valid_today(visit: VisitAs) -> None:
    page = visit("edv-1").get(CHANGE, was="measure-type/mobilitaet")
    assert 'value="Mobilität"' in page.text
    assert page.text.count(" checked") == 2


def test_recipients_of_a_unit_change_who_is_told_from_the_day_on(visit: VisitAs, town: Office) -> None:
    def to(on: str) -> dict[str, list[str]]:
        rows = visit("qs-1").get("/api/v1/due", on=on, rule="R-04").json()["rows"]
        return {row["case"]: row["to"] for row in rows}

    before = to("2026-11-20")
    page = visit("edv-1").post(CHANGE, TOLD | {"unit": ""})
    visit("bl-1").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"})
    rebuild.go_on(town.engine, town.vault)
    assert to("2026-11-20") == before
    assert before["C/3.001"] == ["worker", "lead"]
    assert to("2026-11-21")["C/3.001"] == ["lead"]
