"""The library of questions: every row has its page, its files and its answer for programs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from domain.rules import RULES
from domain.words import RECIPIENTS, STAGES
from services.office.office import Office, open_office
from services.questions import answers
from services.questions.library import QUESTIONS
from services.records.tables import views
from services.web.qs.page import PAGE
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web import district
from tests.services.web.conftest import Copy, VisitAs

THEN = {"stichtag": "2020-03-10", "dauer": "12"}


@pytest.fixture
def town(copy: Copy) -> Iterator[Office]:
    """The district in place of the town."""
    with open_office(copy(district.build)) as office:
        yield office


def _logged(town: Office) -> list[Any]:
    with town.read() as tx:
        return list(tx.conn.execute(select(views.c.list, views.c.asked, views.c.rows, views.c.purpose)).all())


def test_the_library_names_every_question_and_logs_nothing(visit: VisitAs, town: Office) -> None:
    page = visit("qs-1").get("/qs/fragen")
    for one in QUESTIONS.values():
        assert one.title in page.text
        opened = visit("qs-1").get(f"/qs/fragen/{one.id}")
        assert 'id="ergebnis"' not in opened.text
        assert 'name="stichtag"' in opened.text
    assert _logged(town) == []


@on_both_databases
@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_is_logged_with_its_purpose_before_it_leaves(visit: VisitAs, town: Office, name: str) -> None:
    question = QUESTIONS[name]
    answer = visit("qs-1").get(f"/qs/fragen/{name}", **THEN)
    assert answer.status_code == 200
    with town.read() as tx:
        asked = answers.filled(tx, question, {"as_of": ["2020-03-10"], "known_at": ["2020-03-10"]})
        expected = answers.ask(tx, asked)
    assert expected["sentence"] in words(answer)
    listed, told, rows, purpose = _logged(town)[-1]
    assert (listed, rows, purpose) == ("qs", min(len(expected["rows"]), PAGE), question.purpose)
    assert told.startswith(f"fallverlauf {question.command or f'ask {name}'} ")
    for view in ("heute", "unterschied"):
        assert visit("qs-1").get(f"/qs/fragen/{name}", **THEN, ansicht=view).status_code == 200
    assert "Meier" not in answer.text


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_files_carry_recipe_and_fields(visit: VisitAs, name: str, kind: str) -> None:
    answer = visit("qs-1").get(f"/qs/fragen/{name}/liste.{kind}", **THEN)
    assert answer.status_code == 200
    assert f".{kind}" in answer.headers["content-disposition"]
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
        assert "Rezept;fallverlauf " in text
        assert "Felder;" in text


@on_both_databases
@pytest.mark.parametrize("name", QUESTIONS)
def test_programs_get_the_same_answer_in_pages_and_no_names_of_staff(visit: VisitAs, name: str) -> None:
    qs, path = visit("qs-1"), f"/api/v1/questions/{name}"
    whole = qs.get(path, as_of="2020-03-10").json()
    assert [one["worker"] for one in whole["rows"]] == [None] * len(whole["rows"])
    rows, after = [], ""
    while True:
        page = qs.get(path, as_of="2020-03-10", limit="1", **({"after": after} if after else {})).json()
        assert (page["k"], page["n"]) == (whole["k"], whole["n"])
        rows += page["rows"]
        if not (after := page.get("next", "")):
            break
    assert rows == whole["rows"]


def test_who_is_responsible_is_named_to_themselves_and_to_who_leads(visit: VisitAs) -> None:
    asked = {"as_of": "2026-11-20", "months": "0"}
    lead = visit("tl-1").get("/api/v1/questions/1", **asked).json()["rows"]
    own = visit("av-1").get("/api/v1/questions/1", **asked).json()["rows"]
    assert lead
    assert {row["worker"] for row in lead} >= {"av-1", "fm-1"}
    assert {row["worker"] for row in own} == {"av-1"}


@pytest.mark.parametrize(
    ("query", "field"),
    [("months=x", "months"), ("nonsense=1", "nonsense"), ("unit=99.9", "unit"), ("as_of=2020-02-30", "as_of"),
     ("as_of=", "as_of"), ("area=x", "area"), ("strategy=integration&strategy=entwicklung", "strategy")],
)  # fmt: skip
def test_an_unknown_parameter_or_value_is_named(visit: VisitAs, query: str, field: str) -> None:
    answer = visit("qs-1").client.get(f"/api/v1/questions/stays?{query}")
    assert answer.status_code == 422
    (detail,) = answer.json()["detail"]
    assert detail["field"] == field
    assert detail["reason"].endswith(".")


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_empty_value_is_refused_at_its_field_or_means_nothing_is_asked_for(visit: VisitAs, name: str) -> None:
    qs, path = visit("qs-1"), f"/api/v1/questions/{name}"
    without = qs.get(path).json()
    refused = set()
    for blank in QUESTIONS[name].blanks:
        answer = qs.client.get(f"{path}?{blank.name}=")
        if answer.status_code == 422:
            refused.add(blank.name)
            assert [one["field"] for one in answer.json()["detail"]] == [blank.name]
        else:
            assert answer.status_code == 200
            if blank.name != "months":  # a stay of any length
                assert answer.json() == without
    own = {
        "stays": {"strategy", "clock"},
        "due": set(),
        "legacy": set(),
        "roll-out": {"from", "to"},
        "left-planned": set(),
    }
    assert refused == {"as_of", "reading", "unit", "area"} | own[name]


def test_a_period_that_ends_before_it_begins_is_refused(visit: VisitAs) -> None:
    qs, sentence = visit("qs-1"), "Das Ende liegt vor dem Anfang."
    page = qs.get("/qs/fragen/roll-out", von="2020-05-01", bis="2018-01-01")
    assert page.status_code == 422
    assert f'id="q-bis-falsch">{sentence}<' in page.text
    answer = qs.client.get("/api/v1/questions/roll-out?from=2020-05-01&to=2018-01-01")
    assert (answer.status_code, answer.json()) == (422, {"detail": [{"field": "to", "reason": sentence}]})
    assert qs.client.get("/api/v1/questions/roll-out?from=2020-05-01&to=2020-05-01").status_code == 200


def _rows(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_rows_are_called_what_they_are_and_told_apart(visit: VisitAs) -> None:
    qs, asked = visit("qs-1"), {"stichtag": "2020-03-10", "ansicht": "unterschied"}
    for name, question in QUESTIONS.items():
        page = words(qs.get(f"/qs/fragen/{name}", **asked))
        assert f"{question.rows[1]}, die nur in einer der beiden Listen stehen" in page
    assert re.search(
        r"\d+ Wiedervorlagen? ste(ht|hen) nur in der Liste von damals \(Datenstand 10.03.2020, \d+ Wied", page_of(qs)
    )
    head, *rows = _rows(qs.get("/qs/fragen/due/liste.csv", **asked))
    assert head[:5] == ["Fall", "Regel", "Stufe", "fällig", "Nur in der Liste von"]
    stages = {tuple(row[:4]) for row in rows if len(row) == len(head)}
    assert stages
    pages = page_of(qs) + page_of(qs, "2")
    for case, rule, stage, day in stages:
        assert f"{case} {RULES[rule].name} {stage} {day} in der von" in pages  # its number stands in the file


def page_of(qs: Visit, page: str = "1") -> str:
    return words(qs.get("/qs/fragen/due", stichtag="2020-03-10", ansicht="unterschied", seite=page))


def test_stages_and_recipients_are_said_in_german_and_coded_for_programs(visit: VisitAs) -> None:
    qs = visit("qs-1")
    answer = qs.get("/api/v1/questions/due", as_of="2020-03-10").json()
    assert answer["sentence"].startswith(f"Offene Wiedervorlagen am 10.03.2020: {answer['k']}, zu allen Regeln, in")
    coded = {(row["case"], row["rule"], row["stage"], *row["to"]) for row in answer["rows"]}
    assert {one[3] for one in coded} == {"worker"}
    rows = [
        row for row in _rows(qs.get("/qs/fragen/due/liste.csv", stichtag="2020-03-10", stand="heute")) if len(row) == 8
    ]
    said = {(case.removeprefix("'"), rule, stage, to) for case, _, _, rule, stage, _, to, _ in rows[1:]}
    german = {"worker": "zuständige Fachkraft", "lead": "Leitung"}
    assert said == {
        (case, rule, STAGES[stage], ", ".join(german[one] for one in to)) for case, rule, stage, *to in coded
    }
    page = words(qs.get("/qs/fragen/due", stichtag="2020-03-10", stand="heute"))
    assert "zuständige Fachkraft" in page
    assert "interim" not in page.split("Rezept")[0] + page.split("Nach Einheit")[1]


@pytest.mark.parametrize("view", ["heute", "unterschied"])
def test_a_spreadsheet_says_stages_in_german(visit: VisitAs, view: str) -> None:
    asked = {"stichtag": "2020-03-10", "ansicht": view}
    table = _rows(visit("qs-1").get("/qs/fragen/due/liste.csv", **asked))
    stages = {row[table[0].index("Stufe")] for row in table[1:] if len(row) == len(table[0])}
    assert stages
    assert stages <= set(STAGES.values())
    book = zipfile.ZipFile(io.BytesIO(visit("qs-1").get("/qs/fragen/due/liste.xlsx", **asked).content))
    strings = set(re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode()))
    assert {"Stufe", *stages} <= strings
    assert not strings & {*STAGES, *RECIPIENTS}


def test_every_stage_and_recipient_has_a_german_word() -> None:
    stages = {name for rule in RULES.values() for name in rule.stages}
    assert stages == STAGES.keys()
    told = {to for rule in RULES.values() for stage in rule.stages.values() for to in (*stage.to, *stage.later)}
    assert told == RECIPIENTS.keys()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("roll-out", "Bis zum 02.01.1990 begann nach Datenstand 02.01.1990 kein Balken, in allen Bereichen, in allen"),
        ("left-planned", "Vor dem 02.01.1990 gab es nach Datenstand 02.01.1990 keine Termine, in allen Bereichen,"),
        ("due", "Am 02.01.1990 war nach Datenstand 02.01.1990 keine Wiedervorlage offen: zu allen Regeln, in allen"),
    ],
)
def test_where_there_is_nothing_to_ask_about_it_is_said_so(visit: VisitAs, name: str, sentence: str) -> None:
    qs = visit("qs-1")
    page = words(qs.get(f"/qs/fragen/{name}", stichtag="1990-01-02"))
    assert page.count(sentence) == 1
    answer = qs.get(f"/api/v1/questions/{name}", as_of="1990-01-02", known_at="1990-01-02").json()
    assert answer["sentence"].startswith(sentence)
    origin = dict(row for row in _rows(qs.get(f"/qs/fragen/{name}/liste.csv", stichtag="1990-01-02")) if len(row) == 2)
    assert origin["Datenstand 02.01.1990"].startswith(sentence)


def test_an_unknown_question_is_said_with_those_there_are(visit: VisitAs) -> None:
    for path in ("/api/v1/questions/77", "/qs/fragen/77"):
        answer = visit("qs-1").client.get(path)
        assert answer.status_code == 404
        assert "1 (stays)" in answer.text


def test_who_asks_about_one_case_names_a_purpose(visit: VisitAs, town: Office) -> None:
    qs = visit("qs-1")
    assert qs.client.get("/api/v1/questions/due?case=L-01").status_code == 403
    named = qs.client.get("/api/v1/questions/due?case=L-01", headers={"fallverlauf-purpose": "quality"})
    assert named.status_code == 200
    assert "Wozu sehen Sie den Fall L-01 ein?" in words(qs.client.get("/qs/fragen/due?fall=L-01&stichtag=2020-03-10"))
    assert not any("L-01" in (row.asked or "") for row in _logged(town))


def test_a_day_ahead_says_that_it_assumes_nothing_changes(visit: VisitAs) -> None:
    assert "nimmt an, dass sich bis dahin nichts ändert" in words(visit("qs-1").get("/qs", stichtag="2027-01-01"))
