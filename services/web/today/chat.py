"""What the chat answers to a typed line: it names the case, and opens the dialogue or form that is meant."""

from __future__ import annotations

from uuid import UUID

from domain.facts import Stream
from services.casework import case as casework
from services.dialogues import standing
from services.dialogues.grammar import understand
from services.dialogues.vocabulary import COMMANDS
from services.office.office import Office
from services.web.http import templating
from services.web.http.visitor import Visitor
from services.web.today import acts, whose
from services.web.today.replies import Asked, Pick, Reply, not_done, said
from services.web.today.whose import Whose


def reply(office: Office, visitor: Visitor, text: str, focus: str) -> Reply:
    """Answers a typed line; `focus` is the number of the case in view."""
    with office.read() as tx:
        heard = understand(text, visitor.today, known=whose.known(tx, visitor))
        found = whose.find(tx, visitor, heard, focus)
        if found.at and heard.command in standing.NAMING:
            heard = standing.held(heard, casework.view(tx, found.at.key, visitor.today).timeline)
    answer = _answer(Asked(office, visitor, text, heard, found))
    told = heard.command not in (None, "open", "help", *acts.OF_ALL)  # the page of a case asks itself what for
    return answer._replace(seen=found.at if told else None, searched=found.named, about=_about(office, found, answer))


def _about(office: Office, found: Whose, answer: Reply) -> frozenset[UUID] | None:
    """The cases an answer names; not known where a name and a number are of two."""
    if found.other:
        return None
    numbers = {answer.number, found.at.number if found.at else "", *(number for number, _ in found.several)} - {""}
    if not numbers:
        return frozenset()
    with office.read() as tx:
        return frozenset(tx.store.keys(tx.conn, Stream.CASE, numbers).values())


def _answer(asked: Asked) -> Reply:
    heard, found = asked.heard, asked.whose
    if heard.command is None:
        return _not_understood(asked)
    if found.other:
        return not_done(asked.title, "", said("other", name=heard.name, number=heard.case))
    if heard.command == "open":
        return _opened(asked)
    if heard.refused:
        return acts.with_end(asked, not_done(asked.title, found.who, heard.refused))
    if heard.command == "help":
        return Reply(said("help"), picks=_commands(*(code for code in COMMANDS if code not in ("open", "help"))))
    if heard.command in acts.OF_ALL:
        return acts.OF_ALL[heard.command](asked)
    return acts.act(asked) if found.at else _which(asked)


def _not_understood(asked: Asked) -> Reply:
    heard = asked.heard
    if heard.why == "name" and asked.whose.named:
        return _opened(asked)
    picks = tuple(_pick(option.command, option.text) for option in heard.options if option.command != "open")
    return Reply(
        said("asked", asked=heard.why, name=heard.name),
        heard.refused or "",
        picks or _commands("status", "today", "help"),
        unclear=True,
    )


def _opened(asked: Asked) -> Reply:
    heard = asked.heard
    if heard.name and asked.whose.at is None:
        return _which(asked)
    return Reply(go=templating.case_path(asked.whose.at.number)) if asked.whose.at else _which(asked)


def _which(asked: Asked) -> Reply:
    """Asks for the case: the several that have the name, or which at all."""
    heard, found = asked.heard, asked.whose
    if heard.name:
        picks = tuple(Pick(label, asked.text.replace(heard.name, number, 1)) for number, label in found.several)
        return Reply(said(_named(found), name=heard.name, count=found.named), picks=picks, unclear=True)
    if heard.case:
        return not_done(asked.title, "", said("no-case"))
    return Reply(said("which", title=asked.title), unclear=True)


def _named(found: Whose) -> str:
    """Which sentence says how many cases have a name."""
    return "alike" if found.alike else "several" if found.several else "nobody"


def _pick(code: str, text: str) -> Pick:
    """A command by its name; one with more in its line as it would be typed."""
    return Pick(COMMANDS[code].title if text == COMMANDS[code].bare else text, text)


def _commands(*codes: str) -> tuple[Pick, ...]:
    return tuple(_pick(code, COMMANDS[code].bare) for code in codes)
