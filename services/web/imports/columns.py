"""Spalten zuordnen: the page on which a profile of the office comes about by choosing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.exchange.uploads import shelf
from services.exchange.uploads.shelf import Hidden, Top, Upload
from services.failures import Said
from services.office.office import Office
from services.web.http import templating
from services.web.http.door import Posted, TheOffice, further
from services.web.http.visitor import NotThere
from services.web.imports.page import GONE, Does, Sees, found
from services.web.words.forms import text_in

router = APIRouter(include_in_schema=False)

TOO_MANY = "In dieser Spalte stehen mehr als {} verschiedene Wörter; hier werden wenige erwartet."
SHIPPED = "So heißt ein mitgeliefertes Profil; bitte einen anderen Namen wählen, zum Beispiel mit „-amt“ am Ende."
UNSAID = "Bitte für jedes Wort sagen, was es bedeutet, oder „kommt nicht vor“ wählen."
OTHERWISE = "Das Profil „{}“ liest {}. Bitte die Spalten dort zuordnen oder ein eigenes Profil anlegen."
NO_WORDS = "In dieser Spalte steht nichts."
SYSTEM = "Bitte ein Kürzel des anderen Programms angeben: Kleinbuchstaben, Ziffern, Punkt und Strich."
REFUSED = "-"  # the choice for a word whose rows are refused


class Step(NamedTuple):
    """Where one is, and what stands there: `words` of the columns to be put into other words, None before that."""

    upload: Upload
    hidden: Hidden
    top: Top
    head: int
    fact: str
    there: Sequence[Any]
    fields: Sequence[Any]
    words: Mapping[str, list[str]] | None
    wrong: Mapping[str, str]


@router.get("/einlesen/{id}/spalten")
def choose(request: Request, door: Sees, id: UUID) -> Response:
    """What a row is; then which column says what; then what words mean, and the name of the profile."""
    with door.open() as visit:
        upload = _table(found(visit.tx, id))
    step = _step(door.office, upload, request.query_params)
    context = _context(door.office, step, request.query_params)
    return templating.page(request, "columns.html", visit.visitor, context, 422 if step.wrong else 200)


@router.post("/einlesen/{id}/spalten")
def save(request: Request, office: TheOffice, visitor: Does, form: Posted, id: UUID) -> Response:
    """Saves the profile, or adds to one of the office's own, and leads back to the file."""
    with further(request, office, visitor) as visit:
        upload = _table(found(visit.tx, id))
    step = _step(office, upload, form)
    wrong = dict(step.wrong)
    if step.words is not None and not wrong:
        meanings, wrong = _meanings(step, form)
        if not wrong:
            name, wrong = _saved(office.settings.data, step, meanings, form)
        if not wrong:
            return templating.go(f"/einlesen/{id}?{urlencode({'profil': name})}")
    context = _context(office, step._replace(wrong=wrong), form)
    return templating.page(request, "columns.html", visitor, context, 422)


def _table(upload: Upload) -> Upload:
    if upload.hidden is None or not upload.hidden.tops:
        raise NotThere(GONE)
    return upload


def _step(office: Office, upload: Upload, given: Any) -> Step:
    from services.web.imports import mapping  # what reads tables is loaded where one is read

    assert upload.hidden is not None
    tops = upload.hidden.tops
    top = next((one for one in tops if one.sheet == given.get("blatt")), tops[0])
    said = str(given.get("kopf", ""))
    head = int(said) if re.fullmatch(r"[1-9]\d?", said) else mapping.guessed_head(top)
    fact, there = mapping.fact_in(given), mapping.columns(top, head)
    step = Step(upload, upload.hidden, top, head, fact, there, (), None, {})
    if not fact:
        return step
    fields = mapping.fields(fact, there, given)
    if "weiter" not in given:
        return step._replace(fields=fields)
    wrong = mapping.wrong_in(fields, there)
    if wrong:
        return step._replace(fields=fields, wrong=wrong)
    return _with_words(office, step._replace(fields=fields))


def _with_words(office: Office, step: Step) -> Step:
    """The words in the columns that are put into others, read from the file."""
    from services.exchange.profiles.profile import Layout
    from services.exchange.uploads import sealed, seen
    from services.web.imports import mapping

    wanted = mapping.translated(step.fields, step.there)
    if not wanted:
        return step._replace(words={})
    assert step.upload.cipher is not None
    path = shelf.place(office.settings.data, step.upload.id)
    layout = Layout(sheet=step.top.sheet, header=step.head, empty=tuple(mapping.EMPTY))
    try:
        with sealed.laid_open(path, step.upload.cipher, step.hidden.name) as clear:
            words = seen.words_of(clear, layout, list({one.chosen for one in wanted.values()}))
    except FileNotFoundError:
        raise NotThere(GONE) from None
    except Said as error:
        return step._replace(wrong={"": str(error)})
    wrong = {key: sentence for key, one in wanted.items() if (sentence := _odd(words[one.chosen]))}
    return step._replace(wrong=wrong, words=None if wrong else {key: words[one.chosen] for key, one in wanted.items()})


def _odd(words: list[str]) -> str:
    from services.exchange.uploads.seen import MOST_WORDS

    if len(words) > MOST_WORDS:
        return TOO_MANY.format(MOST_WORDS)
    return "" if words else NO_WORDS


def _meanings(step: Step, form: Any) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """For each field word -> code, as chosen; and what was not said."""
    found: dict[str, dict[str, str]] = {}
    wrong: dict[str, str] = {}
    codes = {one.key: one.codes for one in step.fields}
    for key, words in (step.words or {}).items():
        said = {word: str(form.get(f"w.{key}.{at}", "")) for at, word in enumerate(words)}
        found[key] = {word: code for word, code in said.items() if code in codes[key]}
        if any(code not in codes[key] and code != REFUSED for code in said.values()) or not found[key]:
            wrong[key] = UNSAID
    return found, wrong


def _saved(data: Path, step: Step, meanings: Mapping[str, Any], form: Any) -> tuple[str, dict[str, str]]:
    """The name of the profile; and what was wrong with it."""
    from services.exchange.profiles import at_hand, written
    from services.web.imports import mapping

    added, name = text_in(form, "zu", 80), text_in(form, "name", 80).lower()
    system = text_in(form, "system", 80).lower()
    one = mapping.given_fact(step.fact, step.fields, meanings)
    if not added and name in at_hand.files(None):
        return name, {"name": SHIPPED}
    try:
        path = written.place(data, added or name)
    except Said as error:
        return name, {"name": str(error)}
    try:
        if added:
            said = written.read(path)
            if other := mapping.reads_otherwise(said.get("file", {}), step.top, step.head, step.hidden.tops[0]):
                return name, {"zu": OTHERWISE.format(added, other)}
            said["fact"].append(one)
        else:
            said = {"system": system, "file": mapping.layout(step.hidden, step.top, step.head), "fact": [one]}
        written.save(path, said, text_in(form, "stand", 64) if added else "")
    except written.Overtaken as error:
        return name, {"zu" if added else "name": str(error)}
    except Said as error:
        return name, {"system" if "system" in str(error) else "": str(error)}
    return added or name, {}


def _context(office: Office, step: Step, given: Any) -> dict[str, Any]:
    from services.exchange.profiles import written
    from services.web.imports import mapping, offered

    data, added = office.settings.data, str(given.get("zu", ""))
    own = {one.name for one in offered.offers(data, step.hidden) if one.origin == offered.OWN and not one.lacks}
    chosen = added if added in own and written.NAME.fullmatch(added) else ""
    kept = [("zu", chosen), ("blatt", step.top.sheet or ""), ("kopf", str(step.head)), ("eintrag", step.fact)]
    return {
        **step._asdict(),
        "facts": mapping.offered(),
        "always": mapping.ALWAYS,
        "refused": REFUSED,
        "kept": [pair for pair in kept if pair[1]],
        "chosen": chosen,
        "state": written.state(written.place(data, chosen)) if chosen else "",
        "typed": {key: str(given.get(key, "")) for key in ("name", "system")},
        "meant": lambda key, at, word: str(given.get(f"w.{key}.{at}", _likely(step, key, word))),
        "back": f"/einlesen/{step.upload.id}/spalten",
    }


def _likely(step: Step, key: str, word: str) -> str:
    codes = next(one.codes for one in step.fields if one.key == key)
    said = word.casefold()
    return next((code for code, german in codes.items() if said in (code.casefold(), german.casefold())), "")
