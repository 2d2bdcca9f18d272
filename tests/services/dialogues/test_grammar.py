"""Typed German: commands with typing errors, names and numbers as they stand, and nothing left out or turned round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dialogues import DIALOGUES
from services.dialogues.grammar import LONGEST, Understood, understand
from services.dialogues.vocabulary import COMMANDS, NEGATIONS
from tests.services.dialogues.phrases import PHRASES, PLAIN_CASES, TODAY

TABLE = [tuple(part.strip() for part in line.split("|")) for line in PHRASES.strip("\n").splitlines()]
READ = ("case", "day", "until", "time", "name", "subject", "strategy")


def known(number: str) -> str | None:
    return number.upper() if number.upper() in PLAIN_CASES else None


def heard(text: str) -> Understood:
    return understand(text, TODAY, known=known)


def spoken(found: Understood) -> str:
    """What was read, as the table writes it."""
    said = [f"{key}={getattr(found, key)}" for key in READ if getattr(found, key)]
    marks = [word for word, is_so in (("refused", found.refused), ("guessed", found.guessed)) if is_so]
    return " ".join([found.command or "?", *said, *marks])


def words(reading: str) -> list[str]:
    """A reading with its parts in one order."""
    parts: list[str] = []
    for part in reading.split():
        if "=" in part or part in ("refused", "guessed") or not parts or "=" not in parts[-1]:
            parts.append(part)
        else:
            parts[-1] += f" {part}"
    return [parts[0], *sorted(parts[1:])]


@pytest.mark.parametrize(("text", "reading"), TABLE, ids=[text or "nothing" for text, _ in TABLE])
def test_what_people_type(text: str, reading: str) -> None:
    found = heard(text)
    wanted = words(reading)
    if wanted[0] == "?":
        offered = {part for part in wanted[1:] if "=" not in part and part != "refused"}
        assert found.command is None
        assert offered <= {option.command for option in found.options}
        assert [part for part in wanted if "=" in part] == [f"name={found.name}"] * bool(found.name)
        assert ("refused" in wanted) == bool(found.refused)
    else:
        assert words(spoken(found)) == wanted


def test_the_table_is_long_enough() -> None:
    assert len({text for text, _ in TABLE}) >= 340


@pytest.mark.parametrize("text", [text for text, reading in TABLE if reading.startswith("?")])
def test_where_it_asks_nothing_is_sure_and_something_is_offered(text: str) -> None:
    found = heard(text)
    assert not found.sure
    assert 0 < len(found.options) <= 3
    assert {option.command for option in found.options} <= COMMANDS.keys()


@pytest.mark.parametrize("row", COMMANDS.values(), ids=COMMANDS)
def test_the_example_of_a_command_means_it(row) -> None:  # type: ignore[no-untyped-def]
    assert heard(row.example).command == row.code
    assert heard(row.example).sure


@pytest.mark.parametrize("text", [text for text, reading in TABLE if reading.startswith("?")])
def test_a_button_types_what_it_says(text: str) -> None:
    for option in heard(text).options:
        again = heard(option.text)
        assert again.command == option.command or again.name


@pytest.mark.parametrize("thing", ["ALG I", "ALG", "Arbeitslosengeld I", "Arbeit", "Minijob", "Maßnahme"])
def test_what_names_another_thing_never_means_or_offers_a_deed_of_the_strategy(thing: str) -> None:
    deeds = {row.code for row in COMMANDS.values() if row.strategy}
    for word in (word for code in deeds for word in COMMANDS[code].words):
        found = heard(f"{thing} {word}")
        assert not deeds & {found.command, *(option.command for option in found.options)}, word


def test_every_command_of_a_dialogue_is_one() -> None:
    called = {code for dialogue in DIALOGUES.values() if dialogue.typed for code in dialogue.typed.commands}
    assert called <= COMMANDS.keys()


def test_what_ends_or_withdraws_is_never_guessed() -> None:
    for row in (one for one in COMMANDS.values() if one.guarded):
        for word in row.words:
            for wrong in {word[:at] + word[at + 1 :] for at in range(len(word))} - set(row.words):
                assert heard(wrong).command != row.code or heard(wrong).command is None, wrong


@given(st.sampled_from([one for one in COMMANDS.values() if not one.first]), st.sampled_from(sorted(NEGATIONS)))
def test_a_command_denied_is_none(row, negation: str) -> None:  # type: ignore[no-untyped-def]
    if row.code in ("held", "missed", "dispute", "confirm", "cancel"):
        return
    for word in row.words:
        assert heard(f"{negation} {word}").command in (None, "cancel" if negation == "nicht" else None)


@given(st.text(max_size=LONGEST + 20))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    found = heard(text)
    assert found.sure or found.refused or found.options


@given(st.sampled_from([text for text, reading in TABLE if not reading.startswith("?")]), st.text("xyzqj", min_size=5))
def test_nothing_typed_is_left_out(text: str, more: str) -> None:
    before, after = heard(text), heard(f"{text} {more}")
    assert not after.sure or more in f"{after.name} {after.subject}" or before.command is None


def test_what_is_too_long_is_not_cut() -> None:
    found = heard("verlängern bis 30.6. " + "x" * LONGEST + " nicht")
    assert (found.command, found.why) == (None, "long")


def test_the_case_in_focus_counts_where_none_is_named() -> None:
    assert understand("verlängern", TODAY, case="C-1").case == "C-1"
    assert understand("verlängern C-2", TODAY, case="C-1").case == "C-2"
