"""Every fact, field and code a page can show has its German word, and lanes lie where their days are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal, get_args, get_origin

import pytest
from msgspec.structs import FieldInfo, fields

from domain import words
from domain.decisions import wishes
from domain.dialogues import DIALOGUES, Context
from domain.facts.base import Group
from domain.facts.directory import Role
from services.web.case import forms, lanes, undo
from services.web.case.changes import labels as change_labels
from services.web.case.lanes import Lane, Span
from services.web.words import dates, deadlines, labels


def test_roles_clocks_and_wishes_have_words() -> None:
    assert set(get_args(Role)) == set(labels.ROLE)
    names = {re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower() for kind in get_args(wishes.Wish)}
    assert names == set(undo.WISH)
    assert change_labels.CLOCK.keys() >= {"gross", "net", "strategy", "since", "placement"}


def _codes(hint: object) -> set[str]:
    """The values of every closed list within a type."""
    if get_origin(hint) is Literal:
        return {str(value) for value in get_args(hint)}
    return {code for part in get_args(hint) for code in _codes(part)}


LISTS = [worded for worded in vars(words).values() if isinstance(worded, Mapping)]
CLOSED = [(kind.__name__, field) for kind in get_args(wishes.Wish) for field in fields(kind) if _codes(field.type)]


@pytest.mark.parametrize(("wish", "field"), CLOSED, ids=[f"{wish} {field.name}" for wish, field in CLOSED])
def test_every_value_of_a_closed_list_of_a_wish_has_a_german_word(wish: str, field: FieldInfo) -> None:
    without = {
        code
        for code in _codes(field.type)
        if labels.code(code) == code and not any(one.get(code, code) != code for one in LISTS)
    }
    assert not without, f"{wish}.{field.name}"


@pytest.mark.parametrize("name", DIALOGUES)
def test_every_choice_of_a_dialogue_says_it_in_german(name: str) -> None:
    for step in DIALOGUES[name].steps:
        for choice in step.choices(Context(today=dt.date(2026, 11, 20), alg1_since=dt.date(2026, 11, 1))):
            assert choice.label.strip() not in ("", choice.value), (step.key, choice.value)


def test_every_entry_by_form_stands_under_one_heading_in_the_order_of_the_headings() -> None:
    offered = forms.offered(forms.case_facts())
    assert [heading for heading, _ in offered] == [group.value for group in Group]
    assert sorted(name for _, names in offered for name in names) == sorted(forms.case_facts())


def test_a_word_is_found_for_what_facts_say_and_for_what_is_computed() -> None:
    assert labels.fact("measure-ended") == "Maßnahme beendet"
    assert [labels.code(one) for one in ("sv-pflichtig", "manual", "unresolved", "56.4", None)] == [
        "sozialversicherungspflichtig", "ausgesetzt durch die Führungskraft", "ungeklärt", "56.4", "None",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1234, "1.234"), (10.0, "10"), (19.5, "19,5"), (1234567, "1.234.567")]
)
def test_numbers(value: float, text: str) -> None:
    assert dates.number(value) == text


def test_days_of_the_week_and_counts() -> None:
    assert dates.with_weekday(dt.date(2026, 11, 26)) == "Do., 26.11.2026"
    assert [dates.days(count) for count in (None, 0, 1, 2)] == ["–", "0 Tage", "1 Tag", "2 Tage"]


@pytest.mark.parametrize(
    ("count", "lasts", "with_days", "past"),
    [
        (0, "0 Tage", "0 Tage", "heute"),
        (1, "1 Tag", "1 Tag", "vor 1 Tag"),
        (729, "729 Tage", "729 Tage", "vor 729 Tagen"),
        (730, "2 Jahre", "2 Jahre (730 Tage)", "vor 2 Jahren"),
        (761, "2 Jahre, 1 Monat", "2 Jahre, 1 Monat (761 Tage)", "vor 2 Jahren, 1 Monat"),
        (2798, "7 Jahre, 7 Monate", "7 Jahre, 7 Monate (2.798 Tage)", "vor 7 Jahren, 7 Monaten"),
    ],
)
def test_from_two_years_on_years_and_months_are_said(count: int, lasts: str, with_days: str, past: str) -> None:
    assert (dates.span(count), dates.stay(count), dates.ago(count)) == (lasts, with_days, past)
    assert deadlines.overdue(count) == f"{lasts} überfällig"


def _span(first: str, last: str, symbol: str = "") -> Span:
    return Span(dt.date.fromisoformat(first), dt.date.fromisoformat(last), "Integration", "plain", (), symbol)


def test_a_bar_lies_where_its_days_are() -> None:
    spans = [_span("2026-01-01", "2026-06-30"), _span("2026-07-01", "9999-12-31")]
    drawn = lanes.picture([Lane("strategy", "Strategie", spans)], dt.date(2026, 12, 31), dt.date(2026, 12, 31))
    first, second = drawn.rows[0].marks
    assert first.x == 0
    assert first.x + first.width == pytest.approx(second.x, abs=0.01)
    assert second.x + second.width == pytest.approx(100, abs=0.01)
    assert first.y == second.y
    assert second.x < drawn.at < 100


def test_what_overlaps_goes_one_track_lower() -> None:
    spans = [_span("2026-01-01", "2026-06-30"), _span("2026-03-01", "2026-04-30"), _span("2026-05-01", "2026-05-31")]
    drawn = lanes.picture([Lane("employment", "Beschäftigung", spans)], dt.date(2026, 12, 31), dt.date(2026, 12, 31))
    assert [mark.y for mark in drawn.rows[0].marks] == [0, lanes.ROW, lanes.ROW]
    assert drawn.rows[0].height == 2 * lanes.ROW


def test_a_word_is_shown_where_it_fits() -> None:
    spans = [_span("2025-01-01", "2025-01-10"), _span("2025-02-01", "2025-12-31")]
    drawn = lanes.picture([Lane("strategy", "Strategie", spans)], dt.date(2026, 1, 1), dt.date(2026, 1, 1))
    assert [(mark.label, mark.place) for mark in drawn.rows[0].marks] == [
        ("Integration", "right"), ("Integration", "within"),
    ]  # fmt: skip
    assert [mark.y for mark in drawn.rows[0].marks] == [0, lanes.ROW]  # beside the first its word


def test_what_lies_after_the_stichtag_is_told_apart() -> None:
    spans = [_span("2026-01-01", "2026-01-31"), _span("2026-02-01", "2026-03-31"), _span("2026-05-01", "2026-05-31")]
    drawn = lanes.picture([Lane("strategy", "Strategie", spans)], dt.date(2026, 2, 28), dt.date(2026, 3, 31))
    first, second, third = drawn.rows[0].marks
    assert (first.ahead, third.ahead) == (0, 100)
    assert second.ahead == pytest.approx(31 / 59 * 100, abs=0.1)
    assert drawn.today is not None
    assert drawn.at < drawn.today


def test_what_a_file_says_of_the_directory_is_read_in_german() -> None:
    said = [
        (labels.field(name, "unit-opened"), labels.code(value))
        for name, value in (("carrier", "landkreis"), ("short", "MUS"))
    ]
    assert said == [("Träger", "Landkreis"), ("Kurzname", "MUS")]
    assert (labels.field("role", "role-assigned"), labels.code("placement")) == ("Rolle", labels.ROLE["placement"])
