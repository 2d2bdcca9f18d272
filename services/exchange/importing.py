"""Takes facts of the fact format into the store: each once, refused lines by number and reason (Vertrag 1, 2)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from msgspec import structs
from sqlalchemy import Connection

from domain.facts import Fact, Stream, name_of
from domain.facts.correction import FactCorrected
from domain.knowledge import Modifier
from domain.records import Entry
from services.exchange import attendance, changes, erased, match, order, sensible, targets, trial, unknown
from services.exchange import cutover as cutovers
from services.exchange import snapshot as snapshots
from services.exchange.ahead import BATCHES, Ahead, Part, Read
from services.exchange.asker import OPERATOR, Asker
from services.exchange.attendance import Attendance
from services.exchange.hints import Hints
from services.exchange.lines import Frame, Line, again, read, too_long
from services.exchange.naming import naming
from services.exchange.profiles.profile import Profile
from services.exchange.source import Raw, Rejected, RejectedFile, Source, default_by, look_at
from services.exchange.tables import Converted, RejectedRows, Seen, converted
from services.exchange.told import Report
from services.followups import lifecycle
from services.office.office import Office, Transaction, mark_test_data
from services.records import database, garbage, meaning, rebuild
from services.records.fields import correction_reasons
from services.records.fresh import keep
from services.records.identity import Outcome
from services.records.other_numbers import known_as
from services.records.pace import Turns
from services.records.reasons import Reason, Refused, shown
from services.records.rebuild import Crew

Progress = Callable[[int, float], None]
_OF_ONE_STREAM = 500  # lines stored at once of one case, person or unit


def import_file(
    office: Office,
    path: Path,
    *,
    profile: Profile | None = None,
    update: bool = False,
    snapshot: snapshots.Asked | None = None,
    cutover: cutovers.Asked | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    asker: Asker = OPERATOR,
) -> Report:
    """Imports a `.jsonl` file, or through a `profile` a table. `dry_run`: nothing is kept.

    `update`: an id with other content becomes a correction, as always through a profile and of a `snapshot`, which in
    addition withdraws what it lacks; it is refused as a whole if that is too much, and withdraws nothing if a line was.
    `cutover`: the file is of a new leading system; what of it is known is linked, the rest is written beside the file.

    `progress` gets now and then the lines that are done and the share of the file (0 to 1). A batch is stored in short
    transactions; what an interrupted import has stored is known when it is repeated. Raises Unusable, Missing,
    Unreadable, NoSnapshot, NoCutover, Faulty, OSError.
    """
    look_at(path, as_table=profile is not None)
    system = profile.system if profile else cutover.new if cutover else None
    frame = Frame(office.now(), f"import:{system}" if system else default_by(path))
    rejected = RejectedRows(path, profile.file) if profile else None
    beside = cutovers.Unmatched(path) if cutover else nullcontext()
    with (
        converted(path, profile, frame, office.settings.data) if profile else Source(path) as source,
        rejected or Rejected(source) as refused,
        beside as unmatched,
        database.spacious(office.engine),
        garbage.seldom(),
        trial.place(office) if dry_run else trial.in_turn(office, asker.say) as place,
        Crew(office.vault) as crew,
    ):
        turns = Turns(partial(_transaction, place, crew))
        update = update or any(one is not None for one in (profile, snapshot, cutover))
        run = _Run(place, frame, update, refused, None if dry_run else crew, turns)
        run.line, run.asker = again if profile else read, asker
        run.side = match.Side(system, takes_over=cutover is not None) if system else None
        if cutover:
            told = cutovers.names(source, cutover, profile)
            with place.write() as tx:
                cutovers.begin(tx, cutover, told)
        with place.read() as tx:
            run.called = known_as(tx.conn, office.vault, system or (snapshot.system if snapshot else ""))
            if snapshot:
                run.plan = snapshots.plan(tx, source, snapshot, profile, run.called)
            run.attendance, run.hints = Attendance(tx, source, frame, run.plan), Hints(tx)
        run.take(order.batches(source), progress)
        with place.read() as tx:
            run.report.waiting = targets.waiting(tx.conn, office.vault, run.targets)
            run.report.notes += [*run.hints.sentences(tx), *filter(None, [unknown.sentence(run.settings)])]
        if isinstance(source, Converted):
            run.of_rows(source.seen)
        run.withdraw()
        if not dry_run:
            run.follow_settings()
        if cutover and unmatched:
            with place.read() as tx:
                unmatched.rows = cutovers.alone(tx, cutover, told)
            run.report.only_old, run.report.only_new = cutovers.counted(unmatched.rows, cutover)
            run.report.notes.append(cutovers.sentence(unmatched.rows, cutover, unmatched.path))
    run.report.problems += filter(None, [refused.problem])
    run.report.rejected.sort()
    return run.report


def _transaction(office: Office, crew: Crew) -> AbstractContextManager[Transaction]:
    crew.start_now_or_never()
    return office.write()


class _Batch(NamedTuple):
    """Lines that are read: as they are to be stored, those with an id by it, how many are done before them."""

    parts: Sequence[Part]
    named: dict[str, Read]
    done: int
    share: float


class _Run:
    """One import, batch after batch; without a crew, which computes rows, it is only tried."""

    def __init__(
        self,
        office: Office,
        frame: Frame,
        update: bool,
        rejected: RejectedFile,
        crew: Crew | None,
        turns: Turns[Transaction],
    ) -> None:
        self.report = Report()
        self.targets: list[str] = []
        self._office, self._frame, self._update = office, frame, update
        self._rejected, self._crew, self._turns = rejected, crew, turns
        self._ahead = None if crew is None else Ahead(office, crew, frame.now)
        self._named: dict[str, Read] = {}
        self.settings: list[Fact] = []
        self.plan: snapshots.Plan | None = None
        self.side: match.Side | None = None  # of a profile; only its facts are held against those of other sources
        self.asker = OPERATOR
        self.line: Callable[[bytes, Frame], Line] = read  # how a line is read: one that a table gave is in order
        self._left_out: set[int] = set()  # lines about erased cases
        self.attendance: Attendance  # of the lines about units and people
        self.hints: Hints
        self.called: Callable[[str], str] = str  # how a case is called here

    def take(self, batches: Iterable[order.Batch], progress: Progress | None) -> None:
        """Stores what is good of some batches, stream by stream, and refreshes the cases it touched.

        While one is stored, new cases of the next ones are made ready. `progress` gets the number of lines that are
        done and the share of the file, each time some are kept.
        """
        begun: deque[_Batch] = deque()
        for raws, share in batches:
            begun.append(self._begun(raws, share))
            if len(begun) > BATCHES:
                self._keep(begun.popleft(), progress)
        for batch in begun:
            self._keep(batch, progress)

    def _begun(self, raws: list[Raw], share: float) -> _Batch:
        good = [found for raw in raws if (found := self._read(raw))]
        of_one: dict[tuple[Stream, str], list[Read]] = {}
        for one in good:
            of_one.setdefault((one.line.stream, one.line.number), []).append(one)
        parts = [
            lines[at : at + _OF_ONE_STREAM] for lines in of_one.values() for at in range(0, len(lines), _OF_ONE_STREAM)
        ]
        begun = [Part(lines) for lines in parts] if self._ahead is None else self._ahead.begin(parts)
        named = {one.entry.id: one for one in reversed(good) if one.entry.id}
        return _Batch(begun, named, self.report.read - len(good), share)

    def _keep(self, batch: _Batch, progress: Progress | None) -> None:
        self._named, done = batch.named, batch.done

        def tell(lines: int) -> None:
            nonlocal done
            done += lines
            if progress is not None:
                progress(done, batch.share)

        self._turns.work((part.wait() for part in batch.parts), self._store, lambda part: len(part.lines), tell)

    def _store(self, tx: Transaction, parts: list[Part]) -> None:
        mark_test_data(tx)
        fresh = [part.fresh for part in parts if part.fresh is not None]
        kept = bool(fresh) and keep(tx.conn, self._office.vault, fresh)
        self.report.added += sum(one.size for one in fresh) if kept else 0
        others = [one for part in parts if not (kept and part.fresh) for one in part.lines]
        if others:
            self._store_any(tx, others)

    def _store_any(self, tx: Transaction, lines: list[Read]) -> None:
        good = self.attendance.fitting(tx, lines, self._refuse)
        about = {fact.target for one in good if isinstance(fact := one.entry.fact, Modifier)}
        there = targets.find(tx.conn, self._office.vault, about)
        names = {id: name_of(self._named[id].entry.fact) for id in about & self._named.keys()}
        names |= {id: target.name for id, target in there.items()}
        by_stream = self._by_stream(tx.conn, [one for one in good if self._fits(one, names)])
        by_stream = {key: self._of_own_stream(key, found, there) for key, found in by_stream.items()}
        touched = self._appended(tx.conn, {key: found for key, found in by_stream.items() if found})
        self.attendance.stored(tx, good)
        settings = [one.entry.fact for key in touched for one in by_stream[key] if one.line.stream is Stream.OFFICE]
        cases = [key for key in touched if by_stream[key][0].line.stream is Stream.CASE]
        self._refresh(tx.conn, settings, cases, touched)

    def of_rows(self, seen: Seen) -> None:
        """Counts rows of the source in place of facts; one that was refused stands there once, with what came first."""
        for number, reason in seen.refused.items():
            self._refuse(Raw(number, 0, 0, None), reason)
        self.report.read = seen.rows
        self.report.rejected = sorted(dict(reversed(self.report.rejected)).items())

    def withdraw(self) -> None:
        """Withdraws what a snapshot lacks, unless a line of it was refused: then it may lack that, but not where its
        case is erased, of which nothing stands here.
        """
        if self.plan is None or not self.plan.gone:
            return
        if {number for number, _ in self.report.rejected} - self._left_out:
            self.report.notes.append(snapshots.KEPT)
            return
        with self._office.read() as tx:
            kept, said = attendance.kept_back(tx, self.plan.gone)
        if kept:
            self.report.notes.append(f"{snapshots.KEPT_BACK} {' '.join(said)}")
        self._turns.work(sorted(set(self.plan.gone) - kept), self._withdrawn)

    def _withdrawn(self, tx: Transaction, gone: list[snapshots.Gone]) -> None:
        entries = snapshots.withdrawals(gone := attendance.still_gone(tx, gone), self._frame)
        settings = [entry.fact for one in gone if one.stream is Stream.OFFICE for entry in entries[one.key]]
        self.report.withdrawn += len(gone)
        ids = {one.id for one in gone}
        for key, found in entries.items():
            records = self._office.store.records(tx.conn, key, with_text=True)
            found.extend(match.released(records, ids, self._frame))
        self._office.store.append_many(tx.conn, entries, self._frame.now)
        grown = Counter({key: len(found) for key, found in entries.items()})
        self._refresh(tx.conn, settings, sorted({one.key for one in gone if one.stream is Stream.CASE}), grown)

    def _refresh(self, conn: Connection, settings: list[Fact], cases: list[UUID], grown: Counter[UUID]) -> None:
        """Computes rows and follow-ups of these cases anew; where settings are new, those of all follow at the end."""
        self.settings += settings
        if self._crew is None:
            return
        if settings:
            meaning.settings_changed(conn)
        self._crew.refresh(conn, cases, added=grown)
        lifecycle.resolve_many(conn, cases, self._frame.now)

    def follow_settings(self) -> None:
        """If settings changed: computes the rows of all cases by them, and settles their follow-ups."""
        if not self.settings:
            return
        rebuild.catch_up(self._office.engine, self._office.vault, wait=True)
        with self._office.read() as tx:
            cases = list(self._office.store.streams(tx.conn, Stream.CASE))
        self._turns.work(cases, lambda tx, some: lifecycle.resolve_many(tx.conn, some, self._frame.now))

    def _read(self, raw: Raw) -> Read | None:
        self.report.read += 1
        try:
            if raw.content is None:
                raise too_long(raw.size)
            if raw.number in self.attendance.refused:
                raise self.attendance.refused[raw.number]
            line = self.line(raw.content, self._frame)
            self.asker.check(line)
            self.hints.see(raw.number, line)
            return Read(raw, self._as_stored(line))
        except Refused as refused:
            self._refuse(raw, refused)
            return None

    def _as_stored(self, line: Line) -> Line:
        """The line with the case number and the id that it is stored under."""
        if line.stream is Stream.CASE:
            line = line._replace(number=self.called(line.number))
        other = self.plan.renamed.get(line.entry.id or "") if self.plan else None
        return line._replace(entry=structs.replace(line.entry, id=other)) if other else line

    def _refuse(self, raw: Raw, refused: Refused | str) -> None:
        self.report.rejected.append((raw.number, str(refused)))
        self._rejected.add(raw, str(refused))

    def _leave_out(self, raw: Raw, refused: Refused) -> None:
        self._left_out.add(raw.number)
        self._refuse(raw, refused)

    def _fits(self, one: Read, names: dict[str, str]) -> bool:
        """Refuses a correction of a fact that has no such fields; a target that is not there yet fits."""
        fact = one.entry.fact
        if not isinstance(fact, FactCorrected) or fact.target not in names:
            return True
        reasons = correction_reasons(fact.data or {}, names[fact.target], one.entry.text_left_out, self._frame.latest)
        if reasons:
            self._refuse(one.raw, Refused(reasons))
        return not reasons

    def _of_own_stream(self, key: UUID, lines: list[Read], there: dict[str, targets.Target]) -> list[Read]:
        """Refuses corrections and withdrawals of what belongs to another case: they would change nothing."""
        kept = []
        for one in lines:
            fact = one.entry.fact
            if isinstance(fact, Modifier) and self._of_another(key, one, fact.target, there):
                sentence = f"{shown(fact.target)} gehört zu einem anderen Fall."
                self._refuse(one.raw, Refused([Reason("data.target", sentence)]))
            else:
                kept.append(one)
        return kept

    def _of_another(self, key: UUID, one: Read, target: str, there: dict[str, targets.Target]) -> bool:
        """Whether the target is stored elsewhere or, not stored yet, is named elsewhere in this batch."""
        if target in there:
            return there[target].key != key
        named = self._named.get(target)
        return named is not None and (named.line.stream, named.line.number) != (one.line.stream, one.line.number)

    def _by_stream(self, conn: Connection, lines: list[Read]) -> dict[UUID, list[Read]]:
        found: dict[UUID, list[Read]] = {}
        for stream in Stream:
            of_kind = [one for one in lines if one.line.stream is stream]
            if stream is Stream.CASE:
                of_kind = erased.left_out(conn, self._office, of_kind, self._frame.now, self._leave_out)
            if stream is Stream.OFFICE:
                of_kind = sensible.left_out(conn, self._office, of_kind, self._frame.now, self._refuse)
            keys = self._office.store.open_streams(conn, stream, sorted({one.line.number for one in of_kind}))
            for one in of_kind:
                found.setdefault(keys[one.line.number], []).append(one)
        return found

    def _appended(self, conn: Connection, by_stream: dict[UUID, list[Read]]) -> Counter[UUID]:
        """Appends what is new and settles what is stored already; returns by how much each stream has grown."""
        entries = {key: [one.entry for one in lines] for key, lines in by_stream.items()}
        outcomes = self._office.store.append_many(conn, entries, self._frame.now)
        added = Counter({key: count for key, found in outcomes.items() if (count := found.count(Outcome.ADDED))})
        self.report.added += added.total()
        grown, back = self._settled(conn, self._doubtful(conn, by_stream, outcomes))
        if self.side is None:
            return added + grown
        new = {key: [one.entry for one in lines] for key, lines in by_stream.items() if added[key] or key in back}
        of_new = {key: match.New(entries, added[key], grown[key], back.get(key, set())) for key, entries in new.items()}
        linked, matched = match.link(conn, self._office.store, of_new, self.side, self._frame)
        self.report.matched += matched
        self.report.added -= matched
        return added + grown + linked

    def _doubtful(
        self, conn: Connection, by_stream: dict[UUID, list[Read]], outcomes: dict[UUID, list[Outcome]]
    ) -> dict[UUID, list[Read]]:
        """The lines whose id is stored with other content, or whose fact may count otherwise since it was stored."""
        corrected = changes.corrected_streams(conn, by_stream) if self._update else set()
        found: dict[UUID, list[Read]] = {}
        for key, lines in by_stream.items():
            for one, outcome in zip(lines, outcomes[key], strict=True):
                if isinstance(fact := one.entry.fact, Modifier):
                    self.targets.append(fact.target)
                if outcome is Outcome.DIFFERS or (outcome is Outcome.KNOWN and key in corrected and one.entry.id):
                    found.setdefault(key, []).append(one)
                elif outcome is Outcome.KNOWN:
                    self.report.known += 1
        return found

    def _settled(
        self, conn: Connection, doubtful: dict[UUID, list[Read]]
    ) -> tuple[Counter[UUID], dict[UUID, set[str]]]:
        """Decides about lines whose id is stored already; returns how many corrections each stream got, and the ids
        of what counts otherwise since.
        """
        corrections: dict[UUID, list[Entry]] = {}
        changed: dict[UUID, set[str]] = {}
        named = naming(conn, self._office.store, self._office.vault)
        for key, lines in doubtful.items():
            stream = changes.Stream(self._office.store.records(conn, key, with_text=True), self._frame, named)
            for one in lines:
                try:
                    found = stream.settle(one.entry, update=self._update)
                except Refused as refused:
                    self._refuse(one.raw, refused)
                    continue
                self.report.known += not found
                if found:
                    self.report.changed += 1
                    corrections.setdefault(key, []).extend(found)
                    changed.setdefault(key, set()).add(one.entry.id or "")
        if corrections:
            self._office.store.append_many(conn, corrections, self._frame.now)
        return Counter({key: len(found) for key, found in corrections.items()}), changed
