"""A fault planted in a copy of domain/, and whether the tests of that copy find it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LAWS = ("test_knowledge.py", "test_rules_days.py", "test_laws.py")  # the quick ones first
NUMBERS = ("test_thresholds.py",)
STATES = ("test_rule_states.py",)
VIOLATIONS = ("test_violations.py",)
DAYS = ("test_followups.py",)  # what is said day by day of the life of a follow-up
FAILED = re.compile(r"^FAILED tests/domain/(.*?)(?: - .*)?$", re.MULTILINE)
CONFTEST = '''"""What runs here is the copy, not the work tree."""
from pathlib import Path

import domain

assert Path(domain.__file__).parent == Path(__file__).parents[1] / "domain"
pytest_plugins = ["tests.profiles"]
'''


class Mutation(NamedTuple):
    """`old`, which stands once in the module of domain/, becomes `new`; the tests in `by` have to find it."""

    name: str
    module: str
    old: str
    new: str
    by: tuple[str, ...] = LAWS


def stands(mutation: Mutation) -> int:
    """How often what is to be changed stands in its module."""
    return _source(mutation).count(mutation.old)


def found_by(mutation: Mutation, folder: Path) -> str | None:
    """The first test that fails on a copy of domain/ with the fault in it; None if all of them pass.

    Raises RuntimeError if the copy could not be tested at all: such a fault is found by nobody.
    """
    _copy(folder)
    mutated = _source(mutation).replace(mutation.old, mutation.new)
    (folder / "domain" / mutation.module).write_text(mutated, encoding="utf-8")
    tests = [f"tests/domain/{name}" for name in mutation.by]
    options = ("-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=planted")
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PYTHON"))}
    run = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *options, *tests],
        cwd=folder, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode == 0:
        return None
    failed = FAILED.search(run.stdout)
    if run.returncode != 1 or failed is None:
        raise RuntimeError(f"{mutation.name}: {run.stdout[-3000:]}{run.stderr[-3000:]}")
    return failed[1]


def _source(mutation: Mutation) -> str:
    return (ROOT / "domain" / mutation.module).read_text(encoding="utf-8")


def _copy(folder: Path) -> None:
    """domain/ with the tests that need nothing else."""
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "domain", folder / "domain", ignore=without)
    (folder / "tests" / "domain").mkdir(parents=True)
    for path in [*ROOT.glob("tests/*.py"), *ROOT.glob("tests/domain/*.py")]:
        shutil.copy(path, folder / path.relative_to(ROOT))
    (folder / "tests" / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", folder)
