"""One line of the fact format: what is taken, and every sentence about what is not."""

from __future__ import annotations

import datetime as dt
import json
import sys
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.facts import FACTS, Stream, stream_of
from domain.facts.case import ResponsibilityAssigned
from domain.facts.correction import FactCorrected
from domain.facts.extension import ExtensionRequested
from domain.facts.strategy import StrategyBarSet
from domain.moments import FIRST
from services.exchange import lines
from services.exchange.lines import LONGEST, Frame, Line, read
from services.records.fields import can_be_left_out, data_reasons
from services.records.reasons import Refused

NOW = dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)
FRAME = Frame(NOW, "import:facts.jsonl")
BAR = {"strategy": "integration"}
GOOD: dict[str, Any] = {
    "case": "C-1",
    "fact": "strategy-bar-set",
    "on": "2019-03-10",
    "data": {"strategy": "integration"},
}
NUMBER = "Eine Fallnummer hat 1 bis 64 Buchstaben, Ziffern und - _ . /;"
REQUEST: dict[str, Any] = {
    "request": "v-1",
    "options": ["other"],
    "facts_text": "Er sucht.",
    "justification": "Es lohnt.",
    "until": "2026-06-30",
}


def taken(**changed: Any) -> Line:
    return read(json.dumps(GOOD | changed).encode(), FRAME)


def refused(raw: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as found:
        read(raw if isinstance(raw, bytes) else raw.encode(), FRAME)
    return [tuple(reason) for reason in found.value.reasons]


def wrong(**changed: Any) -> list[tuple[str, str]]:
    return refused(json.dumps({key: value for key, value in (GOOD | changed).items() if value != "-"}))


@pytest.mark.parametrize("by", ["rule:", "import:", " rule: "])
def test_a_rule_or_an_import_has_a_name(by: str) -> None:
    assert wrong(by=by) == [("by", f"Hinter „{by.strip()}“ fehlt der Name.")]
    assert taken(by="rule:R-03").entry.by == "rule:R-03"


def test_a_good_line_is_a_fact_with_its_envelope() -> None:
    line = taken(id="compass:4711", recorded_at="2019-03-12T08:15:00+01:00", by="fm-7")
    assert (line.stream, line.number) == (Stream.CASE, "C-1")
    assert line.entry.fact == StrategyBarSet(strategy="integration")
    assert line.entry.recorded_at == dt.datetime(2019, 3, 12, 7, 15, tzinfo=dt.UTC)
    assert (line.entry.id, line.entry.by, line.entry.on) == ("compass:4711", "fm-7", dt.date(2019, 3, 10))
    assert not line.entry.recorded_unknown
    assert not line.entry.identified_by_content


def test_what_a_line_leaves_open_is_marked() -> None:
    entry = taken().entry
    assert (entry.by, entry.recorded_at, entry.recorded_unknown) == ("import:facts.jsonl", None, True)
    assert entry.identified_by_content


@pytest.mark.parametrize("number", ["A", "C-1001", "56.4/2019_x", "Ä-1", "1" * 64])
def test_case_numbers_that_are_taken(number: str) -> None:
    assert taken(case=number).number == number


@pytest.mark.parametrize(
    ("number", "meant", "held"),
    [
        ("C\u20111", "C-1", "U+2011"),
        ("C–1", "C-1", "U+2013"),
        ("A\u0308-1", "Ä-1", "U+0308"),
        ("\uff23-\uff11", "C-1", "U+FF23, U+FF11"),
    ],
)
def test_a_case_number_that_only_looks_right_is_refused_with_what_it_holds(number: str, meant: str, held: str) -> None:
    said = f"{NUMBER} „{number}“ passt nicht. Darin steht {held}; gemeint ist vielleicht „{meant}“."
    assert wrong(case=number) == [("case", said)]


@pytest.mark.parametrize("number", [".", "..", "a/../b", "/a", "a/", "a//b", "./a", "a/.", "/"])
def test_a_case_number_is_no_path(number: str) -> None:
    said = f"Eine Fallnummer hat zwischen Schrägstrichen mehr als „.“ oder „..“; „{number}“ passt nicht."
    assert wrong(case=number) == [("case", said)]
    assert taken(case="a/..b/.c/d.").number == "a/..b/.c/d."


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\u061c", "\u00ad", "\ufeff", "\u200b"])
def test_what_cannot_be_seen_stands_in_no_id_and_no_name(mark: str) -> None:
    sentence = f"Der Text enthält ein unsichtbares Zeichen (U+{ord(mark):04X})."
    person = {"person": "fm-7", "fact": "person-added", "on": "2019-01-01", "data": {"name": f"Anna{mark}B"}}
    for raw in (json.dumps(person), json.dumps(person, ensure_ascii=False)):
        assert refused(raw) == [("data.name", sentence)]
    assert wrong(id=f"a{mark}b", by=f"a{mark}b") == [("id", sentence), ("by", sentence)]
    said = taken(data=BAR | {"rationale": f"Er{mark}sagt"}).entry.fact
    assert said == StrategyBarSet(strategy="integration", rationale=f"Er{mark}sagt")


def test_lines_with_any_control_or_invisible_character_are_looked_at_field_by_field() -> None:
    odd = [chr(at) for at in range(sys.maxunicode + 1) if unicodedata.category(chr(at)) in ("Cc", "Cf")]
    assert len(odd) > 200
    for char in odd:
        assert lines._ODD_CHARACTERS.search(json.dumps(char).encode())
        assert ord(char) < 32 or lines._ODD_CHARACTERS.search(char.encode())


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"case": "C 1"}, "case", f"{NUMBER} „C 1“ passt nicht."),
        ({"case": ""}, "case", f"{NUMBER} „“ passt nicht."),
        (
            {"case": "C-1\n"},
            "case",
            f"{NUMBER} „C-1�“ passt nicht.",
        ),
        ({"case": 5}, "case", "Hier muss ein Text stehen, gefunden wurde eine Zahl."),
        ({"case": "-"}, "case", "Es fehlt, wessen Eintrag das ist: case, person, unit oder office."),
        ({"person": "fm-7"}, "person", "Nur eines von case, person, unit und office kann angegeben sein."),
        ({"fact": "-"}, "fact", "Der Name des Eintrags fehlt."),
        ({"fact": 7}, "fact", "Hier muss der Name eines Eintrags stehen, gefunden wurde eine Zahl."),
        (
            {"fact": "strategy-bar-sett"},
            "fact",
            "Einen Eintrag „strategy-bar-sett“ gibt es nicht. Meinten Sie „strategy-bar-set“?",
        ),
        ({"fact": "qqqq"}, "fact", "Einen Eintrag „qqqq“ gibt es nicht."),
        ({"on": "-"}, "on", "Der Tag fehlt."),
        ({"on": "2019-02-30"}, "on", "„2019-02-30“ ist kein Kalendertag in der Form 2020-03-10."),
        ({"on": "10.03.2019"}, "on", "„10.03.2019“ ist kein Kalendertag in der Form 2020-03-10."),
        ({"on": "2019-03-10T00:00:00"}, "on", "„2019-03-10T00:00:00“ ist kein Kalendertag in der Form 2020-03-10."),
        ({"on": "1899-12-31"}, "on", "„1899-12-31“ liegt außerhalb von 01.01.1900 bis 10.03.2036."),
        ({"on": "2036-03-11"}, "on", "„2036-03-11“ liegt außerhalb von 01.01.1900 bis 10.03.2036."),
        ({"on": 20190310}, "on", "Hier muss ein Tag wie 2020-03-10 stehen, gefunden wurde eine Zahl."),
        ({"on": None}, "on", "Hier muss ein Tag wie 2020-03-10 stehen, gefunden wurde nichts (null)."),
        ({"id": ""}, "id", "Hier stehen 1 bis 128 Zeichen, gefunden wurden 0."),
        ({"id": "   "}, "id", "Hier stehen 1 bis 128 Zeichen, gefunden wurden 0."),
        ({"id": "x" * 129}, "id", "Hier stehen 1 bis 128 Zeichen, gefunden wurden 129."),
        ({"id": 4711}, "id", "Hier muss ein Text stehen, gefunden wurde eine Zahl."),
        ({"id": "a\u0000b"}, "id", "Der Text enthält ein Steuerzeichen (U+0000)."),
        ({"by": ["fm-7"]}, "by", "Hier muss ein Text stehen, gefunden wurde eine Liste."),
        ({"by": "fm\u001b[31m"}, "by", "Der Text enthält ein Steuerzeichen (U+001B)."),
        (
            {"recorded_at": "2026-03-10T09:00:01+01:00"},
            "recorded_at",
            "„2026-03-10T09:00:01+01:00“ liegt in der Zukunft.",
        ),
        ({"recorded_at": "1899-12-31T22:59:59+00:00"}, "recorded_at", "„1899-12-31T22:59:59+00:00“ liegt vor 1900."),
        ({"recorded_at": "1900-01-01T00:00:00+14:00"}, "recorded_at", "„1900-01-01T00:00:00+14:00“ liegt vor 1900."),
        ({"recorded_at": "0001-01-01T00:00:00+14:00"}, "recorded_at", "„0001-01-01T00:00:00+14:00“ liegt vor 1900."),
        ({"when": 1}, "when", "Diesen Schlüssel gibt es nicht."),
        ({"recorded": 1}, "recorded", "Diesen Schlüssel gibt es nicht. Meinten Sie „recorded_at“?"),
        ({"data": []}, "data", "Hier muss ein Objekt stehen, gefunden wurde eine Liste."),
        ({"data": {}}, "data.strategy", "Das Feld fehlt."),
        (
            {"text_left_out": "x"},
            "text_left_out",
            "Hier muss eine Liste von Feldnamen stehen, gefunden wurde ein Text.",
        ),
        ({"text_left_out": ["strategy"]}, "text_left_out", "„strategy“ ist kein Freitext von strategy-bar-set."),
    ],
)
def test_what_is_wrong_with_the_envelope(changed: dict[str, Any], field: str, sentence: str) -> None:
    assert (field, sentence) in wrong(**changed)


@pytest.mark.parametrize("moment", ["2019-03-12", "2019-03-12T08:15:00", "gestern", 1552374900, "2019-03-12T25:00:00Z"])
def test_a_moment_has_an_offset(moment: Any) -> None:
    sentence = "Hier steht ein Zeitpunkt mit Abstand zur Weltzeit, zum Beispiel 2019-03-12T08:15:00+01:00."
    assert wrong(recorded_at=moment) == [("recorded_at", sentence)]


@pytest.mark.parametrize(
    ("name", "data", "field", "sentence"),
    [
        ("strategy-bar-set", {"strategy": "integraton"}, "strategy",
         "„integraton“ gibt es hier nicht; möglich sind entwicklung, grundbetreuung-aktivierbar, "
         "grundbetreuung-passiv, integration."),
        ("strategy-bar-set", {"strategy": "integration", "migrated": "ja"}, "migrated",
         "Hier muss true oder false stehen, gefunden wurde ein Text."),
        ("strategy-bar-set", {"strategy": "integration", "strategie": 1}, "strategie",
         "Dieses Feld gibt es bei strategy-bar-set nicht. Meinten Sie „strategy“?"),
        ("strategy-bar-set", {"strategy": "integration", "planned_end": "9999-12-31"}, "planned_end",
         "„9999-12-31“ liegt außerhalb von 01.01.1900 bis 10.03.2036."),
        ("strategy-bar-set", {"strategy": "integration", "rationale": "x" * 16_001}, "rationale",
         "Das ist ein Zeichen zu viel, möglich sind höchstens 16.000 Zeichen. Bitte kürzer fassen."),
        ("strategy-bar-set", {"strategy": "integration", "rationale": "a\u0007"}, "rationale",
         "Der Text enthält ein Steuerzeichen (U+0007)."),
        ("case-opened", {"birth_year": 123456789012345678901234567890}, "birth_year",
         "Die Zahl muss zwischen 1900 und 2100 liegen."),
        ("case-opened", {"birth_year": True}, "birth_year",
         "Hier muss eine ganze Zahl stehen, gefunden wurde ein Wahrheitswert (true/false)."),
        ("case-opened", {"birth_year": "1980"}, "birth_year",
         "Hier muss eine ganze Zahl stehen, gefunden wurde ein Text."),
        ("case-opened", {"unit": " "}, "unit", "Der Text ist leer."),
        ("case-opened", {"unit": "x" * 129}, "unit",
         "Das ist ein Zeichen zu viel, möglich sind höchstens 128 Zeichen. Bitte kürzer fassen."),
        ("employment-started", {"employment": "e", "kind": "geringfuegig", "hours_per_week": 169}, "hours_per_week",
         "Die Zahl muss zwischen 0 und 168 liegen."),
        ("extension-requested", REQUEST | {"options": []}, "options", "Die Liste ist leer."),
        ("extension-requested", REQUEST | {"options": ["a"] * 21}, "options",
         "Die Liste hat 21 Werte, höchstens 20 sind möglich."),
        ("extension-requested", REQUEST | {"options": [1]}, "options",
         "Hier muss ein Text stehen, gefunden wurde eine Zahl."),
        ("extension-requested", REQUEST | {"options": "other"}, "options",
         "Hier muss eine Liste stehen, gefunden wurde ein Text."),
        ("extension-requested", REQUEST | {"justification": None}, "justification",
         "Hier muss ein Text stehen, gefunden wurde nichts (null)."),
        ("clock-pause-ended", {"reason": "x"}, "reason",
         "Dieses Feld gibt es bei clock-pause-ended nicht. Meinten Sie „late_reason“?"),
        ("fact-corrected", {"target": "x", "reason": "y", "data": [1]}, "data",
         "Hier muss ein Objekt stehen, gefunden wurde eine Liste."),
        ("fact-corrected", {"target": "x", "reason": "y", "data": {"foo": 1}}, "data.foo",
         "Dieses Feld gibt es bei keinem Eintrag."),
        ("fact-corrected", {"target": "x", "reason": "y", "data": {"worker": None}}, "data.worker",
         "Das Feld ist nötig und kann nicht entfernt werden."),
        ("fact-corrected", {"target": "x", "reason": "y", "data": {"kind": "xx"}}, "data.kind",
         "Der Wert passt zu keinem Eintrag mit diesem Feld."),
        ("fact-withdrawn", {"target": "", "reason": "y"}, "target", "Der Text ist leer."),
        ("fact-corrected", {"target": "x", "reason": "y", "data": {"data": {"worker": None}}}, "data.data.worker",
         "Das Feld ist nötig und kann nicht entfernt werden."),
        ("fact-corrected", {"target": "x", "reason": "y", "data": {"data": {"foo": 1}}}, "data.data.foo",
         "Dieses Feld gibt es bei keinem Eintrag."),
        ("fact-corrected", {"target": "x", "reason": "y", "data": {"data": {"data": {}}}}, "data.data.data",
         "So tief lässt sich nichts berichtigen; bitte die letzte Berichtigung zurücknehmen."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_data(name: str, data: dict[str, Any], field: str, sentence: str) -> None:
    assert wrong(fact=name, data=data) == [(f"data.{field}", sentence)]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("", "Die Zeile ist kein gültiges JSON."),
        ("{", "Die Zeile ist kein gültiges JSON."),
        ('{"case": NaN}', "Die Zeile ist kein gültiges JSON."),
        ('{"case": "\\ud800"}', "Die Zeile ist kein gültiges JSON."),
        ("[]", "Die Zeile ist kein JSON-Objekt."),
        ("null", "Die Zeile ist kein JSON-Objekt."),
        (b'{"case": "\xff"}', "Die Zeile ist kein gültiges UTF-8."),
        ("[" * 60_000, "Die Zeile ist zu tief geschachtelt."),
        ('{"a":' * 600 + "1" + "}" * 600, "Die Zeile ist zu tief geschachtelt."),
        ('{"data":' * 478 + "{}" + "}" * 478, "Die Zeile ist zu tief geschachtelt."),
        ('{"on": 1e999}', "Die Zeile enthält eine zu große Zahl."),
        ('{"on": ' + "9" * 5_000 + "}", "Die Zeile enthält eine zu große Zahl."),
        ("x" * (LONGEST + 1), "Die Zeile hat 65537 Byte, höchstens 65536 sind möglich."),
    ],
)
def test_what_is_no_line_at_all(raw: str | bytes, sentence: str) -> None:
    assert refused(raw) == [("", sentence)]


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ('{"case": "C-1", "case": "C-2"}', "case"),
        ('{"data": {"strategy": 1, "strategy" : 2}}', "strategy"),
        ('{"data": {"data": [{"a": 1, "\\u0061": 2}]}}', "a"),
    ],
)
def test_a_doubled_key_is_refused_at_any_depth(raw: str, key: str) -> None:
    assert refused(raw) == [(key, "Der Schlüssel steht doppelt in der Zeile.")]


def test_a_text_may_look_like_a_key() -> None:
    said = 'Er sagt "strategy": das ist "case": gut\n'
    assert taken(data=BAR | {"rationale": said}).entry.fact == StrategyBarSet(strategy="integration", rationale=said)


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = wrong(case="C 1", on="2019-02-30", by=5, x=1, data={"strategie": 1})
    assert [field for field, _ in found] == ["x", "case", "on", "by", "data.strategie", "data.strategy"]


def test_staff_and_units_have_lines_of_their_own() -> None:
    role = {"person": "fm-7", "fact": "role-assigned", "on": "2019-01-01", "data": {"role": "case_manager"}}
    assert read(json.dumps(role).encode(), FRAME)[:2] == (Stream.PERSON, "fm-7")
    of_case = {**role, "case": "C-1"}
    del of_case["person"]
    sentence = "role-assigned gehört zu einer Person (person), nicht zu einem Fall (case)."
    assert refused(json.dumps(of_case)) == [("case", sentence)]


def test_texts_may_be_left_out() -> None:
    data = {key: value for key, value in REQUEST.items() if key not in ("facts_text", "justification")}
    entry = taken(
        fact="extension-requested", data=data | {"facts_text": None}, text_left_out=["facts_text", "justification"]
    ).entry
    assert isinstance(entry.fact, ExtensionRequested)
    assert (entry.fact.facts_text, entry.fact.justification) == ("", "")
    assert entry.text_left_out == ("facts_text", "justification")


def test_a_text_is_either_left_out_or_there() -> None:
    found = wrong(fact="extension-requested", data=REQUEST, text_left_out=["facts_text"])
    assert found == [("text_left_out", "„facts_text“ ist als ausgelassen genannt und trotzdem ausgefüllt.")]


def test_a_correction_may_leave_out_the_texts_it_changes() -> None:
    data = {"target": "v-1", "reason": None, "data": {"justification": None}}
    entry = taken(fact="fact-corrected", data=data, text_left_out=["reason", "data.justification"]).entry
    assert entry.fact == FactCorrected(target="v-1", reason="", data={"justification": ""})


@pytest.mark.parametrize("changed", ["abc", [], 5, {"data": "abc"}, {"data": []}])
def test_a_text_cannot_be_left_out_of_what_is_no_object(changed: Any) -> None:
    data = {"target": "t", "reason": "r", "data": changed}
    for key in ("data.reason", "data.data.reason"):
        assert wrong(fact="fact-corrected", data=data, text_left_out=[key])
    assert can_be_left_out("fact-corrected", "data.data.reason")
    assert not can_be_left_out("fact-corrected", "data.data.data.reason")


def test_ids_codes_and_names_are_kept_composed_and_without_blanks_at_their_ends() -> None:
    data = {"worker": " Müller ", "unit": "56.4 ", "area": "av-ags", "late_reason": " über Nacht "}
    entry = taken(fact="responsibility-assigned", id=" ä:1 ", by="Müller ", data=data).entry
    assert (entry.id, entry.by) == ("ä:1", "Müller")
    fact = ResponsibilityAssigned(worker="Müller", unit="56.4", area="av-ags", late_reason=" über Nacht ")
    assert entry.fact == fact
    changed = {"worker": "ü ", "data": {"worker": " ü", "text": " ü"}}
    corrected = taken(fact="fact-corrected", data={"target": " ä:1", "reason": "x", "data": changed}).entry.fact
    inner = {"worker": "ü", "text": " ü"}
    assert corrected == FactCorrected(target="ä:1", reason="x", data={"worker": "ü", "data": inner})


def test_a_moment_is_cut_and_never_rounded() -> None:
    entry = taken(recorded_at="2019-03-12T23:59:59.9999999+01:00").entry
    assert entry.recorded_at == dt.datetime(2019, 3, 12, 22, 59, 59, 999_999, tzinfo=dt.UTC)
    assert taken(recorded_at="1899-12-31T23:00:00+00:00").entry.recorded_at == FIRST


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
likely = st.sampled_from(["C-1", "strategy-bar-set", "2019-03-10", "fact-corrected", "integration", "x", 1980, None])
keys = (*GOOD, "id", "person", "recorded_at", "by", "text_left_out", "x")


def reasons_of(raw: bytes) -> list[tuple[str, str]] | None:
    """None if it is a line, else at least one sentence; nothing else may come of any bytes."""
    try:
        read(raw, FRAME)
    except Refused as refusal:
        return [tuple(reason) for reason in refusal.reasons]
    return None


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(raw: bytes) -> None:
    assert reasons_of(raw) != []


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(keys, likely | json_values)))
def test_no_envelope_crashes_the_reader(document: dict[str, Any]) -> None:
    found = reasons_of(json.dumps(document).encode())
    assert found != []
    assert all(sentence.endswith((".", "?")) for _, sentence in found or [])


@given(st.data())
def test_a_reason_is_named_exactly_when_the_data_do_not_fit(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FACTS)))
    fields = [field.encode_name for field in msgspec.structs.fields(FACTS[name])]
    words = ["integration", "x", "2019-03-10", "other", "m", "yes", "sv-pflichtig", "phone", "fallmanagement", "end"]
    value = st.sampled_from([*words, ["other"], {}, 1980, 3, 2.5, True, None]) | json_values
    drawn = data.draw(st.dictionaries(st.sampled_from(fields), value, max_size=len(fields)))
    reasons = data_reasons(name, drawn, (), FRAME.latest)
    line = {"case": "C-1", "on": "2019-03-10", "fact": name, "data": drawn}
    found = reasons_of(json.dumps(line).encode()) or []
    assert [reason for reason in found if reason[0].startswith("data")] == reasons


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("case-statement-given", {"category": "other", "rule": "Schulden"}, "data.rule"),
        ("case-statement-given", {"category": "other", "survey": "hat Schulden"}, "data.survey"),
        ("responsibility-assigned", {"worker": "w", "unit": "56.4", "area": "av-ags", "team": "T" * 33}, "data.team"),
        ("responsibility-assigned", {"worker": "w", "unit": "56.4", "area": "av-ags", "team": "Frau Ä"}, "data.team"),
        ("role-assigned", {"role": "case_manager", "unit": "56.4", "team": "0001-01-01T00:00:00+14:00"}, "data.team"),
        ("rule-set", {"rule": "R-4", "state": "on", "source": "x", "approved_by": "y"}, "data.rule"),
        ("fact-corrected", {"target": "t", "reason": "x", "data": {"rule": "Schulden"}}, "data.data.rule"),
    ],
)
def test_what_stays_in_clear_after_an_erasure_is_a_code_and_no_text(
    name: str, data: dict[str, Any], field: str
) -> None:
    (reason,) = data_reasons(name, data, (), dt.date(2030, 1, 1))
    assert (reason.field, reason.sentence.endswith(" ist kein Kürzel.")) == (field, True)
    whose = {"case": {"case": "C-1"}, "person": {"person": "fm-1"}, "office": {"office": "rules"}}[stream_of(name)]
    line = {**whose, "on": "2019-03-10", "fact": name, "data": data}
    assert reasons_of(json.dumps(line).encode()) == [reason]


def test_codes_of_later_rules_and_of_surveys_are_history() -> None:
    data = {"category": "other", "rule": "R-23b", "survey": "qs-2-2020"}
    assert data_reasons("case-statement-given", data, (), dt.date(2030, 1, 1)) == []
