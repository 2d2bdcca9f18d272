"""Keys, references and names: what opens with which key, who finds whom, and how the master key comes to be."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.facts import Stream
from services.office.office import Office, open_office
from services.records.vault import Cipher, DamagedKey, Vault, is_ref, master_key
from services.records.words import spelled, words_of


def opened(office: Office, number: str, **names: str) -> UUID:
    with office.write() as tx:
        key = office.store.open_stream(tx.conn, Stream.CASE, number)
        if names:
            office.vault.put_names(tx.conn, key, names)
    return key


def test_the_master_key_is_created_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "master.key"
    assert master_key(file) == master_key(file) == file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_create_the_master_key_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(master_key, [tmp_path / "master.key"] * 16, chunksize=1))) == 1


def test_a_damaged_master_key_is_refused_in_german(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_bytes(b"kurz")
    with pytest.raises(ValueError, match="beschädigt: 4 statt 32 Bytes"):
        Vault(tmp_path / "master.key")


def test_references_are_the_same_for_ever_and_differ_between_installations(tmp_path: Path) -> None:
    one, same, other = Vault(tmp_path / "a"), Vault(tmp_path / "a"), Vault(tmp_path / "b")
    assert one.ref("T-1") == same.ref("T-1") != other.ref("T-1")
    assert is_ref(one.ref("T-1"))
    assert one.ref(one.ref("T-1")) == one.ref("T-1")
    assert not is_ref("r" + "x" * 32)


def test_what_a_key_sealed_opens_with_that_key_and_context_only() -> None:
    cipher = Cipher(bytes(32))
    sealed = cipher.seal(b"geheim", b"hier")
    assert cipher.open(sealed, b"hier") == b"geheim"
    assert cipher.open(sealed, b"dort") is None
    assert cipher.open(sealed[:-1], b"hier") is None
    assert cipher.open(b"", b"hier") is None
    assert Cipher(bytes(31) + b"1").open(sealed, b"hier") is None
    assert cipher.seal(b"geheim", b"hier") != sealed


def test_a_text_of_one_case_does_not_open_in_another(office: Office) -> None:
    one, other = opened(office, "C-1"), opened(office, "C-2")
    with office.write() as tx:
        sealed = office.vault.encrypt(tx.conn, one, b"Umzug")
        assert office.vault.decrypt(tx.conn, one, sealed) == b"Umzug"
        assert office.vault.decrypt(tx.conn, other, sealed) is None
        assert office.vault.decrypt(tx.conn, one, sealed, b"anders") is None
        with pytest.raises(LookupError):
            office.vault.encrypt(tx.conn, uuid4(), b"x")


def test_another_master_key_opens_nothing(office: Office, tmp_path: Path) -> None:
    key = opened(office, "C-1", last_name="Weber")
    other = Vault(tmp_path / "other.key")
    with office.read() as tx:
        assert other.name(tx.conn, key, "last_name") is None
        assert other.find(tx.conn, "Weber") == []


def test_names_are_kept_one_a_field_and_replaced(any_office: Office) -> None:
    one = opened(any_office, "C-1", last_name="Weber", first_name="Änne")
    two = opened(any_office, "C-2", last_name="Groß")
    opened(any_office, "C-1", last_name="Weber-Lüth")
    with any_office.read() as tx:
        assert any_office.vault.names(tx.conn, [one, two, uuid4()], "last_name") == {one: "Weber-Lüth", two: "Groß"}
        assert any_office.vault.name(tx.conn, one, "first_name") == "Änne"
        assert any_office.vault.name(tx.conn, two, "first_name") is None


@pytest.mark.parametrize("words", ["WEBER", "aenne weber", ["Änne"], "Weber, Änne", "lueth", "Weber-Lüth"])
def test_a_name_is_found_by_its_words(any_office: Office, words: str | list[str]) -> None:
    key = opened(any_office, "C-1", last_name="Weber-Lüth", first_name="Änne")
    opened(any_office, "C-2", last_name="Groß", first_name="Wendelin")
    with any_office.read() as tx:
        assert any_office.vault.find(tx.conn, words) == [key]


@pytest.mark.parametrize("words", ["", " ,", "Web", "Weber Groß", [], "%", "' OR 1=1"])
def test_what_no_name_holds_finds_nobody(office: Office, words: str | list[str]) -> None:
    opened(office, "C-1", last_name="Weber")
    opened(office, "C-2", last_name="Groß")
    with office.read() as tx:
        assert office.vault.find(tx.conn, words) == []


def test_words_are_compared_without_case_accents_and_umlauts() -> None:
    assert words_of("Müller-Lüdenscheidt, René  STRAßE 5b") == {"mueller", "luedenscheidt", "rene", "strasse", "5b"}
    assert spelled("Łukasz Aydın, O’Neill") == ["lukasz", "aydin", "o", "neill"]
    assert spelled("İpek Ðặng Søren Иван") == ["ipek", "dang", "soeren", "иван"]


def test_a_database_whose_master_key_is_gone_gets_no_second_one(office: Office) -> None:
    office.settings.master_key_file.unlink()
    with pytest.raises(DamagedKey, match="fehlt"):
        open_office(office.settings)
    assert not office.settings.master_key_file.exists()


def test_the_master_key_of_another_database_is_refused(office: Office, tmp_path: Path) -> None:
    master_key(tmp_path / "other.key")
    (tmp_path / "other.key").rename(office.settings.master_key_file)
    with pytest.raises(DamagedKey, match="anderen Datenbank"):
        open_office(office.settings)
