"""Faults in the lanes of the timeline: what follows what, what counts as one (domain.md 2.0, 3.0)."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

MUTATIONS = (
    Mutation(
        "what ends on the day of a new start lasts that day, too",
        "timeline.py",
        "close(day - DAY if begun else day, end)",
        "close(day, end)",
    ),
    Mutation(
        "what is followed by a new start lasts until that day",
        "timeline.py",
        "            close(day - DAY, None)",
        "            close(day, None)",
    ),
    Mutation(
        "of two starts of a day the first stands",
        "timeline.py",
        "current = begun[-1]",
        "current = begun[0]",
    ),
    Mutation(
        "of two ends of a day the last stands",
        "timeline.py",
        "for end in reversed(ends)}",
        "for end in ends}",
    ),
    Mutation(
        "a second end moves the beginning of the gap",
        "timeline.py",
        "since = since if running is False and day not in begins else day + DAY",
        "since = day + DAY",
    ),
    Mutation(
        "a gap lasts until the day of the new start",
        "timeline.py",
        "found.append(Period(since, day - DAY))",
        "found.append(Period(since, day))",
    ),
    Mutation(
        "a gap of one day is none",
        "timeline.py",
        "running is False and since < day:",
        "running is False and since < day - DAY:",
    ),
    Mutation(
        "one day between two bars parts them",
        "timeline.py",
        "if later.first > earlier.last + 2 * DAY:",
        "if later.first > earlier.last + DAY:",
    ),
    Mutation(
        "two days between two bars do not part them",
        "timeline.py",
        "if later.first > earlier.last + 2 * DAY:",
        "if later.first > earlier.last + 3 * DAY:",
    ),
    Mutation(
        "a bar ended in error is not continued",
        "timeline.py",
        'return reason in (None, "error")',
        "return reason is None",
    ),
    Mutation(
        "a bar ended for a job is continued",
        "timeline.py",
        'return reason in (None, "error")',
        'return reason in (None, "error", "employment")',
    ),
    Mutation(
        "bars of different strategies are one",
        "timeline.py",
        "if spells and spells[-1].strategy == strategy and",
        "if spells and",
    ),
    Mutation(
        "a bar is asked about on the day it was ended",
        "timeline.py",
        "self.last - DAY if end and end.on == self.last else self.last)",
        "self.last)",
    ),
    Mutation(
        "the bar keine-hs-alg1 is no ALG I",
        "timeline.py",
        "return merge(one.period for one in (*self.alg1, *bars))",
        "return merge(one.period for one in (*self.alg1, *list(bars)[:0]))",
    ),
    Mutation(
        "every bar that is no strategy is ALG I",
        "timeline.py",
        '.kind == "keine-hs-alg1")',
        ".kind)",
    ),
    Mutation(
        "an appointment follows the days, not the recording",
        "timeline.py",
        "key=lambda one: (one.recorded_at, _STATUS[type(one.fact)], one.on, one.ref))",
        "key=lambda one: (one.on, one.recorded_at, _STATUS[type(one.fact)], one.ref))",
    ),
    Mutation(
        "recorded at one moment, missed beats held",
        "timeline.py",
        "    AppointmentMissed: 4,\n    AppointmentHeld: 5,\n",
        "    AppointmentMissed: 5,\n    AppointmentHeld: 4,\n",
    ),
    Mutation(
        "a cancelled appointment moves to the day it was cancelled",
        "timeline.py",
        "dated = [fact for fact in telling if not isinstance(fact.fact, AppointmentCancelled)] or telling",
        "dated = telling",
    ),
    Mutation(
        "an invitation is the day of the appointment",
        "timeline.py",
        "telling = [fact for fact in ordered if not isinstance(fact.fact, AppointmentInvited)]",
        "telling = ordered",
    ),
)
