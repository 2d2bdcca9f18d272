"""Who was never steered: measures, and jobs taken up outside the placement area (QS 1/2020, QS 4/2020)."""

from __future__ import annotations

import datetime as dt

from domain.periods import DAY
from services.demo.lives import Life

YEAR = dt.date(2019, 6, 1), dt.date(2020, 5, 31)  # in which QS 4/2020 counted the jobs (Fachkonzept 4.3)
TAKEN_UP = 0.49  # of those there in that year: with a job; makes the 52 % of the report
TRAINED = 0.6  # of those who are gone: with a measure; not handed down
TRAINING = ("heranfuehrung", "sprachkurs", "aktivzentrum", "coaching", "lebe", "pace")


def goes_by(life: Life, first: dt.date, last: dt.date) -> None:
    """A case over by `last` that never was in Integration; what is still ahead has not happened."""
    if last >= life.calendar.today:
        return
    if life.chance.random() < TRAINED:
        start = first + life.days(60, (last - first).days - 60)
        life.trains(life.chance.choice(TRAINING), start, min(start + life.days(60, 200), last - DAY))
    job = _job(life, first, last)
    if job and life.chance.random() < 0.5:
        life.finds_work(job - DAY)
        return
    if job:
        life.works("sv-pflichtig", job, extent="part-time-over-900")
    life.leaves(last)


def works_before(life: Life, first: dt.date, last: dt.date) -> None:
    """A job taken up and lost before somebody thought of Integration."""
    if job := _job(life, first, last):
        life.works("sv-pflichtig", job, job + life.days(20, 200), "part-time-under-900")


def _job(life: Life, first: dt.date, last: dt.date) -> dt.date | None:
    begin, end = max(first + 60 * DAY, YEAR[0]), min(last - 30 * DAY, YEAR[1])
    if begin >= end or life.chance.random() >= TAKEN_UP:
        return None
    return begin + life.days(0, (end - begin).days)
