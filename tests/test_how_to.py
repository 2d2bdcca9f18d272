"""The pages in docs/how-to are followed to the letter, in a copy of the repository: what they add works, what is
forgotten is named by what the page says names it.

A page is read like this: a line that ends with a colon says into which file the next block goes, and where:

    New file `PATH`:
    At the end of `PATH`:
    In `PATH`, before `LINE`:      (or `after`, or `in place of`: the first line that contains it)

A line `Forgotten: ...` behind a block says in backquotes what is named when the page is followed without it. The blocks
marked `sh` are what is typed at the end, and a line `Shows: ...` behind one says what it must answer.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(path for path in (ROOT / "docs" / "how-to").glob("*.md") if path.stem != "profile")
COPIED = ("domain", "notifications", "services", "workers", "tests", "docs")
PURE = ("tests/domain/", "tests/notifications/")
FILES = ("fallverlauf.py", "pyproject.toml", ".env.example")
NOT_COPIED = shutil.ignore_patterns("browser", "chaos", "compose", "images")

BLOCK = re.compile(
    r"(?:^([^\n`]*?) ?`([^`\n]+)`(?:, (before|after|in place of) `([^`\n]+)`)?:\n\n)?^```(\w+)\n(.*?)^```\n",
    re.M | re.S,
)
BEHIND = re.compile(r"\n(Forgotten|Shows): (.+)\n")
SAID = re.compile(r"`([^`]+)`")


class Block(NamedTuple):
    """One block of a page: its language, its text, where it goes, and what the line behind it says."""

    language: str
    text: str
    path: str
    where: str
    line: str
    said: tuple[str, ...]

    @property
    def typed(self) -> bool:
        return self.language == "sh"

    def put(self, root: Path) -> None:
        """Writes the block where the page says."""
        path = root / self.path
        if self.where == "new":
            assert not path.exists(), f"{self.path} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.text, encoding="utf-8")
            return
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = len(lines)
        if self.where != "end":
            at = next((at for at, line in enumerate(lines) if self.line in line), -1)
            assert at >= 0, f"{self.path} has no line {self.line!r}"
        cut = slice(at + (self.where == "after"), at + (self.where in ("after", "in place of")))
        apart = "\n\n" if self.path.endswith(".py") and not self.text.startswith((" ", "from ")) else ""
        before, behind = (apart, "") if self.where == "end" else ("", apart if self.where == "before" else "")
        lines[cut] = [before + self.text + behind]
        path.write_text("".join(lines), encoding="utf-8")


def blocks(page: Path) -> list[Block]:
    """The blocks of a page in their order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for block in BLOCK.finditer(text):
        how, path, where, line, language, inner = block.groups()
        behind = BEHIND.match(text, block.end())
        said = tuple(SAID.findall(behind[2])) if behind else ()
        where = where or {"New file": "new", "At the end of": "end"}.get(how or "", "")
        found.append(Block(language, inner, path or "", where, line or "", said))
    assert all(block.typed or block.where for block in found), f"{page.name}: a block goes nowhere"
    return found


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the pages touch and of the tests they name."""
    copy = tmp_path_factory.mktemp("repository")
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=NOT_COPIED)
    for name in FILES:
        shutil.copy2(ROOT / name, copy / name)
    return copy


def follow(repository: Path, tmp_path: Path, page: list[Block], without: Block | None = None) -> Path:
    """A copy in which the page has been followed, but for one block."""
    root = tmp_path / "followed"
    shutil.copytree(repository, root)
    for block in page:
        if not block.typed and block != without:
            block.put(root)
    return root


def type_in(root: Path, page: list[Block]) -> tuple[int, str]:
    """Types what the page says until something fails: the exit status, and all that was answered."""
    output = ""
    for block in (block for block in page if block.typed):
        for command in block.text.splitlines():
            status, answer = run(root, command)
            output += answer
            if status:
                return status, output
    return 0, output


def run(root: Path, command: str) -> tuple[int, str]:
    """One command by this Python. Tests of the domain start without what only others need: they are many."""
    name, *given = shlex.split(command)
    plain = ["--noconftest"] if all(path.startswith(PURE) for path in given if path.startswith("tests/")) else []
    started = {
        "make": ["tests/test_docs.py"],
        ".venv/bin/fallverlauf": ["fallverlauf.py", *given],
        ".venv/bin/pytest": ["-m", "pytest", "-p", "no:cacheprovider", *plain, *given],
    }
    env = {**os.environ, "PYTHONPATH": str(root), "FALLVERLAUF_DATA": str(root / "var")}
    done = subprocess.run(
        [sys.executable, *started[name]],
        cwd=root,
        env=env | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


FORGOTTEN = [
    pytest.param(page, number, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, block in enumerate(blocks(page))
    if not block.typed and block.said
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_who_follows_the_page_gets_what_it_says(page: Path, repository: Path, tmp_path: Path) -> None:
    steps = blocks(page)
    status, output = type_in(follow(repository, tmp_path, steps), steps)
    assert status == 0, output
    assert [said for step in steps if step.typed for said in step.said if said not in output] == [], output


@pytest.mark.parametrize(("page", "number"), FORGOTTEN)
def test_what_is_forgotten_is_named(page: Path, number: int, repository: Path, tmp_path: Path) -> None:
    steps = blocks(page)
    status, output = type_in(follow(repository, tmp_path, steps, without=steps[number]), steps)
    assert status != 0, output
    assert [said for said in steps[number].said if said not in output] == [], output
