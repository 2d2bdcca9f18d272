"""A profile of the office that comes about by choosing columns: three steps, and what is said where one is wrong."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping

import httpx
import pytest

from services.exchange.profiles import at_hand, written
from services.exchange.uploads.work import work_off
from services.office.office import Office
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_imports import do, hand_in

BARS = "Balken des Amtes\nFallnummer;Art;Beginn;Ende;Nr\n" + "".join(
    f"N-{at};{'IN' if at % 2 else 'EN'};01.0{at}.2025;{'31.12.2025' if at == 3 else ''};{at}\n" for at in range(1, 6)
)
CHOSEN = {
    **{"kopf": "2", "eintrag": "strategy-bar-set", "weiter": "ja"},
    **{"s.case": "Fallnummer", "s.on": "Beginn", "s.id": "Nr", "s.data.strategy": "Art"},
}
MEANT = {"w.data.strategy.0": "entwicklung", "w.data.strategy.1": "integration"}
PROFILES = "/einlesen/profile"
NAMED = {"name": "Balken-Amt", "system": "altsystem"}


def columns_of(edv: Visit, content: str = BARS) -> str:
    """The address at which the columns of a fresh file are chosen."""
    return f"{hand_in(edv, content, 'balken.csv').url.path}/spalten"


def test_a_profile_by_choosing(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    path = columns_of(edv)
    first = edv.get(path)
    assert '<option value="2" selected>' in first.text  # the title above is no head
    assert "5 Spalten: Fallnummer, Art, Beginn, Ende, Nr" in words(first)
    second = edv.get(path, eintrag="strategy-bar-set", kopf="2")
    assert "Beginn (Tage)" in words(second)
    assert '<option value="Fallnummer" selected>' in second.text
    assert '<option value="Beginn" selected>' in second.text
    third = edv.get(path, **CHOSEN)
    assert "Handlungsstrategie, aus Spalte „Art“" in words(third) or "aus Spalte „Art“" in words(third)
    saved = edv.post(path, {**CHOSEN, **MEANT, **NAMED})
    assert saved.url.path == path.removesuffix("/spalten")
    assert 'value="balken-amt" checked' in saved.text
    file = town.settings.data / at_hand.FOLDER / "balken-amt.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert tomllib.loads(file.read_text(encoding="utf-8")) == {
        "system": "altsystem",
        "file": {"header": 2, "empty": ["", "-", "n. b.", "#NV"]},
        "fact": [
            {
                **{"fact": "strategy-bar-set", "case": "Fallnummer", "on": "Beginn", "id": "strategy-bar-set:{Nr}"},
                "data": {"strategy": {"column": "Art", "values": {"EN": "entwicklung", "IN": "integration"}}},
            }
        ],
    }
    ended = {
        **{"zu": "balken-amt", "kopf": "2", "eintrag": "strategy-bar-ended", "weiter": "ja", "s.case": "Fallnummer"},
        **{"s.on": "Ende", "s.id": "Nr", "s.when": "Ende", "s.data.reason": "=new-strategy"},
    }
    page = edv.get(path, **ended)
    assert "Wird dem Profil „balken-amt“ hinzugefügt" in words(page)
    edv.post(path, {**ended, "stand": written.state(file)})
    saved = edv.get(saved.url.path)
    do(edv, saved, tun="pruefen", profil="balken-amt")
    work_off(town)
    assert "neu 6" in words(edv.get(saved.url.path))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"s.on": ""}, "Bitte eine Spalte wählen."),
        ({"s.on": "Geburtstag"}, "Diese Spalte gibt es in der Datei nicht."),
        ({"s.data.strategy": "=alles"}, "Diese Spalte gibt es in der Datei nicht."),
        ({"w.data.strategy.1": ""}, "Bitte für jedes Wort sagen"),
        ({"w.data.strategy.0": "-", "w.data.strategy.1": "-"}, "Bitte für jedes Wort sagen"),
        ({"w.data.strategy.0": "x"}, "Bitte für jedes Wort sagen"),
        ({"name": ""}, "Der Name eines Profils hat"),
        ({"name": "Balken"}, "So heißt ein mitgeliefertes Profil"),
        ({"name": "../../x"}, "Der Name eines Profils hat"),
        ({"system": "Öh!"}, "system „öh!“"),
        ({"system": ""}, "Es fehlt system"),
    ],
)
def test_what_is_wrong_is_said_beside_it(visit: VisitAs, town: Office, given: Mapping[str, str], sentence: str) -> None:
    edv = visit("edv-1")
    answer = edv.post(columns_of(edv), {**CHOSEN, **MEANT, **NAMED, **given})
    assert (answer.status_code, sentence in words(answer)) == (422, True), words(answer)
    assert not (town.settings.data / at_hand.FOLDER).exists() or not [*(town.settings.data / at_hand.FOLDER).glob("*")]


def test_a_column_of_many_words_is_not_shown(visit: VisitAs) -> None:
    edv = visit("edv-1")
    many = "Fallnummer;Art;Beginn\n" + "".join(f"N-{at};Geheim{at};01.01.2025\n" for at in range(60))
    path = columns_of(edv, many)
    answer = edv.client.get(path, params={**CHOSEN, "kopf": "1", "s.id": ""})
    assert (answer.status_code, "mehr als 40 verschiedene Wörter" in words(answer)) == (422, True)
    assert "Geheim" not in answer.text


def test_of_two_who_save_at_once_one_is_told(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    path = columns_of(edv)
    form = {**CHOSEN, **MEANT, **NAMED}
    assert edv.post(path, form).status_code == 200
    again = edv.post(path, form)
    assert (again.status_code, "gibt es schon" in words(again)) == (422, True)
    file = town.settings.data / at_hand.FOLDER / "balken-amt.toml"
    late = edv.post(path, {**form, "zu": "balken-amt", "stand": "0" * 64})
    assert (late.status_code, "inzwischen geändert" in words(late)) == (422, True)
    assert len(tomllib.loads(file.read_text(encoding="utf-8"))["fact"]) == 1


def test_what_is_written_is_read_as_it_was_meant() -> None:
    said = {
        "system": "x",
        "file": {"empty": ['"', "\\", "\x7f", "\n", "ä\u2028"], "header": 3},
        "fact": [{"fact": "f", "when": {"Spalte mit „…“ = 'x'": "*"}, "data": {"a": {"value": True}, "b": ["{c}"]}}],
    }
    assert tomllib.loads(written.text(said)) == said


def state_of(page: httpx.Response) -> str:
    return page.text.partition('name="stand" value="')[2].partition('"')[0]


def test_a_profile_is_added_to_where_it_reads_the_same_rows_only(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    assert edv.post(columns_of(edv), {**CHOSEN, **MEANT, **NAMED}).status_code == 200
    file = town.settings.data / at_hand.FOLDER / "balken-amt.toml"
    flat = columns_of(edv, BARS.partition("\n")[2])  # the names stand in the first row
    form = {**CHOSEN, **MEANT, "kopf": "1", "zu": "balken-amt", "stand": written.state(file)}
    answer = edv.post(flat, form)
    assert answer.status_code == 422
    assert "Das Profil „balken-amt“ liest das erste Blatt mit den Spaltennamen in Zeile 2." in words(answer)
    assert len(tomllib.loads(file.read_text(encoding="utf-8"))["fact"]) == 1


def test_own_profiles_are_renamed_and_deleted(visit: VisitAs, town: Office) -> None:
    edv, folder = visit("edv-1"), town.settings.data / at_hand.FOLDER
    assert "Noch gibt es keine eigenen Profile" in words(edv.get(PROFILES))
    assert edv.post(columns_of(edv), {**CHOSEN, **MEANT, **NAMED}).status_code == 200
    page = edv.get(PROFILES)
    asked = {"profil": "balken-amt", "stand": state_of(page)}
    for form, sentence in (
        ({"tun": "umbenennen", "name": "../x"}, "Der Name eines Profils hat 1 bis 40 Kleinbuchstaben"),
        ({"tun": "umbenennen", "name": next(iter(at_hand.files(None)))}, "So heißt ein mitgeliefertes Profil"),
        ({"tun": "umbenennen", "name": "balken-amt"}, "gibt es schon"),
        ({"tun": "loeschen", "stand": "0" * 64}, "inzwischen geändert"),
        ({"tun": "loeschen", "profil": "../balken-amt"}, "Dieses eigene Profil gibt es nicht mehr."),
        ({"tun": "nichts"}, "Bitte wählen"),
    ):
        answer = edv.post(PROFILES, {**asked, **form})
        assert (answer.status_code, sentence in words(answer)) == (422, True), words(answer)
    assert [file.name for file in folder.glob("*.toml")] == ["balken-amt.toml"]
    page = edv.post(PROFILES, {**asked, "tun": "umbenennen", "name": "Balken-2"})
    assert [file.name for file in folder.glob("*.toml")] == ["balken-2.toml"]
    (town.settings.data / "lieferungen" / "balken-2").mkdir(parents=True)
    gone = {"profil": "balken-2", "tun": "loeschen", "stand": state_of(page)}
    assert "Ordner für nächtliche Lieferungen" in words(edv.post(PROFILES, gone))
    (town.settings.data / "lieferungen" / "balken-2").rmdir()
    assert "Noch gibt es keine eigenen Profile" in words(edv.post(PROFILES, gone))
