"""Settings of the office beside its rules: what is valid on a day, what makes no sense, what does not go together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain import settings
from domain.calendar import is_working_day
from domain.facts.office import OfficeSet
from domain.knowledge import Known
from domain.office import checkboxes, deferrals, land, measures
from domain.office.setting import Value, on_day
from domain.periods import OPEN, Period

CORPUS_CHRISTI = dt.date(2026, 6, 4)  # a public holiday in Bayern, none in Niedersachsen


def said(on: str, setting: str, item: str | None = None, recorded: str | None = None, **more: Any) -> Known:
    moment = dt.datetime.fromisoformat(recorded or on).replace(tzinfo=dt.UTC)
    fact = OfficeSet(setting=setting, item=item, source="DA 5/2026", approved_by="bl-1", **more)
    day = dt.date.fromisoformat(on)
    return Known(f"{on}{setting}{item}{more}", "", day, day, moment, "edv-1", fact, 0, "")


def test_the_land_of_a_day_says_which_holidays_count() -> None:
    bavaria = said("2026-06-04", "land", codes=["BY"])
    back = said("2026-07-01", "land")
    assert not is_working_day(CORPUS_CHRISTI, land.lands([bavaria]))
    assert is_working_day(CORPUS_CHRISTI, land.lands([said("2026-06-05", "land", codes=["BY"])]))
    assert is_working_day(dt.date(2027, 5, 27), land.lands([bavaria, back]))  # as shipped again
    assert is_working_day(CORPUS_CHRISTI, land.lands([said("2026-01-01", "land", codes=["XX"])]))  # passed over


def test_a_checkbox_holds_from_its_day_on_and_sonstiges_stands_last() -> None:
    facts = [
        said("2026-02-01", "checkbox", "study", label="Kunden in einer Ausbildung"),
        said("2026-03-01", "checkbox", "employment", offered=False),
        said("2026-04-01", "checkbox", "employment", label="Kunden mit Arbeit"),
    ]
    on = {
        day: checkboxes.offered(facts, dt.date.fromisoformat(day)) for day in ("2026-01-31", "2026-02-01", "2026-03-01")
    }
    assert list(on["2026-01-31"]) == ["employment", "other"]
    assert list(on["2026-02-01"]) == ["employment", "study", "other"]
    assert list(on["2026-03-01"]) == ["study", "other"]
    assert checkboxes.offered(facts, dt.date(2026, 4, 1))["employment"] == "Kunden mit Arbeit"


def test_reasons_for_putting_off_are_the_offices_and_say_whether_a_room_is_missing() -> None:
    facts = [
        said("2026-02-01", "deferral", "beamer", label="Schulungsraum belegt", codes=["rooms"]),
        said("2026-03-01", "deferral", "rooms", offered=False),
    ]
    shipped, added, gone = (dt.date(2026, month, 1) for month in (1, 2, 3))
    assert list(deferrals.offered(facts, shipped))[-3:] == ["rooms", "absence", "other"]
    assert list(deferrals.offered(facts, added))[-4:] == ["rooms", "absence", "beamer", "other"]
    assert "rooms" not in deferrals.offered(facts, gone)
    assert deferrals.named(facts, gone)["rooms"] == "kein Raum frei"
    assert deferrals.rooms(facts, shipped) == {"rooms"}
    assert deferrals.rooms(facts, gone) == {"rooms", "beamer"}


@pytest.mark.parametrize(
    ("code", "strategy", "days"),
    [
        ("pace", "integration", [Period(dt.date.min, dt.date(2026, 2, 28)), Period(dt.date(2026, 4, 1), OPEN)]),
        ("pace", "entwicklung", []),
        ("sprachkurs", "integration", []),
        ("sprachkurs", "grundbetreuung-passiv", [Period(dt.date(2026, 5, 1), OPEN)]),
        ("weitere", "integration", []),
        ("nowhere", "integration", []),
        ("pace", "nowhere", []),
    ],
)
def test_on_which_days_a_type_does_not_fit_a_strategy(code: str, strategy: str, days: list[Period]) -> None:
    facts = [
        said("2026-03-01", "measure-type", "pace", label="PACE", codes=["placement"]),
        said("2026-04-01", "measure-type", "pace"),
        said("2026-04-20", "measure-type", "pace", offered=False),  # those that run keep their aims
        said("2026-05-01", "aims-allowed", "grundbetreuung-passiv", codes=["personality"]),
    ]
    assert measures.misfits(facts, code, strategy) == days


def test_support_announces_a_job_where_its_type_says_so() -> None:
    day = dt.date(2026, 5, 4)
    own = said("2026-05-05", "measure-type", "umzug", label="Umzugshilfe", codes=["coming-job", "placement"])
    assert measures.announces_job([], "mobilitaet", day)
    assert not measures.announces_job([], "mag", day)
    assert not measures.announces_job([own], "umzug", day)
    assert measures.announces_job([own], "umzug", dt.date(2026, 5, 5))
    assert measures.aims([own], "umzug", dt.date(2026, 5, 5)) == {"placement"}
    assert "umzug" in measures.offered([own], dt.date(2026, 5, 5))


def test_of_one_day_the_last_recorded_counts_and_a_unit_beats_the_office() -> None:
    row, item = settings.SETTINGS["recipients"], "R-04/check"
    facts = [
        said("2026-02-01", "recipients", item, "2026-01-02", codes=["worker"]),
        said("2026-02-01", "recipients", item, "2026-01-03", codes=["lead"]),
        said("2026-01-01", "recipients", item, unit="56.4", codes=["worker"]),
    ]
    day = dt.date(2026, 2, 1)
    assert on_day(row, facts, day)[item] == Value(codes=("lead",))
    assert on_day(row, facts, day, "56.4")[item] == Value(codes=("worker",))
    assert on_day(row, facts, dt.date(2026, 1, 31))[item] == Value(codes=("worker", "lead"))


@pytest.mark.parametrize(
    ("fact", "field", "sentence"),
    [
        ({"setting": "weather"}, "setting", "Eine Einstellung „weather“ gibt es nicht."),
        ({"setting": "land", "codes": ["XX"]}, "codes", "„XX“ gibt es nicht. Möglich: BW, BY,"),
        ({"setting": "land", "codes": []}, "codes", "Bitte genau eine Angabe wählen."),
        ({"setting": "land", "codes": ["BY", "NI"]}, "codes", "Bitte genau eine Angabe wählen."),
        ({"setting": "land", "codes": ["BY"], "unit": "56.4"}, "unit", "gilt im ganzen Amt"),
        ({"setting": "land", "codes": ["BY"], "item": "x"}, "item", "„x“ gibt es nicht."),
        ({"setting": "land", "codes": ["BY"], "label": "x"}, "label", "hat keinen eigenen Wortlaut."),
        ({"setting": "land", "offered": False}, "offered", "aber nicht streichen."),
        ({"setting": "checkbox", "item": "a", "label": " "}, "label", "Bitte einen Text angeben."),
        ({"setting": "checkbox", "item": "a", "label": "x\ny"}, "label", "in einer Zeile"),
        ({"setting": "checkbox", "label": "x"}, "item", "was davon?"),
        ({"setting": "checkbox", "item": "a", "label": "x", "codes": ["y"]}, "codes", "nichts auszuwählen."),
        ({"setting": "checkbox", "item": "other", "offered": False}, "offered", "„sonstiges“ muss bleiben"),
        ({"setting": "deferral", "item": "other", "offered": False}, "offered", "„anderer Grund“ muss bleiben"),
        ({"setting": "deferral", "item": "a", "label": "A", "codes": ["neglect"]}, "codes", "„neglect“ gibt es nicht."),
        ({"setting": "measure-type", "item": "a", "codes": ["language"]}, "label", "Bitte die Bezeichnung angeben."),
        (
            {"setting": "measure-type", "item": "a", "label": "A", "codes": ["language", "language"]},
            "codes",
            "bitte nur einmal.",
        ),
        ({"setting": "aims-allowed", "item": "vier", "codes": []}, "item", "„vier“ gibt es nicht."),
        ({"setting": "recipients", "item": "R-04/check", "codes": []}, "codes", "Angaben wählen."),
        ({"setting": "recipients", "item": "R-43/own", "codes": ["lead"]}, "item", "„R-43/own“ gibt es nicht."),
    ],
)
def test_what_makes_no_sense_is_said_with_its_field(fact: dict[str, Any], field: str, sentence: str) -> None:
    found = dict(settings.reasons(OfficeSet(source="DA 5/2026", approved_by="bl-1", **fact)))
    assert sentence in found[field]


def test_a_type_named_twice_contradicts_itself_on_its_day_alone() -> None:
    twice = [
        said("2026-02-01", "measure-type", "pace-2", label="pace", codes=[]),
        said("2026-03-01", "measure-type", "pace", offered=False),
    ]
    (found,) = settings.contradictions(twice)
    assert found.sentence == "Art von Maßnahme oder Förderung: „pace“ gibt es ab 01.02.2026 zweimal."
    assert not list(settings.contradictions(twice, dt.date(2026, 3, 1)))
