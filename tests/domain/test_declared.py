"""What facts, wishes and dialogues say about themselves is whole, and agrees with what reads it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

from domain import clocks, handovers, violations
from domain.actions import Action
from domain.decisions import recording
from domain.decisions.admission import admitted, needed
from domain.decisions.recording import OWN_WISHES, unchecked
from domain.decisions.wishes import RecordFact, Wish
from domain.dialogues import DIALOGUES, Subject
from domain.facts import CODE_WORDS, FACTS, FIELD_WORDS, Lane, Mark, Stream, declared, marks, name_of, stream_of
from domain.facts.base import Beside, worded
from domain.facts.support import MeasureEnded
from domain.permissions import TABLE, Relation
from domain.rules import RULES

OF_A_CASE = [name for name in FACTS if stream_of(name) is Stream.CASE]
READ = clocks.READS | handovers.READS | violations.READS | {kind for rule in RULES.values() for kind in rule.reads}


def _codes(hint: Any) -> set[str]:
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {code for part in get_args(hint) for code in _codes(part)}


@pytest.mark.parametrize("name", OF_A_CASE)
def test_a_fact_has_a_meaning(name: str) -> None:
    """A lane of the timeline shows it, or it is about other facts, or a list shows it and nothing reads it."""
    match declared(name).lane:
        case Lane():
            pass
        case Beside.ABOUT_FACTS:
            assert marks(name)["target"] is Mark.TARGET
        case Beside.SHOWN_ONLY:
            assert FACTS[name] not in READ


@pytest.mark.parametrize("name", OF_A_CASE)
def test_a_fact_its_fields_and_codes_have_words(name: str) -> None:
    said = declared(name)
    assert said.german
    assert said.day
    for field in msgspec.structs.fields(FACTS[name]):
        assert field.encode_name in FIELD_WORDS
        assert _codes(field.type) <= CODE_WORDS.keys(), field.encode_name


@pytest.mark.parametrize("name", OF_A_CASE)
def test_what_ends_stands_on_the_lane_and_about_the_thing_of_what_began(name: str) -> None:
    said = declared(name)
    assert not (said.begins and said.ends)
    if said.thing is not None:
        assert marks(name)[said.thing] is Mark.THING
    if said.ends is not None:
        began = declared(next(other for other in FACTS if FACTS[other] is said.ends))
        assert began.begins
        assert (began.lane, began.thing) == (said.lane, said.thing)


def test_two_facts_with_one_name_would_not_be_told_apart() -> None:
    names = [declared(name).german for name in OF_A_CASE]
    assert len(names) == len(set(names))


def test_who_may_record_a_fact_may_also_wish_it_by_its_own_wish() -> None:
    for name, wish in OWN_WISHES.items():
        assert declared(name).action is needed(wish)


def test_a_fact_has_a_form_or_a_wish_of_its_own() -> None:
    elsewhere = {"explanation-accepted", "legacy-closed", "same-thing-noted"}  # a lead, an import
    assert {name for name in OF_A_CASE if declared(name).form is None} - elsewhere == OWN_WISHES.keys()


def test_one_word_for_one_field() -> None:
    with pytest.raises(ValueError, match="two words for measure"):
        worded(fields={"measure": "Kurs"}, codes={})


def test_a_fact_that_says_something_about_another_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unchecked() == []
    rows = {kind: check for kind, check in recording.CHECKS.items() if kind is not MeasureEnded}
    monkeypatch.setattr(recording, "CHECKS", rows)
    assert unchecked() == [name_of(MeasureEnded(measure="M-1"))]


def test_every_wish_needs_an_action_and_only_one_leaves_it_to_its_fact() -> None:
    assert [kind for kind in get_args(Wish) if needed(kind) is None] == [RecordFact]


def test_only_the_next_level_decides_without_a_relation() -> None:
    of_cases = [action for action in Action if Relation.NONE not in TABLE[action]]
    assert [action for action in of_cases if admitted(action, {"management"}, Relation.NONE, 2)] == [Action.DECIDE]
    assert not [action for action in of_cases if admitted(action, {"management"}, Relation.NONE, 1)]


FORGOTTEN = {
    "a wish": ("domain/decisions/admission.py", r"wishes\.Snooze \| wishes\.Dispute", "wishes.Snooze", "Dispute"),
    "an action": ("domain/permissions.py", r"    Action\.SNOOZE: _LEADING,\n", "", "snooze"),
    "a check": ("domain/decisions/recording.py", r"    support\.Alg1Ended: _alg1_ended,\n", "", "alg1-ended"),
    "a fact": ("domain/facts/support.py", r"        action=Action\.RECORD,\n", "", "action"),
    "a dialogue": ("domain/dialogues/later.py", r"    action=Action\.SNOOZE,\n", "", "action"),
}


@pytest.mark.parametrize("what", FORGOTTEN)
def test_a_program_that_forgets_a_permission_does_not_start(
    what: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    path, pattern, instead, named = FORGOTTEN[what]
    shutil.copytree(pytestconfig.rootpath / "domain", tmp_path / "domain")
    module = tmp_path / path
    text, count = re.subn(pattern, instead, module.read_text(encoding="utf-8"), count=1)
    assert count == 1
    module.write_text(text, encoding="utf-8")
    start = "import domain.dialogues, domain.decisions.admission, domain.decisions.recording"
    ended = subprocess.run([sys.executable, "-c", start], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert named in ended.stderr.splitlines()[-1]


def test_a_dialogue_says_what_it_is_about() -> None:
    for dialogue in DIALOGUES.values():
        assert dialogue.button
        assert not dialogue.direct or dialogue.subject is Subject.FOLLOW_UPS or dialogue.action is Action.RECORD
        assert (dialogue.action is Action.SNOOZE) == (dialogue.subject is Subject.FOLLOW_UPS)
        if dialogue.typed is not None and dialogue.typed.day_step:
            assert dialogue.typed.day_step in {step.key for step in dialogue.steps}
    words = [word for dialogue in DIALOGUES.values() if dialogue.typed for word in dialogue.typed.commands]
    assert len(words) == len(set(words))


def test_every_option_of_a_rule_is_answered_by_a_dialogue_or_an_entry() -> None:
    elsewhere = {"appointment", "offer"}  # answered with one tap beside each appointment, each offered case
    places = [dialogue.in_message for dialogue in DIALOGUES.values() if dialogue.in_message]
    answered = [place.option for place in places if place.option]  # the others may be said of every message
    entered = [form.option for name in OF_A_CASE if (form := declared(name).form) and form.option]
    assert len(answered + entered) == len({*answered, *entered})
    options = {option for rule in RULES.values() for option in rule.options}
    assert options == {*answered, *entered} | elsewhere
