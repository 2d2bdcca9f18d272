"""QS: the lists of 10.03.2020 then and now, why they differ, and what leaves as a file."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shlex
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.commands.cli import app
from services.commands.run import run
from services.exchange.importing import import_file
from services.office.office import Office, open_office
from services.questions import recipe, stays
from services.questions.stays import Wanted
from services.records.tables import views
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.commandline import as_bytes, fact
from tests.services.web import district
from tests.services.web.conftest import Copy, VisitAs
from tests.statements import statements

THEN = {"stichtag": "2020-03-10", "dauer": "365", "mass": "d"}
UNKNOWN = (
    "Für 3 von 51 Einträgen ist der Erfassungszeitpunkt unbekannt (Import vom 05.01.2026); zum Datenstand 10.03.2020"
)
SECRETS = ("Meier", "Jana", "Kern", "Yilmaz", "Zahlendreher", "falscher Fall")


@pytest.fixture
def town(copy: Copy) -> Iterator[Office]:
    """The district in place of the town."""
    with open_office(copy(district.build)) as office:
        yield office


def listed(page: str) -> list[str]:
    return re.findall(r'class="nowrap" href="/fall/[^"]*">([^<]+)</a>', page)


@on_both_databases
def test_the_list_as_known_then_and_now(visit: VisitAs) -> None:
    qs = visit("qs-1")
    then = qs.get("/qs", **THEN)
    assert listed(then.text) == ["=1+2", "L-01", "L-02", "L-03", "L-04", "L-07", "L-09", "L-10"]
    assert "80 % (8 von 10) der Fälle, die am 10.03.2020 in Integration waren: mehr als 365 Tage" in words(then)
    assert "− ALG I 183 Tage (01.04.2019–30.09.2019)" in words(then)
    assert "Datenstand 10.03.2020." in words(then)
    assert UNKNOWN in words(then)
    now = qs.get("/qs", **THEN, ansicht="heute")
    assert listed(now.text) == ["=1+2", "L-01", "L-02", "L-03", "L-04", "L-06", "L-08", "L-10", "L-11"]
    assert "90 % (9 von 10)" in words(now)
    assert "unbekannt" not in words(now)


@on_both_databases
def test_the_difference_names_the_cause_and_the_entry_with_both_days(visit: VisitAs) -> None:
    page = words(visit("qs-1").get("/qs", **THEN, ansicht="unterschied"))
    assert "2 Fälle stehen nur in der Liste von damals (Datenstand 10.03.2020, 8 Fälle), 3 nur in der von heute" in page
    for said in (
        "L-06 in der von heute spät erfasst Handlungsstrategie (Balken): Integration gültig am 01.07.2018 , "
        "erfasst am 20.04.2020",
        "L-07 in der von damals spät erfasst Balken beendet: Beschäftigung gültig am 14.02.2020",
        "L-08 in der von heute berichtigt Berichtigung zu „Handlungsstrategie (Balken): Integration“: "
        "neuer Tag 01.11.2018 gültig am 01.11.2019 , erfasst am 02.06.2020",
        "L-09 in der von damals zurückgenommen Rücknahme zu „Handlungsstrategie (Balken): Integration“",
        "L-11 in der von heute Import Handlungsstrategie (Balken): Integration gültig am 01.04.2018",
    ):
        assert said in page
    assert UNKNOWN in page


@on_both_databases
def test_whose_entries_were_shown_is_logged_with_the_purpose(town: Office, visit: VisitAs) -> None:
    qs = visit("qs-1")
    qs.get("/qs", **THEN)
    with town.read() as tx:
        assert tx.conn.execute(select(views).where(views.c.list.is_(None))).all() == []
    assert "mit dem Zweck „QS-Erhebung“ vermerkt" in words(qs.get("/qs", **THEN, ansicht="unterschied"))
    with town.read() as tx:
        rows = tx.conn.execute(select(views).where(views.c.list.is_(None))).all()
        numbers = town.store.numbers(tx.conn, [row.case_key for row in rows])
    assert sorted(numbers.values()) == ["L-06", "L-07", "L-08", "L-09", "L-11"]
    assert {(row.purpose, row.at) for row in rows} == {("quality", district.NOW)}


@on_both_databases
def test_units_carry_on_those_before_them_and_areas_narrow_only_what_is_found(visit: VisitAs) -> None:
    qs = visit("qs-1")
    assert listed(qs.get("/qs", **THEN, einheit="52.1").text) == ["L-03"]
    page = qs.client.get("/qs", params={**THEN, "einheit": "vermittlung", "bereich": ["jobakademie", "av-ags"]})
    assert "70 % (7 von 10)" in words(page)
    assert "in Jobakademie oder AV/AGS, in den Einheiten mit Vermittlungsbereich" in words(page)
    assert "52.1 1 1 100 % (1 von 1) 56.4 6 9 67 % (6 von 9) Summe 7 10 70 % (7 von 10)" in words(page)


@on_both_databases
def test_the_net_clock_and_months(visit: VisitAs) -> None:
    asked = {"stichtag": "10.03.2020", "dauer": "12", "mass": "m"}
    qs = visit("qs-1")
    assert "L-02" in listed(qs.get("/qs", **asked, uhr="gross").text)
    assert "L-02" not in listed(qs.get("/qs", **asked, uhr="net").text)


def test_links_keep_the_stichtag_and_the_datenstand(visit: VisitAs) -> None:
    qs = visit("qs-1")
    assert 'href="/fall/L-01?stichtag=2020-03-10&amp;datenstand=2020-03-10"' in qs.get("/qs", **THEN).text
    assert 'href="/fall/L-01?stichtag=2020-03-10"' in qs.get("/qs", **THEN, ansicht="heute").text
    assert "/qs/liste.csv?stichtag=2020-03-10&amp;dauer=365&amp;mass=d" in qs.get("/qs", **THEN).text


def test_the_recipe_names_everything_that_decides_the_answer(visit: VisitAs, town: Office) -> None:
    with town.read() as tx:
        counting = recipe.counting(tx.conn, stays.question(tx, Wanted("integration")))
    page = words(visit("qs-1").get("/qs", **THEN, einheit="56.4", bereich="av-ags"))
    assert (
        "fallverlauf stays --strategy integration --over 365d --clock gross --as-of 2020-03-10 "
        "--known-at 2020-03-10T23:59:59.999999+01:00 --reading arrival --unit 56.4 --area av-ags "
        f"· Zählregeln {counting} · Fallverlauf {version('fallverlauf')} · 56 Einträge, "
        "zuletzt gespeichert 2026-11-20T09:00:00+01:00"
    ) in page


def test_the_recipe_as_a_command_gives_the_same_list(visit: VisitAs, ask: Ask) -> None:
    qs = visit("qs-1")
    for asked, reading in product(PASTED, ("", "wirksamkeitstag")):
        page = qs.get("/qs", **THEN | asked, lesart=reading).text
        found = re.search(r'id="rezept">([^<]+)<', page)
        assert found is not None
        answers = [ask(one) for one in html.unescape(found[1]).split(" · ")[0].split(" verglichen mit ")]
        lists = [[row["case"] for row in answer["rows"]] for answer in answers]
        if asked.get("ansicht") == "unterschied":
            assert set(lists[0]) ^ set(lists[1]) == set(listed(page))
        else:
            assert lists == [listed(page)]


PASTED: list[dict[str, str]] = [
    {},
    {"ansicht": "heute"},
    {"uhr": "net", "dauer": "12", "mass": "m"},
    {"einheit": "vermittlung", "bereich": "av-ags"},
    {"dauer": ""},
    {"ansicht": "unterschied"},
]
Ask = Callable[[str], Any]


@pytest.fixture
def ask(town: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Runs a pasted command over the same data and gives its answer."""
    monkeypatch.setenv("FALLVERLAUF_DATA", str(town.settings.data))
    monkeypatch.setenv("FALLVERLAUF_NOW", district.NOW.isoformat())

    def answer(typed: str) -> Any:
        name, *arguments = shlex.split(typed)
        assert (name, run(app, [*arguments, "--format", "json"])) == ("fallverlauf", 0)
        return json.loads(capsys.readouterr().out)

    return answer


def test_the_other_reading_is_offered_by_name_and_never_the_default(visit: VisitAs) -> None:
    qs = visit("qs-1")
    page = qs.get("/qs", **THEN)
    assert 'lesart=wirksamkeitstag">Als am Wirksamkeitstag erfasst lesen</a>' in page.text
    otherwise = qs.get("/qs", **THEN, lesart="wirksamkeitstag")
    assert listed(otherwise.text) == sorted([*listed(page.text), "L-11"])
    assert f"{UNKNOWN} sind sie „als am Wirksamkeitstag erfasst“ gelesen. Ohne diese Einträge lesen" in words(otherwise)
    assert "--reading effective-day" in words(otherwise)
    assert 'name="lesart" value="wirksamkeitstag"' in otherwise.text
    assert "L-11" not in qs.get("/qs", **THEN, lesart="wirksamkeitstag", ansicht="unterschied").text
    assert "unbekannt" not in words(qs.get("/qs", **THEN, lesart="wirksamkeitstag", ansicht="heute"))
    nobody = words(qs.get("/qs", **THEN, lesart="wirksamkeitstag", einheit="52.1"))
    assert "Alle Einträge zu dieser Frage haben einen Erfassungszeitpunkt" in nobody


def test_files_name_the_reading(visit: VisitAs) -> None:
    qs, query = visit("qs-1"), {**THEN, "lesart": "wirksamkeitstag"}
    answer = qs.get("/qs/liste.csv", **query)
    assert "2020-03-10_integration_wirksamkeitstag.csv" in answer.headers["content-disposition"]
    said = "Lesart;Einträge ohne Erfassungszeitpunkt „als am Wirksamkeitstag erfasst“"
    text = answer.content.decode("utf-8-sig")
    assert said in text
    assert "L-11;56.4" in text
    assert "--reading effective-day" in text
    strings = _everything(qs.get("/qs/liste.xlsx", **query).content)
    assert all(one in strings for one in (*said.split(";"), "L-11", "--reading effective-day", UNKNOWN))


def test_no_answer_and_no_file_names_anybody_or_quotes_a_text(visit: VisitAs) -> None:
    qs = visit("qs-1")
    for view in ("", "heute", "unterschied"):
        for path in ("/qs", "/qs/liste.csv"):
            page = qs.get(path, **THEN, ansicht=view).text.replace("Quast, Silke", "")
            assert not [secret for secret in SECRETS if secret in page]
        book = qs.get("/qs/liste.xlsx", **THEN, ansicht=view).content
        assert not [secret for secret in SECRETS if secret in _everything(book)]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"stichtag": "2020-02-30"}, "„2020-02-30“ ist kein Tag"),
        ({"dauer": "-1"}, "Bitte eine ganze Zahl von 0 bis 1.200 angeben"),
        ({"dauer": "9999", "mass": "m"}, "Bitte eine ganze Zahl von 0 bis 1.200 angeben"),
        ({"stand_tag": "", "stand": "tag"}, "Bitte den Tag des Datenstands angeben."),
        ({"strategie": "x"}, "Bitte eine der Möglichkeiten wählen."),
        ({"mass": "x", "dauer": "1"}, "Bitte eine der Möglichkeiten wählen."),
        ({"einheit": "99.9"}, "Am Stichtag gab es keine Einheit „99.9“."),
        ({"bereich": "x"}, "Bitte eine der Möglichkeiten wählen."),
        ({"stand_tag": "2026-11-21", "stand": "tag"}, "Was an einem späteren Tag bekannt sein wird, weiß heute noch"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(visit: VisitAs, asked: dict[str, str], sentence: str) -> None:
    answer = visit("qs-1").get("/qs", **asked)
    assert answer.status_code == 422
    field = next(iter(asked))
    at_field = answer.text.split(f'id="q-{field}-falsch">', 1)[1].split("<", 1)[0]
    assert sentence in at_field
    assert f'aria-describedby="q-{field}-falsch"' in answer.text


@pytest.mark.parametrize("path", ["/qs", "/qs/fragen/roll-out"])
def test_what_is_wrong_without_an_input_is_said_above_the_form(visit: VisitAs, path: str) -> None:
    answer = visit("qs-1").get(path, lesart="abc", traeger="abc")
    assert answer.status_code == 422
    above = answer.text.split('<form class="card"', 1)[0]
    assert ">Lesart: „abc“ gibt es nicht; möglich ist wirksamkeitstag.</p>" in above
    assert '<span class="wrong" id="q-traeger-falsch">Bitte eine der Möglichkeiten wählen.</span>' in answer.text
    assert 'id="q-stichtag-falsch"' not in answer.text


def test_the_knowledge_of_today_may_be_asked_for(visit: VisitAs) -> None:
    answer = visit("qs-1").get("/qs", stand="tag", stand_tag="2026-11-20")
    assert answer.status_code == 200
    assert 'id="ergebnis"' in answer.text


def test_an_empty_field_says_the_default(visit: VisitAs) -> None:
    qs = visit("qs-1")
    expected = words(qs.get("/qs", **THEN))
    for name in ("strategie", "uhr", "stand", "lesart", "traeger", "einheit"):
        assert words(qs.get("/qs", **THEN, **{name: ""})) == expected
    lists = [qs.get("/qs/liste.csv", **THEN, **more).content for more in ({}, {"strategie": "", "uhr": ""})]
    assert lists[0] == lists[1]
    assert listed(qs.get("/qs", **THEN | {"dauer": ""}).text) != listed(qs.get("/qs", **THEN).text)


def test_an_address_that_was_changed_names_the_field_and_not_its_type(visit: VisitAs) -> None:
    answer = visit("tl-1").get("/team/verweildauer", strategie="integration", bereich="x", ab="0")
    assert answer.status_code == 422
    assert "Die Angabe „Bereich“ ist unbekannt; möglich sind fallmanagement, " in words(answer)
    assert "literal" not in words(answer)


def test_empty_lists_teach(visit: VisitAs) -> None:
    qs = visit("qs-1")
    nobody = words(qs.get("/qs", stichtag="2020-03-10", dauer="900", mass="d"))
    assert "Niemand. Von 10 offenen Balken Integration begann der älteste am 01.02.2018, 768 Tage vor" in nobody
    empty = words(qs.get("/qs", **THEN, strategie="entwicklung"))
    assert "niemand in Entwicklung" in empty
    nobody_at_all = "Am 10.03.2020 war nach Datenstand 10.03.2020 niemand in Entwicklung, in allen Bereichen, in allen"
    assert empty.count(nobody_at_all) == 1
    assert "keiner (0 von 0)" not in empty
    same = qs.get("/qs", **THEN, strategie="entwicklung", ansicht="unterschied")
    assert "Die Listen sind gleich" in words(same)
    assert "Verglichen wird mit dem Datenstand" in words(qs.get("/qs", ansicht="unterschied"))


@on_both_databases
def test_leads_ask_about_the_cases_of_their_units(visit: VisitAs) -> None:
    lead = visit("tl-1")
    page = lead.get("/qs", **THEN)
    assert "L-03" not in listed(page.text)
    assert "78 % (7 von 9)" in words(page)
    assert "die heute zu Ihrer Einheit gehören" in words(page)
    assert "Für 3 von 48 Einträgen ist der Erfassungszeitpunkt unbekannt" in words(page)
    assert "L-03" not in lead.get("/qs/liste.csv", **THEN).text


def test_a_carrier_is_said_beside_the_units(visit: VisitAs, town: Office, tmp_path: Path) -> None:
    there = {"worker": "fm-7", "unit": "60.1", "area": "av-ags"}
    lines = [
        fact("strategy-bar-set", "2018-02-01", case="S-1", data={"strategy": "integration"}),
        fact("responsibility-assigned", "2018-02-01", case="S-1", data=there),
        {"unit": "60.1", "fact": "unit-opened", "on": "2018-01-01", "recorded_at": "2018-01-01T09:00:00+01:00",
         "by": "edv-1", "data": {"name": "Stadt Nordhausen", "carrier": "stadt"}},
    ]  # fmt: skip
    (path := tmp_path / "city.jsonl").write_bytes(b"\n".join(map(as_bytes, lines)))
    assert import_file(town, path).rejected == []
    qs = visit("qs-1")
    shown = qs.get("/qs", **THEN, traeger="stadt")
    assert '<option value="stadt" selected>Stadt</option>' in shown.text  # asking again keeps it
    assert 'name="traeger"' not in qs.get("/qs", **THEN).text
    page = words(shown)
    assert "100 % (1 von 1) der Fälle, die am 10.03.2020 in Integration waren" in page
    assert "in allen Einheiten (Träger Stadt). Datenstand 10.03.2020." in page
    assert "in allen Einheiten (Träger Stadt), nach Datenstand" in qs.get("/qs/liste.csv", **THEN, traeger="stadt").text


@on_both_databases
def test_csv_opens_in_german_excel_and_computes_nothing(visit: VisitAs) -> None:
    answer = visit("qs-1").get("/qs/liste.csv", **THEN)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"].endswith('filename="verweildauer_2020-03-10_integration.csv"')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Fall", "Einheit", "Bereich", "Balken seit", "laut Balken (Tage)", "bereinigt (Tage)", "Abzüge"]
    assert rows[1] == ["'=1+2", "56.4", "AV/AGS", "01.03.2018", "740", "740", ""]
    assert len([row for row in rows[1:] if len(row) == 7]) == 8
    origin = dict(row for row in rows if len(row) == 2)
    assert origin["Frage"].startswith(
        "Wer war am 10.03.2020 seit mehr als 365 Tagen gezählt laut Balken in Integration,"
    )
    assert origin["Datenstand 10.03.2020"] == "80 % (8 von 10) der offenen Balken"
    assert UNKNOWN in origin["Hinweis"]
    assert "--over 365d" in origin["Rezept"]


@on_both_databases
def test_xlsx_has_real_days_and_no_formula(visit: VisitAs) -> None:
    book = zipfile.ZipFile(io.BytesIO(visit("qs-1").get("/qs/liste.xlsx", **THEN).content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert re.search(r'<c r="D2" s="\d+"><v>43160</v>', sheet)  # 01.03.2018
    assert "dd.mm.yyyy" in book.read("xl/styles.xml").decode()
    strings = book.read("xl/sharedStrings.xml").decode()
    assert "<t>=1+2</t>" in strings
    assert UNKNOWN in strings
    assert "--over 365d" in strings


def test_both_files_of_the_difference_say_the_same(visit: VisitAs) -> None:
    qs = visit("qs-1")
    text = qs.get("/qs/liste.csv", **THEN, ansicht="unterschied").content.decode("utf-8-sig")
    assert "L-07;10.03.2020;spät erfasst;Balken beendet: Beschäftigung;14.02.2020;04.05.2020" in text
    assert "Datenstand heute;90 % (9 von 10) der offenen Balken" in text
    strings = _everything(qs.get("/qs/liste.xlsx", **THEN, ansicht="unterschied").content)
    assert "Balken beendet: Beschäftigung" in strings
    assert UNKNOWN in strings


@on_both_databases
@pytest.mark.parametrize("path", ["", "/liste.csv", "/liste.xlsx"])
def test_the_statements_of_a_difference_do_not_grow_with_its_rows(
    visit: VisitAs, town: Office, tmp_path: Path, path: str
) -> None:
    qs, told = visit("qs-1"), []
    late = {"data": {"strategy": "integration"}, "recorded_at": "2020-04-20T09:00:00+02:00"}
    lines = [
        fact("strategy-bar-set", "2018-02-01", case=f"M-{number}", id=f"M-{number}") | late for number in range(40)
    ]
    for rows in (5, 5, 45):  # once before, for what the office keeps
        if rows == 45:
            (late_bars := tmp_path / "late.jsonl").write_bytes(b"\n".join(map(as_bytes, lines)))
            assert import_file(town, late_bars).rejected == []
            assert "43 nur in der von heute" in words(qs.get("/qs", **THEN, ansicht="unterschied"))
        with statements(town) as found:
            assert qs.client.get(f"/qs{path}", params={**THEN, "ansicht": "unterschied"}).status_code == 200
        told.append(len(found))
    assert told[1] == told[2]


def test_a_file_of_a_question_that_cannot_be_asked_leads_back_to_it(visit: VisitAs) -> None:
    answer = visit("qs-1").get("/qs/liste.csv", dauer="-1")
    assert answer.status_code == 422
    assert "Bitte eine ganze Zahl" in answer.text
    assert visit("qs-1").get("/qs/liste.pdf").status_code == 404


@on_both_databases
def test_the_team_sees_stays_by_strategy_and_area_never_by_person(visit: VisitAs) -> None:
    lead = visit("tl-1")
    page = lead.get("/team").text
    part = page[page.index('id="verweildauern"') :]
    said = words(lead.get("/team"))[words(lead.get("/team")).index("Verweildauern") :]
    assert "Fallmanagement · 2 Fälle" in said
    assert "AV/AGS · 8 Fälle" in said
    assert "24 Monate und länger 1 1 7 Summe 2 2 8" in said
    assert "6 Monate 12 Monate" in said
    assert not [name for name in ("Kern", "Brandt", "Yilmaz", "Meier") if name in part]
    links = set(re.findall(r'href="(/team/verweildauer[^"]+)"', part))
    assert len(links) == 6
    found = 0
    for link in links:
        there = words(lead.client.get(link.replace("&amp;", "&")))
        found += sum(map(int, re.findall(r"(\d+) (?:Fall|Fälle) laut Balken, am", there)))
    assert found == 12


def _everything(book: bytes) -> str:
    files = zipfile.ZipFile(io.BytesIO(book))
    return "".join(files.read(name).decode() for name in files.namelist())
