"""The laws of the house that no other tool holds: what tracked files hold, how long things get, who reads a clock."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compose import podman

ROOT = Path(__file__).parent.parent
ROOMS = ("domain", "notifications", "services", "workers")
LOCKS = ("requirements.txt", "requirements-dev.txt")
LONGEST_MODULE = 400
P90_OF_FUNCTIONS = 25
ALLOWED_IN_DOMAIN = {"domain", "msgspec", "holidays"} | sys.stdlib_module_names
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter"}
CLOCK_OWNERS = {"datetime", "date", "dt", "time"}

# Written so that this file does not contain what it looks for.
MACHINE_PATH = re.compile(r"/(?:[w]ork|[r]oot|[o]pt|[f]arm)/\w|/[t]mp/[a-z]|/[h]ome/[a-z]")
REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.org|deb\.[d]ebian|--(?:extra-)?index-[u]rl[ =]\S|--find-[l]inks"
)


def modules() -> list[Path]:
    """Every module of the four rooms, and the binary above them."""
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return sorted([*found, *ROOT.glob("fallverlauf.py")])


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file that git tracks or would; without git, every one that does not lie in a folder of a tool."""
    for path in tracked() or (path for path in ROOT.rglob("*") if not of_a_tool(path.relative_to(ROOT))):
        if path.is_file():
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def tracked() -> list[Path]:
    """What git tracks, and what it would track because nothing ignores it; nothing where there is no git."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        asked = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [ROOT / name for name in asked.stdout.decode().split("\0") if name]


def of_a_tool(path: Path) -> bool:
    """Whether a file lies where only tools write."""
    folders = path.parts[:-1]
    return any(part in {"var", "build", "__pycache__"} or part.endswith(".egg-info") for part in folders) or any(
        part.startswith(".") and part != ".ci" for part in folders
    )


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands in the project's texts, as `file:line`."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def imported(tree: ast.Module) -> Iterator[str]:
    """The first part of every name that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, inner ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def read_clocks(tree: ast.Module) -> list[int]:
    """The lines on which something like `datetime.now()` or `time.time()` is called."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value).rpartition(".")[2] in CLOCK_OWNERS
    ]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_has_a_version_and_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^ *#.*\n?", "", text)) if entry.strip()]
    assert entries
    assert [entry for entry in entries if not re.match(r"[\w.\[\],-]+==\S+", entry)] == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_both_locks_name_the_same_versions_and_the_build_backend() -> None:
    runtime, dev = (
        set(re.findall(r"(?m)^([\w.\[\],-]+==\S+)", (ROOT / lock).read_text(encoding="utf-8"))) for lock in LOCKS
    )
    assert runtime <= dev
    assert any(entry.startswith("setuptools==") for entry in runtime)


def test_no_file_names_a_path_of_a_machine_or_the_address_of_a_registry() -> None:
    assert lines_with(MACHINE_PATH) == []
    assert lines_with(REGISTRY) == []


def test_what_the_run_of_its_own_copies_and_imports_is_there() -> None:
    assert [path for path in podman.COPIED if not path.is_file()] == []
    for module in ("conftest", "house", "test_compose"):
        importlib.import_module(f"tests.compose.{module}")


def test_every_module_opens_by_saying_what_it_knows() -> None:
    assert [short(path) for path in modules() if not ast.get_docstring(parse(path))] == []


def test_modules_and_functions_stay_short() -> None:
    lengths = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}
    spans = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1 for path in modules() for node in functions(parse(path))
    )
    assert spans[len(spans) * 9 // 10] <= P90_OF_FUNCTIONS


def test_the_domain_builds_on_the_standard_library_msgspec_and_holidays_alone() -> None:
    strangers = {
        (short(path), name)
        for path in (ROOT / "domain").rglob("*.py")
        for name in imported(parse(path))
        if name not in ALLOWED_IN_DOMAIN
    }
    assert strangers == set()


def test_time_is_an_argument_in_the_domain() -> None:
    clocks = {short(path): read_clocks(parse(path)) for path in (ROOT / "domain").rglob("*.py")}
    assert {name: lines for name, lines in clocks.items() if lines} == {}


@pytest.mark.parametrize("call", ["dt.datetime.now(tz)", "datetime.today()", "date.today()", "time.monotonic()"])
def test_reading_a_clock_would_be_seen(call: str) -> None:
    assert read_clocks(ast.parse(call)) == [1]


def test_an_argument_that_is_called_today_is_no_clock() -> None:
    assert read_clocks(ast.parse("settings.today(); decide(today=today)")) == []


def lines_of(part: ast.stmt) -> range:
    """The lines of a statement."""
    return range(part.lineno, (part.end_lineno or part.lineno) + 1)


def read_while_collected(tree: ast.Module) -> list[int]:
    """The lines on which a clock is read outside any function body: once, long before the test that uses it runs."""
    inside = {line for function in functions(tree) for part in function.body for line in lines_of(part)}
    return [line for line in read_clocks(tree) if line not in inside]


def test_no_test_reads_a_clock_while_it_is_collected() -> None:
    clocks = {short(path): read_while_collected(parse(path)) for path in (ROOT / "tests").rglob("*.py")}
    assert {name: lines for name, lines in clocks.items() if lines} == {}


def test_a_clock_in_the_parameters_of_a_test_would_be_seen() -> None:
    assert read_while_collected(ast.parse("@mark(time.time() + 600)\ndef test(at):\n    time.time()")) == [1]
