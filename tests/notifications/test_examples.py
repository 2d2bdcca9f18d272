"""Every text stands with example data: each name it asks for has one, and another wording is another version."""

from __future__ import annotations

from jinja2 import meta

from domain.rules import RULES
from notifications import render
from notifications.examples import DATA, OTHERWISE, examples


def test_each_name_a_text_asks_for_has_an_example() -> None:
    asked = set[str]()
    for path in (render.TEXTS / "rules").glob("*.j2"):
        asked |= meta.find_undeclared_variables(render.environment().parse(path.read_text(encoding="utf-8")))
    assert asked - render.environment().globals.keys() - {"stage", "today"} <= DATA.keys() | OTHERWISE.keys()


def test_every_stage_says_something_whole() -> None:
    found = examples()
    assert [(one.rule, one.stage) for one in found] == [
        (rule, one) for rule in sorted(RULES) for one in RULES[rule].stages
    ]
    assert all(said.endswith((".", "?", "!")) and "  " not in said for one in found for said in one.says)
    assert len({one.version for one in found}) == len(RULES)


def test_the_words_of_the_office_are_another_version() -> None:
    shipped = {(one.rule, one.stage): one for one in examples()}
    own = {(one.rule, one.stage): one for one in examples({"rules/R-04": "Seit {months} Monaten <b>Integration</b>."})}
    assert own["R-04", "check"].says == ("Seit 6 Monaten <b>Integration</b>.",)
    changed = {key for key in shipped if shipped[key] != own[key]}
    assert changed == {("R-04", "check")}
    assert shipped["R-04", "check"].version != own["R-04", "check"].version
