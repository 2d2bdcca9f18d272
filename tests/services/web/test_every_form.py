"""Every entry that can be made in a case, by its form: what is offered, what is typed, who reads it afterwards."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
import pytest

from domain.facts import FIELD_WORDS
from services.office.office import Office
from services.web.case import forms
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_case import number
from tests.services.web.test_today import facts

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
SELECT = re.compile(r'<select [^>]*name="([^"]+)".*?</select>', re.DOTALL)
SELECTED = re.compile(r'<option value="([^"]*)" selected>')
DAY = "20.11.2026"

Typed = dict[str, Any]

ENTERED: list[tuple[str, Typed]] = [
    ("measure-planned", {"on": "01.12.2026", "type": "fbw", "planned_end": "31.03.2027", "stage": "offered"}),
    ("agency-referral-made", {}),
    ("agency-answered", {"granted": "true"}),
    ("measure-started", {}),
    ("measure-fit-assessed", {"fit": "true", "goal": "Deutsch B2"}),
    ("measure-broken-off", {"reason": "Umgezogen"}),
    ("support-granted", {"type": "vermittlungsbudget", "amount_cents": "1.234,50 €", "until": "31.12.2026"}),
    ("employment-statistics-entered", {"origin": "unknown", "reason": "Nicht gefragt"}),
    ("client-attributes-recorded", {"age_group": "25-plus", "transition": "none"}),
    ("strategy-assessment-recorded", {"rater": "clerk", "conforming": "no", "reasons": ["rooms", "alg1"]}),
    ("prognosis-recorded", {"probable": "true", "months_min": "3", "months_max": "6"}),
    ("appointment-necessity-decided", {"needed": "false", "valid_until": "31.12.2026"}),
    ("contact-interval-set", {"days": "28", "reason": "Eng begleiten"}),
    ("external-evidence-noted", {"source": "Jobportal", "kind": "application", "count": "3"}),
    ("sanction-considered", {"prozessschritt": "hearing"}),
    ("sanction-imposed", {}),
    ("obligation-issued", {"until": "31.12.2026"}),
    ("first-talk-exception", {"reason": "Wohnt weit weg"}),
    ("process-step-documented", {"prozessschritt": "review", "facts": "Gesprochen", "next_on": "01.12.2026"}),
    ("situation-changed", {"category": "care-duty"}),
    ("reprofiled", {"profile": "Lager"}),
    ("wish-to-work-asked", {}),
    ("wish-to-work-expressed", {"clear": "true", "hours": "20,5", "helper_job_wanted": "false"}),
    ("support-strategy-agreed", {"goals": "Deutsch B2\n\nStelle in Teilzeit", "form": "kooperationsplan"}),
    ("cooperation-plan-ended", {"on": "31.12.2026"}),
    ("cooperation-plan-failed", {}),
    ("resource-recorded", {"resource": "Führerschein", "status": "present", "category": "other"}),
    ("qualification-advice-given", {}),
    ("need-indicator-observed", {"indicator": "arrears", "strength": "hard"}),
    ("need-dismissed", {"indicator": "arrears"}),
    ("need-identified", {"type": "debt", "rank": "1"}),
    ("need-ranked", {"rank": "2"}),
    ("need-declined", {}),
    ("need-agreed-with-client", {"in": "hilfeplan"}),
    (
        "consent-given",
        {"scope": "next-steps", "valid_until": "31.12.2026", "form": "written", "informed": "true"},
    ),
    ("referral-issued", {"provider": "Beratung Nord", "mode": "form", "need": "first"}),
    ("waiting-list-entered", {"expected_on": "01.12.2026"}),
    ("provider-intake-reported", {}),
    ("provider-start-reported", {}),
    ("provider-attendance-reported", {"attended": "true"}),
    ("provider-result-reported", {"cluster": "unchanged", "next_step": "Noch ein Gespräch"}),
    ("client-feedback-recorded", {"rating": "helpful"}),
    ("provider-end-reported", {"end_kind": "regular"}),
    ("case-conference-held", {"kind": "conference", "participants": ["client", "ifk"]}),
    ("need-closed", {"goal_reached": "part"}),
    ("consent-withdrawn", {}),
]
"""What is typed, one after the other in one case."""


def standing(page: httpx.Response) -> Typed:
    """What a form holds before anybody types."""
    held: Typed = {key: unescape(value) for key, value in HIDDEN.findall(page.text) if key != "csrf"}
    for select in SELECT.finditer(page.text):
        if chosen := SELECTED.search(select[0]):
            held[select[1]] = unescape(chosen[1])
    return held


def enter(person: Visit, art: str, typed: Typed, case: str = "C-1001") -> httpx.Response:
    """Fills in a form, looks at what would change, and saves that."""
    page = person.get(f"/eintrag/{case}", art=art)
    assert page.status_code == 200, art
    options = re.findall(r'<option value="([^"]+)"', page.text.partition('id="f-need"')[2].partition("</select>")[0])
    named = {key: options[0] if value == "first" else value for key, value in typed.items()}
    shown = person.post(f"/eintrag/{case}", {"on": DAY, **standing(page), **named, "step": "preview"})
    assert shown.status_code == 200, words(shown)
    return person.post(shown.url.raw_path.decode(), {**standing(shown), "number": number(shown.text), "step": "save"})


def test_each_is_entered_by_its_form_and_read_in_the_case(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    for art, typed in ENTERED:
        before = facts(town)
        done = enter(person, art, typed)
        assert "getan" in done.url.params, (art, words(done))
        assert facts(town) == before + 1, art
    said = words(person.get("/fall/C-1001"))
    assert "Betrag in Euro: 1.234,50 Euro" in said
    assert "Gründe: keine Räume, ALG I" in said
    assert "Ziele: Deutsch B2 · Stelle in Teilzeit" in said
    assert "Beteiligte: Kundin/Kunde, Integrationsfachkraft" in said
    assert "Art der Maßnahme: FbW" in said
    assert "Art des Bedarfs: Schuldnerberatung" in said
    assert "Weitere Spuren: Förderung (2) · Bei der Agentur (2) · Wunsch und Vereinbarung (6)" in said


def test_the_forms_ask_in_german_and_know_every_field(visit: VisitAs) -> None:
    person = visit("fm-1")
    for art, typed in ENTERED:
        if person.get("/eintrag/C-1001", art=art).status_code == 200:
            labels = re.findall(
                r'<(?:label class="kern-label"|legend)[^>]*>([^<]+)', person.get("/eintrag/C-1001", art=art).text
            )
            assert not [label for label in labels if label.strip() in FIELD_WORDS], art
        enter(person, art, typed)


def test_what_needs_something_else_is_not_offered_before(visit: VisitAs) -> None:
    person = visit("fm-1")
    for art in ("provider-start-reported", "need-closed", "cooperation-plan-ended", "consent-withdrawn"):
        assert person.get("/eintrag/C-1001", art=art).status_code == 422
        assert f"art={art}" not in person.get("/eintrag/C-1001").text


def test_a_decision_is_marked_as_taken_over_once(visit: VisitAs) -> None:
    person = visit("fm-1")
    form = person.get("/eintrag/C-1001", art="decision-filed")
    targets = re.findall(r'<option value="([^"]+)"', form.text.partition('id="f-target"')[2].partition("</select>")[0])
    assert "Handlungsstrategie (Balken), 01.06.2025" in form.text
    assert "getan" in enter(person, "decision-filed", {"target": targets[0]}).url.params
    again = person.get("/eintrag/C-1001", art="decision-filed").text
    assert f'value="{targets[0]}"' not in again
    assert f'value="{targets[1]}"' in again


def test_a_planned_measure_is_begun_by_choosing_it(visit: VisitAs) -> None:
    person = visit("fm-1")
    plan = {"on": "01.12.2026", "type": "fbw", "planned_end": "31.03.2027"}
    enter(person, "measure-planned", plan)
    assert "FbW (berufliche Weiterbildung) geplant" in words(person.get("/fall/C-1001"))
    form = person.get("/eintrag/C-1001", art="measure-started")
    assert "geplant: FbW (berufliche Weiterbildung) ab 01.12.2026" in words(form)
    assert "eine andere, nicht geplante" in words(form)
    shown = words(person.post("/eintrag/C-1001", {"on": DAY, **standing(form), "step": "preview"}))
    assert "Geplantes Ende: 31.03.2027" in shown
    assert "getan" in enter(person, "measure-started", {}).url.params
    said = words(person.get("/fall/C-1001"))
    assert "FbW (berufliche Weiterbildung) geplant" not in said
    assert person.get("/eintrag/C-1001", art="agency-answered").text.count("ab 20.11.2026") == 1
    other = person.get("/eintrag/C-1001", art="measure-started")
    assert 'id="f-measure"' not in other.text


def test_what_of_a_need_is_said_is_for_those_who_may_see_texts(visit: VisitAs) -> None:
    person = visit("fm-1")
    enter(person, "need-identified", {"type": "addiction", "rank": "1"})
    assert "Suchtberatung" in words(person.get("/fall/C-1001"))
    for reader in ("qs-1", "es-1"):
        said = words(visit(reader).get("/fall/C-1001"))
        assert "Bedarf festgestellt" in said
        assert "Suchtberatung" not in said
        assert "Art des Bedarfs: (nicht für Sie sichtbar)" in said


WRONG: list[tuple[str, Typed, str]] = [
    ("support-granted", {"type": "", "amount_cents": "12"}, "Diese Angabe fehlt."),
    ("support-granted", {"type": "fbw", "amount_cents": "viel"}, "ganze Zahl"),
    ("support-granted", {"type": "fbw", "amount_cents": "99.999.999.999,00"}, "zwischen 0"),
    ("support-granted", {"type": "fbw", "until": "19.11.2026"}, "liegt vor dem 20.11.2026"),
    ("contact-interval-set", {"days": "0", "reason": "x"}, "zwischen 1 und 730"),
    ("contact-interval-set", {"days": "28", "reason": ""}, "Diese Angabe fehlt."),
    ("prognosis-recorded", {"probable": "true", "months_min": "6", "months_max": "3"}, "weniger als die frühesten 6"),
    ("situation-changed", {"category": "erfunden"}, "gibt es hier nicht; möglich sind job-change"),
    ("strategy-assessment-recorded", {"rater": "clerk", "conforming": "no", "reasons": ["x"]}, "gibt es hier nicht"),
    ("support-strategy-agreed", {"goals": " \n "}, "Diese Angabe fehlt."),
    ("wish-to-work-expressed", {"clear": "true", "hours": "169"}, "zwischen 0"),
    ("need-identified", {"type": "debt", "rank": "0"}, "zwischen 1 und 99"),
    ("resource-recorded", {"resource": "x" * 129, "status": "present", "category": "other"}, "zu viel"),
    ("sanction-waived", {"appointment": "gibtesnicht", "reason": "x"}, "gibt es in diesem Fall nicht"),
    ("process-step-documented", {"prozessschritt": "review", "on": "21.11.2026"}, "liegt in der Zukunft"),
]


@pytest.mark.parametrize(("art", "typed", "said"), WRONG, ids=[f"{art}: {said}" for art, _, said in WRONG])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    visit: VisitAs, town: Office, art: str, typed: Typed, said: str
) -> None:
    person = visit("fm-1")
    before = facts(town)
    page = person.get("/eintrag/C-1001", art=art)
    answer = person.post("/eintrag/C-1001", {"on": DAY, **standing(page), **typed, "step": "save"})
    assert answer.status_code == 422
    assert said in words(answer)
    for value in typed.values():
        if isinstance(value, str) and value.strip() and value not in ("erfunden", "true"):
            assert value in unescape(answer.text), value
    assert facts(town) == before


def test_markup_in_what_is_typed_stays_text(visit: VisitAs) -> None:
    person = visit("fm-1")
    enter(person, "resource-recorded", {"resource": "<b>Kran</b>", "status": "present", "category": "other"})
    page = person.get("/fall/C-1001").text
    assert "&lt;b&gt;Kran&lt;/b&gt;" in page
    assert "<b>Kran" not in page


def test_a_list_and_an_amount_are_corrected_as_they_were_typed(visit: VisitAs) -> None:
    person = visit("fm-1")
    enter(person, "support-granted", {"type": "fbw", "amount_cents": "99,90"})
    enter(person, "strategy-assessment-recorded", {"rater": "clerk", "conforming": "no", "reasons": ["rooms"]})
    page = person.get("/fall/C-1001").text
    for what, field, held, typed, said in (
        ("Förderung bewilligt", "amount_cents", 'value="99,90"', "100", "99,90 Euro → wird zu 100,00 Euro"),
        ("Beurteilung nach", "reasons", 'value="rooms" checked', ["alg1"], "keine Räume → wird zu ALG I"),
    ):
        found = re.search(rf'href="/berichtigen/([^/]+)/C-1001" aria-label="{what}', page)
        assert found is not None, re.findall(r'aria-label="(berichtigen[^"]*)', page)[:3]
        form = person.get(f"/berichtigen/{found[1]}/C-1001")
        assert held in form.text
        filled = {"on": DAY, **standing(form), field: typed, "warum": "Vertippt", "step": "preview"}
        assert said in words(person.post(f"/berichtigen/{found[1]}/C-1001", filled))


def test_every_kind_that_is_offered_opens(visit: VisitAs) -> None:
    person = visit("fm-1")
    for art in re.findall(r'href="\?art=([a-z0-9-]+)"', person.get("/eintrag/C-1001").text):
        assert person.get("/eintrag/C-1001", art=art).status_code == 200
    assert {art for art, _ in ENTERED} <= set(forms.case_facts())
