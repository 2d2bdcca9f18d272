"""What somebody typed in German: a command, a case, a day, a time, a name. Deterministic; names are never guessed at.

Commands are matched with typing errors, names and numbers as they stand. Every word of the line is accounted for: what
was not read is refused, never left out.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct, structs

from notifications import render
from services.dialogues import choosing, remainder
from services.dialogues.german_times import Times, read_times
from services.dialogues.line import Known, Line, read_line
from services.dialogues.vocabulary import COMMANDS, DEFAULT_CHOICES, FILLERS, Command

LONGEST = 400  # characters of one line


class Option(Struct, frozen=True, kw_only=True):
    """A command that may have been meant, and the line that would be read as it for certain."""

    command: str
    text: str


class Understood(Struct, frozen=True, kw_only=True):
    """What was understood (Vertrag 3, `say`).

    `command`: its code in `COMMANDS`, or None where the chat asks; then `why` says what for and `options` hold the
    commands it offers. `until`: the end beside a first day.
    `before`: the strategy that another takes the place of. `refused`: why a day, time or another part was not taken.
    `guessed`: the word of the command had a typing error.
    """

    command: str | None = None
    case: str | None = None
    day: dt.date | None = None
    until: dt.date | None = None
    time: str | None = None
    name: str | None = None
    subject: str | None = None
    strategy: str | None = None
    before: str | None = None
    options: tuple[Option, ...] = ()
    refused: str | None = None
    why: str = ""
    guessed: bool = False

    @property
    def sure(self) -> bool:
        """Whether it can be acted on as it stands."""
        return self.command is not None and self.refused is None


def nobody(number: str) -> str | None:
    """No case is known."""
    return None


def understand(text: str, today: dt.date, *, case: str = "", known: Known = nobody) -> Understood:
    """Reads one typed line. `case` is the one in focus; `known` says which numbers are cases."""
    if len(text) > LONGEST:
        return _asked("long", case=case)
    line = read_line(text, known)
    if len(line.cases) > 1:
        return structs.replace(_asked("cases"), refused=_said("cases", cases=line.cases))
    number = (line.cases or [case])[0]
    choice = choosing.choose(line)
    if choice.command is None:
        return _not_chosen(line, choice, number)
    row = COMMANDS[choice.command]
    times = read_times(line.text, vague=not row.first)
    rest = remainder.read_rest(row, times.rest, choice.said, today)
    if rest.unread and not row.named and not row.day:  # a word more may mean something else
        return _asked("unknown", ((row.code, row.bare),), number)
    found = Understood(
        command=row.code,
        case=number or None,
        day=rest.day,
        until=rest.until,
        name=rest.name,
        subject=rest.subject,
        strategy=rest.strategy,
        before=rest.before,
        refused=rest.refused,
        guessed=choice.guessed,
    )
    return _with_time(found, row, times)


def _not_chosen(line: Line, choice: choosing.Choice, number: str) -> Understood:
    if line.text == "?":
        return Understood(command="help", case=number or None)
    name = choosing.bare_name(line)
    if line.cases and (name or all(word.plain in FILLERS for word in line.words)):
        return Understood(command="open", case=number, name=name or None)
    if name and choice.why == "unknown":
        options = (Option(command="open", text=f"öffne {name}"),)
        return Understood(name=name, options=options, case=number or None, why="name")
    return _asked(choice.why, choice.nearest, number)


def _asked(why: str, nearest: choosing.Near = (), case: str = "") -> Understood:
    """Nothing is done; the commands that may have been meant."""
    options = [Option(command=code, text=text) for code, text in nearest]
    options += [
        Option(command=code, text=COMMANDS[code].bare)
        for code in DEFAULT_CHOICES
        if code not in {one.command for one in options}
    ]
    return Understood(case=case or None, options=tuple(options[:3]), why=why)


def _with_time(found: Understood, row: Command, times: Times) -> Understood:
    """A time of day is kept or refused, never dropped."""
    if times.wrong:
        return _refuse(found, "time", typed=times.wrong[0])
    if len(times.found) > 1:
        return _refuse(found, "times", typed=" und ".join(times.found))
    if times.found and not row.time:
        return _refuse(found, "no-time", typed=times.found[0], title=row.title)
    return structs.replace(found, time=times.found[0]) if times.found else found


def _refuse(found: Understood, why: str, **data: object) -> Understood:
    return structs.replace(found, refused=found.refused or _said(why, **data))


def _said(why: str, **data: object) -> str:
    return render.sentence("chat/refused.txt.j2", {"why": why, **data})
