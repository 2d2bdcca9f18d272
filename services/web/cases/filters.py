"""The filter row of the lists of cases: what can be chosen, and what an address or form asks for by it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from domain.decisions.refusal import Refused
from domain.rules import THEMES
from domain.words import AREAS, STRATEGIES
from services.questions.caselist import ALL, ANY, CLOSED, NONE, OPEN, Wanted

SORTED, PAGE, UNIT, FOUND = "sortiert", "seite", "einheit", "gesucht"
SEARCHED = "ja"  # says in an address that something is searched for, never what
MOST_PAGES = 10_000


class Choice(NamedTuple):
    """A field of the row: its label, the field of `Wanted` it fills, its options (address -> words and value)."""

    label: str
    field: str
    options: Mapping[str, tuple[str, Any]]


def _coded(everything: str, words: Mapping[str, str]) -> dict[str, tuple[str, Any]]:
    return {"": (everything, "")} | {code: (word, code) for code, word in words.items()}


def _months(said: str, *counts: int) -> dict[str, tuple[str, Any]]:
    return {"": ("alle", 0)} | {str(count): (said.format(count), count) for count in counts}


CHOICES: Mapping[str, Choice] = MappingProxyType(
    {
        "strategie": Choice("Strategie", "strategy", _coded("alle", STRATEGIES) | {"keine": ("keine", NONE)}),
        "dauer": Choice("Laut Balken", "months", _months("{} Monate oder länger", 6, 12)),
        "bereich": Choice("Bereich", "area", _coded("alle", AREAS)),
        "faellig": Choice(
            "Fällig",
            "due",
            {"": ("alle", ""), "ja": ("mit Fälligem", ANY)}
            | {theme.key: (theme.name, theme.key) for theme in THEMES.values()},
        ),
        "termin": Choice("Nächster Termin", "alone", {"": ("alle", False), "ohne": ("ohne", True)}),
        "kontakt": Choice("Letzter Kontakt", "silent", _months("vor {} Monaten oder länger", 2, 6, 12)),
        "stand": Choice(
            "Stand",
            "state",
            {"": ("laufend", OPEN), "geschlossen": ("abgeschlossen", CLOSED), "alle": ("alle", ALL)},
        ),
    }
)
COLUMNS: Mapping[str, str] = MappingProxyType(  # by what a list can be put in order -> the order
    {
        "nummer": "number",
        "name": "name",
        "strategie": "strategy",
        "seit": "since",
        "bereinigt": "net",
        "bereich": "area",
        "termin": "appointment",
        "frist": "limit",
        "kontakt": "contact",
        "faellig": "due",
        "neueste": "newest",
    }
)


class Asked(NamedTuple):
    """What an address or form asks for: the filters as they were given, and what they mean; `page` counts from 0."""

    given: Mapping[str, str]
    wanted: Wanted
    page: int

    def address(self, path: str = "/faelle", **changed: str) -> str:
        """The address of the same list with something asked otherwise, from its first page; "" leaves it out."""
        kept = {key: value for key, value in ({**self.given, PAGE: ""} | changed).items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    def sorting(self, column: str) -> tuple[str, str]:
        """Where the head of a column leads, and how the list is sorted by it ("" if it is not)."""
        now = self.given.get(SORTED, "")
        if now.removeprefix("-") != column:
            return self.address(**{SORTED: column}), ""
        falling = now.startswith("-")
        return self.address(**{SORTED: column if falling else f"-{column}"}), "descending" if falling else "ascending"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but order and page was asked for."""
        return any(key in CHOICES or key == FOUND for key in self.given)

    @property
    def said(self) -> str:
        """What was asked for in codes, for the access log."""
        said = [f"{key}={value}" for key, value in sorted(self.given.items()) if key != PAGE]
        return ", ".join([*said, f"Seite {self.page + 1}"])


def in_words(given: Mapping[str, str]) -> str:
    """What was asked for, as the filter row says it; what was searched for is not said."""
    said = [f"{one.label}: {one.options[given[key]][0]}" for key, one in CHOICES.items() if given.get(key)]
    said += [f"Einheit: {given[UNIT]}"] if given.get(UNIT) else []
    return "; ".join([*said, *(["gesucht"] if given.get(FOUND) else [])])


def link(given: Mapping[str, str], units: Collection[str]) -> str:
    """The address of a saved filter; what is not known any more, or not one's own, is left out."""
    options: dict[str, Collection[str]] = {key: choice.options for key, choice in CHOICES.items()} | {UNIT: units}
    known = {key: value for key, value in given.items() if value in options.get(key, (value,))}
    return Asked(known, Wanted(), 0).address()


def read(given: Mapping[str, Any]) -> Asked:
    """What fields of an address or form ask for; others are left alone. Raises Refused with the field."""
    texts = {key: value for key, value in given.items() if isinstance(value, str) and value}
    values = {choice.field: _chosen(name, texts.get(name, "")) for name, choice in CHOICES.items()}
    if texts.get(FOUND, SEARCHED) != SEARCHED:
        raise Refused([(FOUND, "Gesucht wird im Feld „In der Liste suchen“, nicht über die Adresse.")])
    typed = texts.get(SORTED, "")
    if typed and typed.removeprefix("-") not in COLUMNS:
        raise Refused([(SORTED, "Danach lässt sich die Liste nicht sortieren.")])
    order: dict[str, Any] = (
        {"order": COLUMNS[typed.removeprefix("-")], "falling": typed.startswith("-")} if typed else {}
    )
    kept = {key: texts[key] for key in (*CHOICES, SORTED, PAGE, UNIT, FOUND) if key in texts}
    return Asked(kept, Wanted(**values, **order), _page(texts.get(PAGE, "1")))


def _chosen(name: str, typed: str) -> Any:
    choice = CHOICES[name]
    if typed not in choice.options:
        raise Refused([(name, f"„{typed[:40]}“ gibt es bei „{choice.label}“ nicht.")])
    return choice.options[typed][1]


def _page(typed: str) -> int:
    """The number of a page, from 0."""
    try:
        return min(max(int(typed), 1), MOST_PAGES) - 1
    except ValueError:
        raise Refused([(PAGE, "Die Angabe „Seite“ ist nicht zu lesen.")]) from None
