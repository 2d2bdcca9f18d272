"""Faults in the clocks and their deductions (Fachkonzept 3.0), and in what counts as a violation (3.1 no. 10)."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

MUTATIONS = (
    Mutation(
        "of two reasons for a day the later one counts",
        "clocks.py",
        "for reason, periods in pausing(timeline).items():",
        "for reason, periods in reversed(pausing(timeline).items()):",
    ),
    Mutation(
        "a closed case goes on counting",
        "clocks.py",
        '"closed": timeline.closed,',
        '"closed": [],',
    ),
    Mutation(
        "a pause set by a lead goes on counting",
        "clocks.py",
        '"manual": [pause.period for pause in timeline.pauses],',
        '"manual": [],',
    ),
    Mutation(
        "a gap in benefit goes on counting",
        "clocks.py",
        '"benefit-gap": timeline.benefit_gaps,',
        '"benefit-gap": [],',
    ),
    Mutation(
        "a job in training should not have ended the strategy",
        "clocks.py",
        '"selbstaendig", "ausbildung")',
        '"selbstaendig")',
    ),
    Mutation(
        "a minor job should have ended the strategy",
        "clocks.py",
        'ENDING_JOBS = ("sv-pflichtig",',
        'ENDING_JOBS = ("sv-pflichtig", "geringfuegig",',
    ),
    Mutation(
        "a job of which nobody says that benefit ends takes days",
        "clocks.py",
        "fact.benefit_ends is True",
        "fact.benefit_ends is not False",
    ),
    Mutation(
        "steered again on the last day of the job",
        "clocks.py",
        "again = bisect_right(steered, job.last)",
        "again = bisect_right(steered, job.last - DAY)",
    ),
    Mutation(
        "steered again by whatever responsibility",
        "clocks.py",
        "[care.first for care in timeline.care if care.area in PLACEMENT] + [bar",
        "[care.first for care in timeline.care] + [bar",
    ),
    Mutation(
        "a new bar is no steering",
        "clocks.py",
        "if care.area in PLACEMENT] + [bar.first for bar in timeline.bars]",
        "if care.area in PLACEMENT]",
    ),
    Mutation(
        "the day that is not over is deducted",
        "clocks.py",
        "_until(deductions(timeline, spell.period), as_of - DAY)",
        "_until(deductions(timeline, spell.period), as_of)",
    ),
    Mutation(
        "the day that is not over counts for an area",
        "clocks.py",
        "Period(dt.date.min, as_of - DAY)",
        "Period(dt.date.min, as_of)",
    ),
    Mutation(
        "lead time ends with an area left before the bar",
        "clocks.py",
        "if care.area in PLACEMENT and care.last >= spell.first]",
        "if care.area in PLACEMENT]",
    ),
    Mutation(
        "a talk of today is none yet",
        "clocks.py",
        "[day for day in days if day <= as_of]",
        "[day for day in days if day < as_of]",
    ),
    Mutation(
        "a talk by video is one in person",
        "clocks.py",
        'one.planned_channel) != "video"',
        'one.planned_channel) != "phone"',
    ),
    Mutation(
        "days taken before are counted again in the shift",
        "clocks.py",
        "(period.first - origin).days - shown, None",
        "(period.first - origin).days, None",
    ),
    Mutation(
        "a deduction that runs has an end already",
        "clocks.py",
        "one.last if one.last < first else None) for one",
        "one.last if one.last <= first else None) for one",
    ),
    Mutation(
        "R-15: only from the day after the offer",
        "violations.py",
        "_between(bars, handover.on, until)",
        "_between(bars, handover.on + DAY, until)",
    ),
    Mutation(
        "R-15: whoever sets the bar",
        "violations.py",
        "if bar.by == handover.by and not",
        "if bar.by and not",
    ),
    Mutation(
        "R-15: an answer of the same day is none",
        "violations.py",
        "bisect_left(answered, handover.on)",
        "bisect_right(answered, handover.on)",
    ),
    Mutation(
        "R-17b: a bar of the first day of the job is an old one",
        "used_again.py",
        "if found and bar and bar.first < job.first:",
        "if found and bar and bar.first <= job.first:",
    ),
    Mutation(
        "R-17b: a Minijob ends a strategy",
        "used_again.py",
        ".kind in ENDING_JOBS",
        ".kind != ''",
    ),
    Mutation(
        "R-17b: benefit that ended during the job runs again",
        "used_again.py",
        "one.on < gap.first <= since for gap",
        "one.on < gap.first < gap.last < since for gap",
    ),
    Mutation(
        "R-17b: before benefit runs again",
        "used_again.py",
        "max(last + DAY, one.on)",
        "last + DAY",
    ),
    Mutation(
        "R-19: a bar from the first day of the gap lies across it",
        "violations.py",
        "if overlap and bar.first < gap.first:",
        "if overlap and bar.first <= gap.first:",
    ),
    Mutation(
        "R-17b: benefit that started with the job runs again",
        "used_again.py",
        "bisect_right(starts, first, key",
        "bisect_right(starts, first - DAY, key",
    ),
)
