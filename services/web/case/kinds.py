"""What can be entered in a case: the kinds offered and found, what stands in an empty form, what it answers."""

from __future__ import annotations

from contextlib import suppress

from fastapi import Request
from starlette.responses import Response

from domain.decisions import possible
from domain.decisions.wishes import fresh_id
from domain.facts import declared
from domain.permissions import may_record
from domain.rules import RULES
from domain.timeline import Timeline
from notifications import render
from services.office.office import Transaction
from services.questions import of_case
from services.records import rulebook
from services.records.meaning import Waiting
from services.web.case import forms
from services.web.case.view import CaseFile
from services.web.http import templating
from services.web.http.visitor import AtCase
from services.web.words import labels


def recordable(at: AtCase) -> list[str]:
    """The facts this person may record in this case."""
    return [name for name in forms.case_facts() if may_record(name, at.visitor.roles, at.relations)]


def takes(at: AtCase, timeline: Timeline) -> list[str]:
    """Those of them that the case takes up as it stands."""
    return [name for name in recordable(at) if possible.is_taken(name, timeline)]


def page(request: Request, at: AtCase, file: CaseFile, art: str, typed: str) -> Response:
    """What can be entered: the frequent ones, what was searched for, all under their headings."""
    names = takes(at, file.timeline)
    context = {
        "at": at,
        "not_now": labels.fact(art) if art else "",
        "frequent": forms.frequent(names),
        "typed": typed,
        "found": forms.found(names, typed),
        "groups": forms.offered(names),
    }
    return templating.page(request, "kinds.html", at.visitor, context, 422 if art else 200)


def first_given(at: AtCase, file: CaseFile, art: str, rule: str) -> dict[str, str]:
    """What stands in an empty form: today, a new thing or the likeliest one, the rule that is answered.

    A plan has no day yet, and what became of an appointment has the day of the appointment.
    """
    given = {} if art in forms.DAYLESS else {"on": at.visitor.today.isoformat()}
    if field := declared(art).thing:
        likeliest = next(iter(possible.about(art, file.timeline)), "")
        given[field] = likeliest or (fresh_id() if forms.begun(art) else "")
    return given | ({"rule": rule} if rule in RULES and forms.answers_rule(art) else {})


def answered(tx: Transaction, at: AtCase, rule: str) -> str | None:
    """What the rule that is answered says in this case today; nothing if it says nothing."""
    with suppress(Waiting):
        due = [one for one in of_case.stages(tx, at.key, at.visitor.today) if one.rule == rule]
        listed = [one for one in due if one.listed_from <= at.visitor.today]
        if listed:
            own, last = rulebook.texts(tx.conn, at.visitor.today), listed[-1]
            return render.reason(rule, last.stage, last.reason, at.visitor.today, own)
    return render.rule_name(rule) if rule in RULES else None
