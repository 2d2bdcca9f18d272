"""Which profiles there are for a file, the fitting ones first, and what each of the others lacks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from services.exchange.uploads.shelf import Hidden
from services.failures import Said
from services.web.words import labels

if TYPE_CHECKING:
    from services.exchange.profiles.profile import Profile

SHIPPED = "mitgeliefert"
OWN = "eigenes"
SHOWN = 5  # missing columns that are named


class Offer(NamedTuple):
    """A profile: what it reads, whose it is; `lacks` is the sentence why it does not fit, "" if it does."""

    name: str
    facts: str
    origin: str
    lacks: str


def offers(data: Path, hidden: Hidden) -> list[Offer]:
    """All profiles, the fitting ones first, and of these the ones that read the most columns."""
    from services.exchange.profiles import at_hand  # what reads tables is loaded where one is read

    found = []
    for name, file in at_hand.files(data).items():
        try:
            profile = _now(file)
        except FileNotFoundError:  # somebody has just deleted it
            continue
        origin = SHIPPED if file.parent == at_hand.SHIPPED else OWN
        if isinstance(profile, str):
            found.append((0, Offer(name, "", origin, profile)))
        else:
            wanted, lacks = _fit(profile, hidden)
            found.append((wanted, Offer(name, _facts(profile), origin, lacks)))
    found.sort(key=lambda one: (one[1].lacks != "", -one[0] if not one[1].lacks else 0, one[1].name))
    return [offer for _, offer in found]


def told(file: Path) -> tuple[str, str]:
    """What a profile reads, and what is wrong with it; "" if nothing is. Raises FileNotFoundError."""
    profile = _now(file)
    return ("", profile) if isinstance(profile, str) else (_facts(profile), "")


def _now(file: Path) -> Profile | str:
    state = file.stat()
    return _loaded(file, state.st_mtime_ns, state.st_size)


def _facts(profile: Profile) -> str:
    return ", ".join(dict.fromkeys(labels.fact(one.fact) for one in profile.fact))


@lru_cache(maxsize=256)
def _loaded(file: Path, changed: int, size: int) -> Profile | str:
    """The profile as of this state of its file, or the sentence why it is none."""
    from services.exchange.profiles.profile import load

    try:
        return load(file)
    except Said as error:
        return str(error)


def _fit(profile: Profile, hidden: Hidden) -> tuple[int, str]:
    """How many columns the profile reads, and the sentence why it does not fit."""
    from services.exchange.profiles.profile import needed

    wanted = [" ".join(column.split()) for column in needed(profile)]
    head = head_of(hidden, profile.file.sheet, profile.file.header)
    if head is None:
        return len(wanted), f"Es fehlt das Blatt „{profile.file.sheet}“."
    missing = [column for column in wanted if column not in head]
    return len(wanted), _missing(missing) if missing else ""


def head_of(hidden: Hidden, sheet: str | None, header: int) -> Sequence[str] | None:
    """The names in a row of a sheet; none if there is no such row, None if there is no such sheet."""
    tops = [top for top in hidden.tops if sheet is None or top.sheet in (sheet, None)]
    if not tops:
        return None
    return next((row for number, row in tops[0].rows if number == header), ())


def _missing(columns: Sequence[str]) -> str:
    named = ", ".join(f"„{one}“" for one in columns[:SHOWN])
    more = f" und {len(columns) - SHOWN} weitere" if len(columns) > SHOWN else ""
    return f"Es {'fehlt die Spalte' if len(columns) == 1 else 'fehlen die Spalten'} {named}{more}."
