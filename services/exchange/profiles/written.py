"""A profile that was put together by choosing becomes a file of the office's own, as if somebody had typed it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.exchange.profiles.at_hand import FOLDER
from services.exchange.profiles.profile import Unfit, faults
from services.records.reasons import shown

NAME = re.compile(r"[a-zäöüß0-9][a-zäöüß0-9_-]{0,39}")
TAKEN = "Ein Profil {} gibt es schon; bitte einen anderen Namen wählen."
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Overtaken(Unfit):
    """Somebody else has written the profile meanwhile; its text is one German sentence."""


def place(data: Path, name: str) -> Path:
    """Where a profile of the office lies. Raises Unfit for what is no name of one."""
    if not NAME.fullmatch(name):
        raise Unfit("Der Name eines Profils hat 1 bis 40 Kleinbuchstaben, Ziffern und Striche.")
    return data / FOLDER / f"{name}.toml"


def state(path: Path) -> str:
    """What tells whether a profile has changed; "" where there is none."""
    return sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def read(path: Path) -> dict[str, Any]:
    """What a profile says, to be added to. Raises Unfit."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Unfit(f"Ein Profil {shown(path.stem)} gibt es nicht mehr.") from None
    if reasons := faults(found):
        raise Unfit(" ".join(reasons))
    return found


def save(path: Path, said: dict[str, Any], before: str) -> None:
    """Writes a profile in the place of the one of the state `before`. Raises Unfit, Overtaken, OSError."""
    if found := faults(said):
        raise Unfit(" ".join(found))
    with _alone(path.parent):
        _write(path, said, before)


def rename(path: Path, to: Path, before: str) -> None:
    """Gives the profile of the state `before` another name that is free. Raises Unfit, Overtaken, OSError."""
    with _alone(path.parent):
        _check(path, before)
        if to.exists():
            raise Unfit(TAKEN.format(shown(to.stem)))
        path.rename(to)


def remove(path: Path, before: str) -> None:
    """Deletes the profile of the state `before`. Raises Overtaken, OSError."""
    with _alone(path.parent):
        _check(path, before)
        path.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While nobody else changes a profile of the office."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".schloss").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _check(path: Path, before: str) -> None:
    """Raises Overtaken for a profile that is gone or is another by now."""
    if not before or state(path) != before:
        raise Overtaken(f"Das Profil {shown(path.stem)} wurde inzwischen geändert; bitte die Seite neu laden.")


def _write(path: Path, said: dict[str, Any], before: str) -> None:
    fresh = path.with_name(f".{path.stem}-{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text(said))
            file.flush()
            os.fsync(file.fileno())
        if not before:
            os.link(fresh, path)  # replaces nothing
        else:
            _check(path, before)
            fresh.replace(path)
    except FileExistsError:
        raise Overtaken(TAKEN.format(shown(path.stem))) from None
    finally:
        fresh.unlink(missing_ok=True)


def text(said: Mapping[str, Any]) -> str:
    """The profile as TOML."""
    return "\n".join(_lines(said)) + "\n"


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    yield from _pairs({key: value for key, value in said.items() if key not in ("file", "fact")})
    if said.get("file"):
        yield from ("", "[file]", *_pairs(said["file"]))
    for one in said["fact"]:
        data = {f"data.{_key(name)}": value for name, value in one.get("data", {}).items()}
        yield from ("", "[[fact]]", *_pairs({key: value for key, value in one.items() if key != "data"}))
        yield from (f"{key} = {_value(value)}" for key, value in data.items())


def _pairs(said: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in said.items())


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    match value:
        case str():
            return _text(value)
        case Mapping():
            return f"{{ {', '.join(f'{_key(key)} = {_value(one)}' for key, one in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


def _text(said: str) -> str:
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")
