"""Whose public holidays count: those of Niedersachsen unless the office sets another Land (Fachkonzept 13)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.calendar import LAND, Lands
from domain.knowledge import Known
from domain.office.setting import ONE, Setting, Value, days, on_day

LANDS = {
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "BE": "Berlin",
    "BB": "Brandenburg",
    "HB": "Bremen",
    "HH": "Hamburg",
    "HE": "Hessen",
    "MV": "Mecklenburg-Vorpommern",
    "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz",
    "SL": "Saarland",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "SH": "Schleswig-Holstein",
    "TH": "Thüringen",
}
ROW = Setting(
    name="land",
    german="Feiertage des Landes",
    heading="Feiertage",
    source="Fachkonzept 13",
    about="Arbeitstage sind Montag bis Freitag ohne die gesetzlichen Feiertage dieses Landes.",
    shipped={ONE: Value(codes=(LAND,))},
    choices=LANDS,
    chosen="Land",
    least=1,
)


def lands(settings: Iterable[Known]) -> Lands:
    """The Land of every day, among all settings of the office."""
    said = [one for one in settings if ROW.says(one)]
    return Lands([(day, on_day(ROW, said, day)[ONE].codes[0]) for day in days(ROW, said)])
