"""The profiles there are: the office's own in its folder `profiles`, and those that come with the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.exchange.profiles.profile import Given, Profile, Unfit, columns, load
from services.records.reasons import nearest, shown

SHIPPED = Path(__file__).parent / "shipped"
FOLDER = "profiles"


def files(data: Path | None) -> dict[str, Path]:
    """Every profile by its name; the office's own before a shipped one of the same name."""
    own = data / FOLDER if data else None
    folders = [SHIPPED] + ([own] if own and own.is_dir() else [])
    return {file.stem: file for folder in folders for file in sorted(folder.glob("*.toml"))}


def named(said: str, data: Path | None) -> Profile:
    """The profile of a name, or of a `.toml` file. Raises Unfit, OSError."""
    if said.endswith(".toml"):
        return load(Path(said))
    there = files(data)
    if said not in there:
        raise Unfit(f"Ein Profil {shown(said)} gibt es nicht.{nearest(said, there)} `fallverlauf profiles` zeigt alle.")
    return load(there[said])


def text(name: str, data: Path | None) -> bytes:
    """A profile of these names as it stands in its file. Raises Unfit, OSError."""
    if (there := files(data).get(name)) is None:
        raise Unfit(f"Ein Profil {shown(name)} gibt es nicht mehr.")
    return there.read_bytes()


def overview(data: Path | None) -> list[dict[str, Any]]:
    """Every profile: its name, its system, the facts it can give, and whose it is; of one with faults, which."""
    return [_row(name, file) for name, file in files(data).items()]


def _row(name: str, file: Path) -> dict[str, Any]:
    where = "mitgeliefert" if file.parent == SHIPPED else "eigenes"
    try:
        found = load(file)
    except (Unfit, OSError) as error:
        return {"name": name, "system": "", "facts": str(error), "where": where}
    return {"name": name, "system": found.system, "facts": list(dict.fromkeys(map(_named, found.fact))), "where": where}


def _named(one: Given) -> str:
    return one.fact


def described(profile: Profile) -> list[dict[str, Any]]:
    """Each column a profile reads: for which fact and field, and the words it knows there."""
    return [
        {"column": column, "fact": one.fact, "field": key, "words": known}
        for one in profile.fact
        for key, said, known in _read(one)
        for column in columns(said)
    ]


def _read(one: Given) -> Iterator[tuple[str, str | None, list[str]]]:
    for key in ("case", "person", "unit", "on", "id", "recorded_at", "by"):
        yield key, getattr(one, key), []
    for column, wanted in one.when.items():
        yield "when", column, [wanted] if isinstance(wanted, str) else wanted
    for name, told in one.told():
        yield name, told.column, list(told.values or ())
