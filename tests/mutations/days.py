"""Faults in how days, knowledge and rows are taken (Fachkonzept 2.0)."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

MUTATIONS = (
    Mutation(
        "a month later is clamped to the 28th",
        "periods.py",
        "min(day.day, monthrange(year, month + 1)[1])",
        "min(day.day, 28)",
    ),
    Mutation(
        "the latest start for full months is one day early",
        "periods.py",
        "while add_months(start + DAY, months) <= day:",
        "while add_months(start + DAY, months) < day:",
    ),
    Mutation(
        "the day of a moment is the one in Greenwich",
        "periods.py",
        "moment.astimezone(BERLIN).date()",
        "moment.astimezone(dt.UTC).date()",
    ),
    Mutation(
        "a common single day is none",
        "periods.py",
        "return Period(first, last) if first <= last else None",
        "return Period(first, last) if first < last else None",
    ),
    Mutation(
        "periods that touch stay two",
        "periods.py",
        "first <= merged[-1].last + DAY)",
        "first <= merged[-1].last)",
    ),
    Mutation(
        "the last day that is taken away stays",
        "periods.py",
        "Period(away.last + DAY, period.last)",
        "Period(away.last, period.last)",
    ),
    Mutation(
        "the last day of a period is not counted",
        "periods.py",
        "return (self.last - self.first).days + 1",
        "return (self.last - self.first).days",
    ),
    Mutation(
        "a plan counts from its own day only",
        "knowledge.py",
        "visible_from=min(on, local_day(record.recorded_at))",
        "visible_from=on",
    ),
    Mutation(
        "a fact is not yet known at the moment of its recording",
        "knowledge.py",
        "if at is None or heard_at(record, reading) <= at]",
        "if at is None or heard_at(record, reading) < at]",
    ),
    Mutation(
        "the first of several corrections counts",
        "knowledge.py",
        "changes.update(one.data or {})",
        "changes = (one.data or {}) | changes",
    ),
    Mutation(
        "a correction of the day alone is none",
        "knowledge.py",
        "        on = one.on or on\n",
        "        on = (one.data and one.on) or on\n",
    ),
    Mutation(
        "a correction moves no fact to another day",
        "knowledge.py",
        "return _known(record, on, _with_changes",
        "return _known(record, record.on, _with_changes",
    ),
    Mutation(
        "the last of several corrections counts alone",
        "knowledge.py",
        "changes.update(one.data or {})",
        "changes = dict(one.data or {})",
    ),
    Mutation(
        "a correction that says nothing of the day takes it back",
        "knowledge.py",
        "        on = one.on or on\n",
        "        on = one.on or record.on\n",
    ),
    Mutation(
        "a withdrawn correction goes on correcting",
        "knowledge.py",
        "            if effective is None:\n                continue\n",
        "            effective = effective or as_known(modifier)\n",
    ),
    Mutation(
        "by its own day a fact is known later than it arrived",
        "knowledge.py",
        "return min(end_of_day(record.on), record.recorded_at)",
        "return end_of_day(record.on)",
    ),
    Mutation(
        "facts of one day count in the order of their names",
        "knowledge.py",
        "return (fact.on, fact.recorded_at, fact.ref)",
        "return (fact.on, fact.ref, fact.recorded_at)",
    ),
    Mutation(
        "rows are drawn anew from the last change on only",
        "sheets.py",
        "found = min(found or OPEN, max(changed[key], begun))",
        "found = max(found or changed[key], changed[key], begun)",
    ),
    Mutation(
        "a row lasts a day longer than it was true",
        "sheets.py",
        "joined.add(row if last(row) <= until else _with_days(row, first(row), until))",
        "joined.add(row)",
    ),
    Mutation(
        "what is said on neighbouring days is said twice",
        "sheets.py",
        "last(self._kept[at]) + DAY == first(row)",
        "last(self._kept[at]) == first(row)",
    ),
    Mutation(
        "a row that goes on is known anew with each fact",
        "sheets.py",
        "            self._since.setdefault(row, moment)",
        "            self._since[row] = moment",
    ),
    Mutation(
        "a handover waits on the day of its answer, too",
        "handovers.py",
        "following.on - DAY if following else OPEN",
        "following.on if following else OPEN",
    ),
    Mutation(
        "an old offer waits again once a newer one is answered",
        "handovers.py",
        "ANSWERS = (HandoverAccepted, HandoverRejected, HandoverWithdrawn)",
        "ANSWERS = (HandoverAccepted, HandoverRejected)",
    ),
    Mutation(
        "a withdrawal counts only while nothing was said after it",
        "knowledge.py",
        "            if isinstance(effective.fact, FactWithdrawn):",
        "            if isinstance(effective.fact, FactWithdrawn) and modifier is about[-1]:",
    ),
    Mutation(
        "a correction of a correction is passed over",
        "knowledge.py",
        "            corrections.append(effective.fact)\n",
        "            corrections.append(modifier.fact)\n",
    ),
    Mutation(
        "what a correction touches is not looked at again",
        "knowledge.py",
        "            while next_one is not None and next_one.ref not in found:",
        "            if next_one is not None and next_one.ref not in found:",
    ),
    Mutation(
        "what ended on the day before is drawn over",
        "sheets.py",
        "bisect_left(self._rows, changed_from - DAY, key=last)",
        "bisect_left(self._rows, changed_from + DAY, key=last)",
    ),
    Mutation(
        "a fact seen ahead counts in the days before",
        "sheets.py",
        "[*facts[: -len(ahead)], *visible(ahead, self._day)] if hidden else facts",
        "facts",
    ),
    Mutation(
        "a span stays when the responsibility is told late",
        "lane_sheets.py",
        "before = [row for row in rows if row.first >= care_from]",
        "before = [row for row in rows if row.first > care_from]",
    ),
    Mutation(
        "a case that grows keeps what ends on the day before",
        "history.py",
        "if last(row) < self.since - DAY:",
        "if last(row) < self.since + DAY:",
    ),
    Mutation(
        "a case that grows forgets the lanes of things",
        "history.py",
        "return things is None or row.thing in things",
        "return things is None",
    ),
)
