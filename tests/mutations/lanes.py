"""Faults in the lanes of the timeline: what follows what, what counts as one (Fachkonzept 2.0, 3.0, 6.1)."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

MUTATIONS = (
    Mutation(
        "what ends on the day of a new start lasts that day, too",
        "stretches.py",
        "close(day - DAY if begun else day, end)",
        "close(day, end)",
    ),
    Mutation(
        "what is followed by a new start lasts until that day",
        "stretches.py",
        "            close(day - DAY, None)",
        "            close(day, None)",
    ),
    Mutation(
        "of two starts of a day the first stands",
        "stretches.py",
        "current = begun[-1]",
        "current = begun[0]",
    ),
    Mutation(
        "of two ends of a day the last stands",
        "stretches.py",
        "{one: ends[0] for",
        "{one: ends[-1] for",
    ),
    Mutation(
        "a second end moves the beginning of the gap",
        "stretches.py",
        "since = since if running is False and day not in begins else day + DAY",
        "since = day + DAY",
    ),
    Mutation(
        "a gap lasts until the day of the new start",
        "stretches.py",
        "found.append(Period(since, day - DAY))",
        "found.append(Period(since, day))",
    ),
    Mutation(
        "a gap of one day is none",
        "stretches.py",
        "running is False and since < day:",
        "running is False and since < day - DAY:",
    ),
    Mutation(
        "one day between two bars parts them",
        "timeline.py",
        "if later.on > earlier.last + 2 * DAY or",
        "if later.on > earlier.last + DAY or",
    ),
    Mutation(
        "two days between two bars do not part them",
        "timeline.py",
        "if later.on > earlier.last + 2 * DAY or",
        "if later.on > earlier.last + 3 * DAY or",
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
        " or _strategy(earlier.start) != _strategy(later):",
        ":",
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
        "things.py",
        "return (one.recorded_at, _STATUS[type(one.fact)], one.on, one.ref)",
        "return (one.on, one.recorded_at, _STATUS[type(one.fact)], one.ref)",
    ),
    Mutation(
        "recorded at one moment, missed beats held",
        "things.py",
        "    AppointmentMissed: 4,\n    AppointmentHeld: 5,\n",
        "    AppointmentMissed: 5,\n    AppointmentHeld: 4,\n",
    ),
    Mutation(
        "a cancelled appointment moves to the day it was cancelled",
        "things.py",
        "dated = (fact for fact in chain([last], telling) if not isinstance(fact.fact, AppointmentCancelled))",
        "dated = chain([last], telling)",
    ),
    Mutation(
        "an invitation is the day of the appointment",
        "things.py",
        "telling = (fact for fact in reversed(ordered) if not isinstance(fact.fact, AppointmentInvited))",
        "telling = iter(reversed(ordered))",
    ),
    Mutation(
        "the day between two bars belongs to none",
        "spans.py",
        "last = bar.last + DAY if _bridged(timeline, bar) else bar.last",
        "last = bar.last",
    ),
    Mutation(
        "the day between two bars belongs to one before the other is known",
        "spans.py",
        "seen = visible(ahead, between)",
        "seen = ahead",
    ),
    Mutation(
        "benefit is assumed though its end is known",
        "spans.py",
        "OPEN if said is None else said - DAY)",
        "OPEN)",
    ),
    Mutation(
        "benefit is assumed on the day it is first said",
        "spans.py",
        "OPEN if said is None else said - DAY)",
        "OPEN if said is None else said)",
    ),
    Mutation(
        "an appointment that changes its day keeps it in the row",
        "courses.py",
        "        if said == self._now:",
        "        if said == (said and self._now and self._now._replace(day=said.day)):",
    ),
    Mutation(
        "of a request the first step stands",
        "things.py",
        "    last = ordered[-1]\n    decided",
        "    last = ordered[0]\n    decided",
    ),
    Mutation(
        "of steps recorded at one moment a refusal beats the consent",
        "things.py",
        '    ExtensionRejected: "rejected",\n    ExtensionApproved: "approved",\n',
        '    ExtensionApproved: "approved",\n    ExtensionRejected: "rejected",\n',
    ),
    Mutation(
        "an appointment known ahead counts before it was recorded",
        "things.py",
        "others = (appointment(visible(self._about[name], day)) for name in hidden)",
        "others = (appointment(self._about[name]) for name in hidden)",
    ),
    Mutation(
        "of what reaches a day its last day is left out",
        "stretches.py",
        "return lane[bisect_left(lane, day, key=_last) :]",
        "return lane[bisect_left(lane, day + DAY, key=_last) :]",
    ),
    Mutation(
        "what covers a day ends before its last one",
        "stretches.py",
        "        if day <= one.last:\n",
        "        if day < one.last:\n",
    ),
)
