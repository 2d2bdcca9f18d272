"""The text of an invitation, to copy or to print: the office's own wording of the day, else the shipped one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct, structs

from domain.law import Lexicon
from domain.words import weekday_and_day
from notifications import render, wording

INVITATION, NOTICE = wording.LETTERS


class Invitation(Struct, frozen=True, kw_only=True):
    """What an invitation says. `time` is HH:MM, `channel` a code, `name` the client's and `worker` the sender's."""

    day: dt.date
    time: str = ""
    place: str = ""
    channel: str = ""
    name: str = ""
    worker: str = ""
    legal_notice: bool = False


def invitation(said: Invitation, own: Mapping[str, str], law: Lexicon) -> str:
    """The letter as plain text; `own`: the office's wordings by name, as valid on the day it is written.

    What `law` calls the benefit follows the day of the appointment: it is the day of a miss (§ 65a SGB II).
    """
    named = {"benefit": law.on("benefit", said.day)}
    notice = own.get(NOTICE, render.text(f"{NOTICE}.txt.j2", named)).strip() if said.legal_notice else ""
    if INVITATION in own:
        return wording.letter(own[INVITATION], _placed(said, notice))
    text = render.text(f"{INVITATION}.txt.j2", structs.asdict(said) | {"notice": notice})
    return "\n".join(line.rstrip() for line in text.splitlines())


def _placed(said: Invitation, notice: str) -> dict[str, str]:
    """What stands for the names in braces of an own wording."""
    return {
        "day": weekday_and_day(said.day),
        "time": f"{said.time} Uhr" if said.time else "",
        "place": said.place,
        "name": said.name,
        "worker": said.worker,
        "notice": notice,
    }
