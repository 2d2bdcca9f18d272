"""What counts of a module's text and what does not; the same digest whichever Python reads it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.records import sources

ROOT = Path(sources.__file__).parents[2]
TEXT = '''
"""What it is."""

from __future__ import annotations


class Place(NamedTuple):
    """A place."""

    name: str = "Göttingen"
    share: float = 0.5


async def said(place: Place, /, *more: int, at: int = -1) -> str | None:
    """What is said."""
    found = {one: f"{one!r:>{at}} of {place.name}" for one in more if one % 2}  # no comment
    if not found:
        return f"{{none}} {at=} {at + 1:02d}" "," f"{place.name:}" + u"ß\\u2028"
    found |= {len(rb"\\d"): 1_000}
    with open("x") as first, open("y") as second:
        match found:
            case {1: str() as one, **rest}:
                return one
    return ...
'''
DIGEST = "0d5bb7434d68398f25e224a152473bab81e3e45b5b33f26b0a55df88d349ce99"


def test_the_digest_is_the_same_on_every_python() -> None:
    assert sources.digest([sources.normal(TEXT)]) == DIGEST


ASKED = """
import sys
from pathlib import Path
from services.records import sources
files = sorted(Path("domain").rglob("*.py"))
print(sources.digest(sources.normal(text) for text in [sys.stdin.read(), *(file.read_text("utf-8") for file in files)]))
"""


def others() -> list[str]:
    """The other supported Pythons at hand: on the path, or installed beside this one."""
    names = [f"python3.{minor}" for minor in range(11, 15)]
    found = [shutil.which(name) for name in names]
    found += [str(path) for name in names for path in Path(sys.base_prefix).parent.glob(f"*/bin/{name}")]
    return [
        one for one in found if one and not subprocess.run([one, "-V"], capture_output=True, check=False).returncode
    ]


def test_every_python_at_hand_reads_the_same() -> None:
    """Of a text with all that versions see differently, and of the whole domain."""
    found = {
        subprocess.run(
            [python, "-c", ASKED], input=TEXT, capture_output=True, encoding="utf-8", check=True, cwd=ROOT
        ).stdout
        for python in (sys.executable, *others())
    }
    assert len(found) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  # no comment", ""),
        ('"""What it is."""', '"""What it was, at length."""'),
        ('    """What is said."""\n', ""),
        ('"Göttingen"', "'Göttingen'"),
        ("\n\n\nasync", "\n\n\n\n# so\nasync"),
        ("more if one % 2}", "more\n        if (one % 2)}"),
        ("0.5", "0.50"),
    ],
)
def test_comments_docstrings_and_layout_do_not_count(before: str, after: str) -> None:
    assert before in TEXT
    assert sources.normal(TEXT.replace(before, after)) == sources.normal(TEXT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("0.5", "0.25"),
        ("at: int = -1", "at: int = 1"),
        ("% 2", "% 3"),
        ("Göttingen", "Duderstadt"),
        ("!r:", "!s:"),
        ("} of {", "} in {"),
        ("02d", "03d"),
        ("/, *more", "*more"),
        ("= -1)", "= True)"),
        ("return ...", 'return "..."'),
        ("async def", "def"),
    ],
)
def test_everything_else_counts(before: str, after: str) -> None:
    assert before in TEXT
    assert sources.normal(TEXT.replace(before, after)) != sources.normal(TEXT)


def test_a_module_counts_with_all_that_it_imports() -> None:
    found = sources.closure(["domain.rules.bars"], without={"domain.clocks"})
    assert {"domain.rules.bars", "domain.periods", "domain.facts.strategy", "domain.timeline"} <= found
    assert "domain.clocks" not in found
    assert "domain.rules.benefit" not in found


def test_who_asks_the_calendar_counts_the_holidays_of_the_library() -> None:
    assert sources.DAYS in sources.closure(["domain.calendar"])
    assert sources.said([sources.DAYS]) != sources.said([])
