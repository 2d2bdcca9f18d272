"""An answer of the chat: what it says and what can be pressed below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from domain.dialogues import Answer
from notifications import render
from services.dialogues.conversation import Conversation
from services.dialogues.grammar import Understood
from services.dialogues.vocabulary import COMMANDS
from services.office.office import Office
from services.web.case.undo import Deed
from services.web.http.visitor import AtCase, Visitor
from services.web.today.whose import Whose


class Pick(NamedTuple):
    """A button that types a line."""

    label: str
    text: str


class Start(NamedTuple):
    """A button that opens a dialogue about one of several things; `given`: what is answered already, by step."""

    words: str
    dialogue: str
    subject: str
    given: Mapping[str, Answer]


class Reply(NamedTuple):
    """What is answered. `wrong`: something was refused. `go`: a page to go to instead. `links`: address and words.

    `seen`: the case it says something of, `searched`: how many were found by a name.
    `about`: the keys of the cases it names, with which it goes; None where they are not known, and it is not kept.
    `closed`: the dialogue that was cancelled. `unclear`: nothing was done because it was not sure what is meant; such
    an answer may name several cases, and is not kept.
    """

    said: str = ""
    wrong: str = ""
    picks: tuple[Pick, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    starts: tuple[Start, ...] = ()
    opened: Conversation | None = None
    deed: Deed | None = None
    number: str = ""
    seen: AtCase | None = None
    searched: int | None = None
    about: frozenset[UUID] | None = frozenset()
    closed: UUID | None = None
    go: str = ""
    unclear: bool = False


class Asked(NamedTuple):
    """One typed line: who typed it, what was understood, about which case."""

    office: Office
    visitor: Visitor
    text: str
    heard: Understood
    whose: Whose

    @property
    def title(self) -> str:
        """The command in words."""
        return COMMANDS[self.heard.command or "help"].title

    @property
    def at(self) -> AtCase:
        """The case; only where there is one."""
        assert self.whose.at is not None
        return self.whose.at

    def echo(self) -> str:
        """What was understood, in words, with the case."""
        heard = self.heard
        return said(
            "heard",
            command=heard.command,
            title=self.title,
            guessed=heard.guessed,
            day=heard.day,
            until=heard.until,
            time=heard.time,
            strategy=heard.strategy,
            name=heard.name if heard.command == "hand-over" else "",
            subject=heard.subject,
            who=self.whose.who,
        )


def not_done(title: str, who: str, wrong: str, number: str = "") -> Reply:
    """Says what was meant, and why nothing is done."""
    return Reply(said("not", title=title, who=who), wrong, number=number)


def said(why: str, **data: Any) -> str:
    """A sentence of the chat."""
    return render.sentence("chat/answer.txt.j2", {"why": why, **data})
