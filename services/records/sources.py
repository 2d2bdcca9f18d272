"""What the program text of a module says: without comments, docstrings and layout, the same on every Python version."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Collection, Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

COUNTED = "domain"  # the package whose modules count with whatever imports them
DAYS = "holidays"  # the package of others that decides which day is one; its version counts
_Write = Callable[[str], object]
_ROOT = Path(__file__).parents[2]


def digest(parts: Iterable[str]) -> str:
    """The SHA-256 of texts, each kept apart from the next, in hex."""
    found = hashlib.sha256()
    for part in parts:
        found.update(f"{len(part)}:{part}".encode())
    return found.hexdigest()


def normal(text: str) -> str:
    """The text of a module as what it says: equal for two texts that differ in comments, docstrings or layout alone.

    It is written from the syntax tree, not from tokens, which differ between versions (f-strings), and leaves out what
    a version has added and nobody uses.
    """
    return _normal(ast.parse(text))


def closure(roots: Iterable[str], without: Collection[str] = ()) -> set[str]:
    """These modules and all of `COUNTED` and `DAYS` that they import, but not those `without` nor through them."""
    found: set[str] = set()
    ahead = [root for root in roots if root not in without]
    while ahead:
        module = ahead.pop()
        if module not in found:
            found.add(module)
            ahead += [one for one in _read(module)[1] if one not in without]
    return found


def said(modules: Iterable[str]) -> str:
    """The digest of what these modules say, whatever their order."""
    return digest(part for module in sorted(modules) for part in (module, _read(module)[0]))


def fingerprint(further: Iterable[str]) -> str:
    """A digest of the files of `COUNTED` and of `further` modules as they lie there: quick, and finer than `said`.

    Programs with the same fingerprint say the same; those with another may.
    """
    found = hashlib.sha256(metadata.version(DAYS).encode())
    for file in (*sorted((_ROOT / COUNTED).rglob("*.py")), *map(_file, further)):
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


@cache
def _read(module: str) -> tuple[str, frozenset[str]]:
    """What a module says, and which modules that count it imports; of a package of others, its version."""
    if module == DAYS:
        return metadata.version(DAYS), frozenset()
    tree = ast.parse(_file(module).read_bytes())
    return digest([_normal(tree)]), frozenset(_imported(tree))


def _imported(tree: ast.Module) -> set[str]:
    """A name imported from a package is the module of that name, if there is one, else the package."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {one if _file(one).exists() else node.module for one in inside}
    top = {module: module.partition(".")[0] for module in found}
    return {module for module in found if top[module] == COUNTED} | ({DAYS} & set(top.values()))


def _file(module: str) -> Path:
    place = _ROOT.joinpath(*module.split("."))
    package = place / "__init__.py"
    return package if package.exists() else place.with_suffix(".py")


def _normal(tree: ast.Module) -> str:
    parts: list[str] = []
    _write(tree, parts.append)
    return "".join(parts)


def _write(value: object, write: _Write) -> None:
    """A value and all that hangs on it; a name that is read and one that is written need no word for it."""
    if isinstance(value, ast.Constant):
        write(_plain(value.value))
    elif isinstance(value, ast.AST):
        write(f"{type(value).__name__}(")
        for name in sorted(value._fields):
            part = _part(value, name)
            if part is not None and part != []:
                write(f"{name}=")
                _write(part, write)
        write(")")
    elif isinstance(value, list):
        write("[")
        for one in value:
            _write(one, write)
        write("]")
    else:
        write(_plain(value))


def _plain(value: object) -> str:
    """Letters are written in ASCII: which of them can be printed depends on the version."""
    return f"{type(value).__name__} {value!a};"


def _part(node: ast.AST, name: str) -> object:
    part: object = None if name == "ctx" else getattr(node, name, None)
    if name == "body" and isinstance(node, _WITH_DOCSTRING):
        return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return _joined(node.values) if isinstance(node, ast.JoinedStr) else part


def _joined(values: list[ast.expr]) -> list[ast.expr]:
    """The parts of an f-string, the text between its braces in one piece: some versions cut it, or add an empty one."""
    found: list[ast.expr] = []
    for value in values:
        last = found[-1] if found else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            found[-1] = ast.Constant(str(last.value) + str(value.value))
        elif not isinstance(value, ast.Constant) or value.value:
            found.append(value)
    return found


_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
