"""The API as its description says it: requests drawn from /openapi.json, each answer judged by every check at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from services.people import sessions
from services.questions import library
from services.web.http.visitor import PURPOSE
from tests.profiles import PLAIN
from tests.services.web.conftest import VisitAs

Answers = Counter[tuple[str, int]]
ROLES = {"fm-1": "enquiry", "tl-1": "supervision", "qs-1": "quality"}
FACTS = "/api/v1/cases/{case}/facts"
# What is well formed may still not fit: a fact its case, a unit the directory, a blank the question. Clocks and
# timeline take only what their forms say, so there 422 is no answer to a request that is well formed.
JUDGED = [FACTS, "/api/v1/stays", "/api/v1/due", "/api/v1/questions/{question}"]
# A text too long by far makes a body that is too large, which is refused before it is read: 413.
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429"]
JUDGED_BY = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]},
    "negative_data_rejection": {"expected-statuses": REFUSED},
}
PHASES = {
    "coverage": 1,  # each part of the description once as it should be and once as it should not
    "fuzzing": 15,  # examples of each kind for each path
}
OF_FACTS = 120
KNOWN = {
    "path.case": ["C-2001", "C-1001", "C-2002", "C-2003", "C/3.001", "C-9999"],
    "path.question": [*library.QUESTIONS, "1", "77"],
    "query.case": ["C-1001", "C-2001", "C/3.001", "C-9999"],
    "query.unit": ["56.4", "56.5", "99.9"],
    "body.on": ["2026-11-19", "2026-11-20"],
}


def _config(phase: str, person: str, cookie: str, csrf: str) -> SchemathesisConfig:
    times = settings().max_examples // PLAIN
    said = {"auth": {"openapi": {"session": {"api_key": cookie}}}, "continue-on-failure": True}
    generation = {"deterministic": settings().derandomize, "database": "none", "with-security-parameters": False}
    return SchemathesisConfig.from_dict(
        {
            **said,
            "dictionaries": {name: {"values": values} for name, values in KNOWN.items()},
            "parameters": {"header.X-CSRF-Token": csrf, f"header.{PURPOSE}": ROLES[person], **_known(phase)},
            "generation": generation | {"max-examples": times * PHASES[phase]},
            "phases": {one: {"enabled": one == phase} for one in ("examples", "coverage", "fuzzing", "stateful")},
            "operations": [
                {"include-path": FACTS, "generation": {"max-examples": times * OF_FACTS}},
                *({"include-path": path, "checks": JUDGED_BY} for path in JUDGED),
            ],
        }
    )


def _known(phase: str) -> dict[str, Any]:
    """What the description cannot name: cases and other things that are there. One case is covered, all are drawn."""
    if phase == "coverage":
        return {name: values[0] for name, values in KNOWN.items() if name.startswith("path.")}
    return {name: {"dictionary": name, "probability": 0.8} for name in KNOWN}


def _violations(stream: Iterable[Any], answers: Answers) -> Iterator[str]:
    """What a check or the engine itself has to say against it; counts the answers by path and status."""
    for event in stream:
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield str(event)
        if isinstance(event, events.ScenarioFinished):
            recorded = event.recorder
            given = [one.response.status_code for one in recorded.interactions.values() if one.response]
            answers.update((event.label, status) for status in given)
            for check in (check for checks in recorded.checks.values() for check in checks):
                if check.status is not Status.SUCCESS:
                    why = check.failure_info
                    told = why and f"{why.failure.title}: {why.failure.message}\n{why.code_sample}"
                    yield f"{event.label}: {check.name}: {told}"


def _run(visit: VisitAs, address: str, phase: str, person: str, **only: Any) -> Answers:
    """Runs a phase over the paths that are not excluded."""
    visitor = visit(person)
    csrf, cookie = visitor.token(), visitor.client.cookies[sessions.COOKIE]
    config = _config(phase, person, cookie, csrf)
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json", config=config)
    answers: Answers = Counter()
    found = list(_violations(from_schema(schema.exclude(**only) if only else schema).execute(), answers))
    assert not found, "\n\n".join(found)
    return answers


@pytest.mark.parametrize("person", ROLES)
def test_every_part_of_the_description_is_true(visit: VisitAs, address: str, person: str) -> None:
    answers = _run(visit, address, "coverage", person, path=FACTS)
    assert min(answers[f"GET /api/v1/{path}", status] for path in ("stays", "due") for status in (200, 405, 422)) > 1


@pytest.mark.parametrize("person", ROLES)
def test_every_answer_is_one_that_is_described(visit: VisitAs, address: str, person: str) -> None:
    answers = _run(visit, address, "fuzzing", person)
    assert answers[f"POST {FACTS}", 403 if person == "qs-1" else 201] > 1


@pytest.mark.long
def test_every_part_of_every_fact_is_as_described(visit: VisitAs, address: str) -> None:
    assert _run(visit, address, "coverage", "fm-1", method="GET")[f"POST {FACTS}", 422] > 1_000
