"""Names that an older version has indexed by words spelled otherwise."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert

from services.office.office import Office, open_office
from services.records import seals, spelling, values
from services.records.tables import blind_index, marks
from services.records.words import SPELLING
from tests.services.records.test_vault import opened


def test_names_that_were_indexed_otherwise_are_found_when_the_database_is_opened_again(
    any_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, other = (opened(any_office, number, last_name=name) for number, name in (("C-1", "Łukasz"), ("C-2", "Weber")))
    with any_office.write() as tx:  # as an older version has written it, which knew no letter with a stroke
        tx.conn.execute(delete(blind_index).where(blind_index.c.key == key))
        tx.conn.execute(insert(blind_index), [{"word": any_office.vault._word("ukasz"), "key": key}])
        tx.conn.execute(delete(marks).where(marks.c.name == f"{values.SPELLED} {SPELLING}"))
        assert seals.first_broken(tx.conn, any_office.vault) == (key, None, seals.INDEX_CHANGED)
    with open_office(any_office.settings) as again, again.read() as tx:
        assert again.vault.find(tx.conn, "lukasz") == [key]
        assert again.vault.find(tx.conn, "ukasz") == []
        assert again.vault.find(tx.conn, "Weber") == [other]
        assert seals.first_broken(tx.conn, again.vault) is None
    with open_office(any_office.settings) as again:  # once is enough
        monkeypatch.setattr(again.vault, "index_words", None)
        spelling.ensure(again.engine, again.vault)
