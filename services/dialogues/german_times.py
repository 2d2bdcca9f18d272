"""A time of day as Germans write it ("10:00", "10 Uhr 30", "um 10", "10h") -> HH:MM, or a reason why not."""

from __future__ import annotations

import re
from typing import NamedTuple

_CLOCK = re.compile(
    r"""(?:\b(?:um|gegen|ab)\s+)?(?<![\d,:])(?:
        (?P<hour>\d{1,3}) : (?P<minute>\d{1,3}) (?![\d:]) (?:\s*(?:uhr|h)\b)?
      | (?<!\.)(?P<hour2>\d{1,3}) [.] (?P<minute2>\d{1,3}) \s* (?:uhr|h)\b
      | (?<!\.)(?P<hour3>\d{1,3}) \s* (?:uhr|h)(?![a-zäöüß])
        (?:\s*(?P<minute3>\d{2})(?![\d.:]|\s*(?:tag|woche|monat|jahr)))?
      )
      | \bum\s+ (?P<hour4>\d{1,2}) (?:[.](?P<minute4>\d{2}))?
        (?![\d.:,/]|\s*(?:tag|woche|monat|jahr|[.+]|uhr|januar|februar|märz|april|mai|juni|juli|august|sep|okt|nov|dez))""",
    re.IGNORECASE | re.VERBOSE,
)
_VAGUE = re.compile(
    r"\b(?:um\s+)?(?:(?:halb|viertel|dreiviertel)\s+(?:(?:vor|nach|ab)\s+)?\w+(?!\s*jahr)(?:\s+uhr)?"
    r"|(?:vor|nach)?mittags?|abends?|morgens|früh|frueh)\b",
    re.IGNORECASE,
)


class Times(NamedTuple):
    """The times of day in a line (HH:MM), what looks like one and is none, and the line without either."""

    found: list[str]
    wrong: list[str]
    rest: str


def read_times(line: str, *, vague: bool = True) -> Times:
    """Takes every time of day out of a line; with `vague` "halb drei" and "nachmittags" as well, which are none."""
    found: list[str] = []
    wrong: list[str] = []

    def take(match: re.Match[str]) -> str:
        said = match.groupdict()
        hour, minute = (
            next((v for k, v in said.items() if k.startswith(what) and v), "00") for what in ("hour", "min")
        )
        if int(hour) < 24 and int(minute) < 60 and len(minute) == 2:
            found.append(f"{int(hour):02}:{int(minute):02}")
        else:
            wrong.append(match[0].strip())
        return " "

    def refuse(match: re.Match[str]) -> str:
        wrong.append(match[0].strip())
        return " "

    rest = _CLOCK.sub(take, line)
    rest = _VAGUE.sub(refuse, rest) if vague else rest
    return Times(found, wrong, " ".join(rest.split()))
