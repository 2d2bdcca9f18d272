"""What a demo case tells of wishes, prognosis, support, missed appointments and the leading file."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self

from domain.facts.assessment import ClientAttributesRecorded, PrognosisRecorded
from domain.facts.documentation import DecisionFiled, ProcessStepDocumented, Reprofiled
from domain.facts.duties import SanctionConsidered, SanctionImposed, SanctionWaived
from domain.facts.measures import SupportGranted
from domain.facts.support import MeasureEnded, MeasureStarted
from domain.facts.wish import SupportStrategyAgreed, WishToWorkAsked, WishToWorkExpressed
from services.demo import words
from services.demo.writing import Written


class Dutiful(Written):
    """The words about what a worker owes a case beside bars and appointments."""

    # --- wishes, prognosis, support ---

    def wishes(self, on: dt.date, helper: bool = False) -> Self:
        """A clear wish to work, told when asked; `helper`: a helper job, without a vocational training."""
        if helper:
            self.write(ClientAttributesRecorded(qualification="none"), on)
        self.write(WishToWorkAsked(), on)
        self.write(WishToWorkExpressed(clear=True, field=words.FIELD, helper_job_wanted=helper or None), on)
        return self

    def agrees(self, on: dt.date) -> Self:
        """A strategy of support agreed with the client."""
        self.write(SupportStrategyAgreed(goals=[words.GOAL], form="kooperationsplan"), on)
        return self

    def promises(self, on: dt.date) -> Self:
        """The prognosis: a job within three to six months is probable."""
        self.write(PrognosisRecorded(probable=True, able_and_motivated="yes", months_min=3, months_max=6), on)
        return self

    def granted(self, type: str, on: dt.date) -> Self:
        """Support granted."""
        self.write(SupportGranted(support=self.thing("f"), type=type), on)
        return self

    def trains(self, type: str, on: dt.date, until: dt.date) -> Self:
        """A measure begins."""
        fact = MeasureStarted(measure=self.thing("m"), type=type, planned_end=until, full_time=True)
        self.write(fact, on)
        return self

    def trained(self, type: str, on: dt.date, until: dt.date, reprofiled: bool = False) -> Self:
        """A measure from beginning to end; what it changed is asked about, or has been written down."""
        measure = self.thing("m")
        self.write(MeasureStarted(measure=measure, type=type, planned_end=until), on)
        self.write(MeasureEnded(measure=measure), until)
        if reprofiled:
            self.write(Reprofiled(), until)
        return self

    # --- missed appointments ---

    def excuseless(self, day: dt.date, decided: Literal["imposed", "waived"] | None = None) -> Self:
        """Not come, without good cause; heard, and perhaps decided eight days later."""
        self.missed(day, "no")
        thing, day = f"{self.number}-t{self._things}", self.calendar.working(day)
        if decided:
            later = self.calendar.working(day + dt.timedelta(8))
            self.write(SanctionConsidered(appointment=thing, step="hearing"), day)
            ends = (
                SanctionImposed(appointment=thing)
                if decided == "imposed"
                else SanctionWaived(appointment=thing, reason=words.WAIVED)
            )
            self.write(ends, later)
        return self

    # --- the leading file ---

    def documented(self, on: dt.date, filed: bool = True) -> Self:
        """A step of the process written down; taken over into the leading file, or not yet."""
        step = ProcessStepDocumented(
            step="review", facts=words.STEP, considerations=words.REVIEW, agreement=words.GOAL, next_step=words.NEXT
        )
        id = self.write(step, on)
        if filed:
            self.write(DecisionFiled(target=id, how="copied"), on, late=1)
        return self
