"""Whoever has only the repository can follow every citation: of the two documents, of a rule, of a question, of a file.

"Fachkonzept 3.1 no. 9" is number 9 of section 3.1 of docs/fachkonzept.md, "Vertrag 2" a section of docs/vertrag.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.test_house import ROOT, texts

DOCS = ROOT / "docs"
DOCUMENTS = {"Fachkonzept": "fachkonzept.md", "Vertrag": "vertrag.md"}
READ = {".py", ".md", ".toml", ".html", ".j2", ".yml"}
NO_RULE = {"R-98", "R-99"}  # what the page about rules and tests call one that does not exist

CITED = re.compile(rf"\b({'|'.join(DOCUMENTS)})(?:'s)? (?=\d)")
PLACE = re.compile(r"(\d+(?:\.\d+)?)?(?: ?no\. (\d+[a-z]?))?")
NEXT = re.compile(r"(?:,| and) (?=\d|no\. \d)")
RULE = re.compile(r"\bR-\d\d[a-z]?\b")
TIMELINE = re.compile(r"\bG\d+b?\b")
ACCEPTANCE = re.compile(r"\bA-(?:Q\d|BA|NRW)-\d\d\b")
QUESTION = re.compile(r"\b[Qq]uestions? (\d+(?:(?:, | and | to )\d+)*)")
FILE = re.compile(r"[\w./-]*[\w-]+\.md\b")
HEADING = re.compile(r"\barchitecture\.md, ([A-Z][a-z]+(?: [a-z]+)*)")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


@cache
def document(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@cache
def places(name: str) -> frozenset[str]:
    """What can be cited of a document: its sections ("3.1"), and their numbered items ("3.1 no. 9")."""
    found, section = set(), ""
    for line in document(name).splitlines():
        if heading := re.match(r"##+ (\d+(?:\.\d+)?)\.? ", line):
            section = heading[1]
            found.add(section)
        elif item := re.match(r"(?:- )?(\d+[a-z]?)[.:] ", line):
            found.add(f"{section} no. {item[1]}")
    return frozenset(found)


@cache
def named() -> frozenset[str]:
    """What the Fachkonzept names by itself: rules, golden timelines, acceptance tests, audit questions."""
    text = document("fachkonzept.md")
    rows = re.findall(r"(?m)^\| (?:\*\*)?(R-\d\d[a-z]?|G\d+b?|A-Q\d-\d\d)\b", text)
    questions = [place.removeprefix("6 no. ") for place in places("fachkonzept.md") if place.startswith("6 no. ")]
    return frozenset([*rows, *re.findall(r"\b(A-[A-Z]+-\d\d):", text), *(f"question {one}" for one in questions)])


def cited(text: str) -> Iterator[tuple[str, str]]:
    """Each place that a text cites: (document, place). A line may end within a citation."""
    text = re.sub(r"\s*\n[ \t]*(?:# )?", " ", text)
    for start in CITED.finditer(text):
        section, at = "", start.end()
        while place := PLACE.match(text, at):
            section = place[1] or section
            yield DOCUMENTS[start[1]], f"{section} no. {place[2]}" if place[2] else section
            if not (more := NEXT.match(text, place.end())):
                break
            at = more.end()


def names(text: str) -> Iterator[str]:
    """Each rule, timeline, acceptance test and question that a text names."""
    for pattern in (RULE, TIMELINE, ACCEPTANCE):
        yield from pattern.findall(text)
    for numbers in QUESTION.findall(text):
        yield from (f"question {number}" for number in re.findall(r"\d+", numbers))


def missing(text: str) -> list[str]:
    """What a text cites and the two documents do not have."""
    lost = [f"{document}: {place}" for document, place in cited(text) if place not in places(document)]
    return [*lost, *(name for name in names(text) if name not in named() | NO_RULE)]


def lost_files(path: Path, text: str) -> list[str]:
    """The documents that a text names, and the links and headings in it, that lead nowhere in the repository."""
    near = (path.parent, ROOT, DOCS, DOCS / "decisions", DOCS / "how-to")
    wanted = [*FILE.findall(text), *(LINK.findall(text) if path.suffix == ".md" else [])]
    lost = [name for name in wanted if not any((folder / name).exists() for folder in near)]
    headings = re.findall(r"(?m)^##+ (.+)$", document("architecture.md"))
    return [*lost, *(heading for heading in HEADING.findall(text) if heading not in headings)]


def sources() -> Iterator[tuple[Path, str]]:
    """Every text that may cite; not this one, which says what cannot be followed."""
    return ((path, text) for path, text in texts() if path.suffix in READ and path != Path(__file__))


def test_every_citation_can_be_followed() -> None:
    lost = {str(path.relative_to(ROOT)): missing(text) for path, text in sources()}
    assert {name: found for name, found in lost.items() if found} == {}


def test_every_document_that_is_named_lies_in_the_repository() -> None:
    lost = {str(path.relative_to(ROOT)): lost_files(path, text) for path, text in sources()}
    assert {name: found for name, found in lost.items() if found} == {}


def test_the_documents_hold_what_is_counted_in_them() -> None:
    rules = {name for name in named() if name.startswith("R-")}
    assert {"R-01", "R-02b", "R-17b", "R-23b", "R-47"} <= rules
    assert len([name for name in named() if name.startswith("question ")]) == 56
    defined = {place for place in places("fachkonzept.md") if place.startswith("6.1 no. ")}
    assert defined == {f"6.1 no. {number}" for number in range(1, 57)}
    assert sum(1 for _ in cited("\n".join(text for _, text in sources()))) > 100


@pytest.mark.parametrize(
    "text",
    [
        "Fachkonzept 3.5",
        "(Fachkonzept 3.1 no. 9, 14.2)",
        "Fachkonzept 3.1 no. 99",
        "Fachkonzept 2.0, 3.1 no. 4 and no. 99",
        "as the Fachkonzept 3.0\n    # and 33 say",
        "Vertrag 7",
        "R-48",
        "R-02c",
        "G10",
        "A-Q2-19",
        "questions 9, 25 and 57",
    ],
)
def test_a_place_that_does_not_exist_would_be_seen(text: str) -> None:
    assert len(missing(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Fachkonzept 3.1 no. 1a; QS 2/2020, 9.9",
        "(Fachkonzept 2.0, 3.2 R-18)",
        "(Vertrag 2,\n    Fachkonzept 1.1, 1.2).",
        "question 9",
    ],
)
def test_a_place_that_exists_is_found(text: str) -> None:
    assert missing(text) == []


@pytest.mark.parametrize(
    "text", ["see domain.md", "pages.md 4", "[x](decisions/0000-none.md)", "architecture.md, No room"]
)
def test_a_document_that_is_not_here_would_be_seen(text: str) -> None:
    assert lost_files(DOCS / "betrieb.md", text) != []
