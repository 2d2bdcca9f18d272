"""What process steps have documented so far: the standard fields, and which of them are still missing (R-20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.facts.documentation import ProcessStepDocumented
from domain.periods import DAY
from domain.timeline import Timeline

WITHIN = 14  # days around what is documented

STANDARD: Final = ("facts", "considerations", "agreement", "next_step")
"""The standard fields, in the order in which they are asked (Fachkonzept 2.6)."""


def said(step: ProcessStepDocumented) -> dict[str, str]:
    """The standard fields that a step has filled."""
    return {field: value for field in STANDARD if (value := getattr(step, field))}


def in_part(timeline: Timeline) -> Mapping[str, Mapping[str, str]]:
    """By kind of step: what the last one of the last 14 days says, if a standard field is missing in it."""
    since = timeline.as_of - WITHIN * DAY
    last = {
        one.fact.step: said(one.fact)
        for one in timeline.facts(ProcessStepDocumented)
        if isinstance(one.fact, ProcessStepDocumented) and one.on >= since
    }
    return {step: fields for step, fields in last.items() if len(fields) < len(STANDARD)}
