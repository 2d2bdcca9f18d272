"""Whoever ends `erase`, `backup` or `restore` in the middle finds everything done or nothing, and does it again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from services.followups import lifecycle
from services.office.office import open_office
from services.operations import backup, checkpoints, erasure, restore, signature
from services.questions import casefile
from services.records import traces, values, witnesses
from services.settings import Settings
from tests.conftest import NOW, MakeOffice
from tests.services import keeping
from tests.services.dying import dies_at
from tests.services.keeping import CASE, OTHER, SECRETS

Said = dict[str, Any]


@pytest.fixture
def settings(make_office: MakeOffice, database_url: str) -> Settings:
    """Those of an office with two cases, a checkpoint, and nobody in it."""
    office = make_office(database=database_url)
    keeping.fill(office)
    lifecycle.issue_due(office, office.today(), office.now())
    checkpoints.checkpoint(office)
    office.close()
    return office.settings


def said(settings: Settings, number: str) -> Said | None:
    """What the office says of a case; nothing if there is none of this number."""
    with open_office(settings) as office, office.read() as tx:
        try:
            return casefile.timeline(tx, number)
        except casefile.UnknownCase:
            return None


def whole(settings: Settings) -> bool:
    """Whether the chain holds, also against the checkpoints."""
    return broken(settings) is None


def broken(settings: Settings) -> str | None:
    """Why it does not; an erasure that was begun stands in the file before it is done."""
    with open_office(settings) as office:
        first = checkpoints.verify(office, settings.checkpoints)["first_break"]
        return None if first is None else str(first["why"])


def erase(settings: Settings) -> str:
    with open_office(settings) as office:
        return str(erasure.erase(office, CASE)["replaced_by"])


def test_an_erasure_is_done_or_not_and_done_again(settings: Settings) -> None:
    before, step = said(settings, CASE), 0
    while said(settings, CASE) is not None:
        assert said(settings, CASE) == before
        assert broken(settings) in (None, witnesses.ERASURE_GONE)
        step += 2
        dies_at(step, lambda: erase(settings))
    assert step > 40
    with pytest.raises(erasure.ErasedBefore):  # which ends what was begun
        erase(settings)
    with open_office(settings) as office:
        assert traces.clear(office.engine)
        with office.read() as tx:
            assert values.value(tx.conn, traces.TRACES) is None
        checkpoints.checkpoint(office)
    assert whole(settings)
    assert said(settings, OTHER) is not None
    if settings.database.startswith("sqlite"):
        folders = (settings.data, Path(settings.database.removeprefix("sqlite:///")).parent)
        files = b"".join(path.read_bytes() for one in folders for path in one.glob("*") if path.is_file()).lower()
        assert [secret for secret in SECRETS if secret.lower().encode() in files] == []


def take(settings: Settings, file: Path) -> None:
    with open_office(settings) as office:
        backup.backup(office, file)


def test_a_backup_is_there_whole_or_not_at_all(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    file, step = folder / "copy", 1
    while dies_at(step, lambda: take(settings, file)):
        if file.exists():  # whole: it died while the office noted that one was taken
            assert signature.holds(file)
            file.unlink()
        assert len(list(folder.glob(".copy-*[0-9a-f]"))) <= 1  # the next one clears away what the last one left
        step += 19
    assert step > 50
    assert [path.name for path in folder.iterdir()] == ["copy"]
    assert whole(settings)


@pytest.fixture
def place(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Settings:
    """An empty place of the same kind, with the master key and the checkpoints."""
    (tmp_path / "new").mkdir()
    shutil.copy(settings.master_key_file, tmp_path / "new" / "master.key")
    shutil.copy(settings.checkpoints, tmp_path / "new" / "checkpoints.jsonl")
    if settings.database.startswith("sqlite"):
        return Settings(data=tmp_path / "new", fixed_now=NOW)
    copied = request.getfixturevalue("copied_database")
    return Settings(data=tmp_path / "new", fixed_now=NOW, database=copied(request.getfixturevalue("_with_tables")))


def test_a_backup_comes_back_whole_or_not_at_all(settings: Settings, place: Settings, tmp_path: Path) -> None:
    file, step = tmp_path / "copy", 1
    take(settings, file)
    code = erase(settings)
    shutil.copy(settings.checkpoints, place.checkpoints)  # knows of the erasure
    while dies_at(step, lambda: restore.restore(place, file)):
        if not is_empty(place):
            break
        step += 29
    assert step > 100
    assert not is_empty(place)
    assert (said(place, CASE), said(place, code)) == (None, said(settings, code))
    assert whole(place)
    with open_office(place) as office:
        assert traces.clear(office.engine)
        assert keeping.waiting(office) == 0
        assert lifecycle.issue_due(office, office.today(), office.now()) == 0


def is_empty(place: Settings) -> bool:
    with open_office(place) as office, office.read() as tx:
        return int(office.store.verify(tx.conn)["facts"]) == 0
