"""What may be set from outside, and the sentence a wrong value earns."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from sqlalchemy import make_url

from domain.periods import BERLIN
from services.settings import Settings, SettingsError, is_loopback


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty directory to start in and no variable of ours."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FALLVERLAUF_{name.upper()}", raising=False)
    monkeypatch.delenv("FALLVERLAUF_NOW", raising=False)


def refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The sentence with which a value of a variable is refused."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        Settings()
    return str(error.value)


def test_without_any_setting_everything_lies_in_var(tmp_path: Path) -> None:
    settings = Settings()
    assert settings.data == tmp_path / "var"
    assert make_url(settings.database).database == str(tmp_path / "var" / "fallverlauf.db")
    assert settings.master_key_file == tmp_path / "var" / "master.key"
    assert settings.checkpoints == tmp_path / "var" / "checkpoints.jsonl"
    assert settings.embedded
    assert (settings.redis, settings.smtp, settings.oidc_issuer) == (None, None, None)


@pytest.mark.parametrize("name", ["Jobcenter Süd", "a?b#c", "100%20"])
def test_the_database_lies_in_the_data_directory_whatever_its_name(tmp_path: Path, name: str) -> None:
    assert make_url(Settings(data=tmp_path / name).database).database == str(tmp_path / name / "fallverlauf.db")


def test_the_environment_stands_above_env_and_an_argument_above_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "FALLVERLAUF_DATA=aus-env\nFALLVERLAUF_SMTP=smtp://mail:25\nFALLVERLAUF_REDIS=\n", encoding="utf-8"
    )
    assert (Settings().data.name, Settings().smtp, Settings().redis) == ("aus-env", "smtp://mail:25", None)
    monkeypatch.setenv("FALLVERLAUF_DATA", "aus-umgebung")
    assert Settings().data.name == "aus-umgebung"
    assert Settings(data=tmp_path).data == tmp_path


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().trusted_proxies == "127.0.0.1,::1"
    monkeypatch.setenv("FALLVERLAUF_TRUSTED_PROXIES", " 172.18.0.1, fd00::/8 ")
    assert Settings().trusted_proxies == "172.18.0.1,fd00::/8"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_reached_through_psycopg_3(scheme: str) -> None:
    settings = Settings(database=f"{scheme}://fv:geheim@db:5432/fallverlauf")
    assert settings.database == "postgresql+psycopg://fv:geheim@db:5432/fallverlauf"
    assert not settings.embedded


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FALLVERLAUF_DATABASE", "mysql://fv:geheim@db/fallverlauf"),
        ("FALLVERLAUF_DATABASE", "sqlite://"),
        ("FALLVERLAUF_DATABASE", "postgresql://fv:geheim@db:99999/fallverlauf"),
        ("FALLVERLAUF_REDIS", "geheim"),
        ("FALLVERLAUF_SMTP", "smtp://fv:geheim@"),
        ("FALLVERLAUF_SMTP", "imap://fv:geheim@mail"),
        ("FALLVERLAUF_MAIL_FROM", "geheim"),
        ("FALLVERLAUF_MAIL_REPLY_TO", "geheim@-x.de"),
        ("FALLVERLAUF_OIDC_ISSUER", "http://geheim.example"),
        ("FALLVERLAUF_TRUSTED_PROXIES", "*"),
        ("FALLVERLAUF_TRUSTED_PROXIES", "geheim"),
        ("FALLVERLAUF_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("FALLVERLAUF_NOW", "2026-02-30"),
        ("FALLVERLAUF_NOW", "geheim"),
        ("FALLVERLAUF_NOW", "9999-12-31T23:59:59+00:00"),
        ("FALLVERLAUF_NOW", "0001-01-01"),
    ],
)
def test_a_wrong_value_earns_one_sentence_that_names_the_variable_and_keeps_the_value_to_itself(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = refused(name, value, monkeypatch)
    assert sentence.startswith(f"Die Einstellung {name} lässt sich nicht verwenden: erwartet wird ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "geheim" not in sentence


def test_half_a_log_in_is_refused_by_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLVERLAUF_OIDC_CLIENT_ID", "fallverlauf")
    sentence = refused("FALLVERLAUF_OIDC_ISSUER", "https://login.example", monkeypatch)
    assert sentence == "Für die Anmeldung über OIDC fehlt noch FALLVERLAUF_OIDC_CLIENT_SECRET."


def test_an_env_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("FALLVERLAUF_DATA=Süd".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"Die Datei \.env ist nicht in UTF-8 geschrieben"):
        Settings()


def test_secrets_are_not_in_what_is_printed() -> None:
    settings = Settings(
        database="postgresql://fv:geheim@db/fallverlauf",
        redis="redis://:geheim@queue:6379/0",
        smtp="smtp://fv:geheim@mail:25",
        oidc_issuer="https://login.example",
        oidc_client_id="fallverlauf",
        oidc_client_secret="geheim",
    )
    assert "geheim" not in repr(settings) + str(settings)


def test_now_is_this_moment_in_berlin() -> None:
    before = dt.datetime.now(dt.UTC)
    now = Settings().now()
    assert before <= now <= dt.datetime.now(dt.UTC)
    assert now.tzinfo is BERLIN


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-10", dt.datetime(2026, 3, 10, 23, 59, tzinfo=BERLIN)),
        ("2026-03-10T08:15", dt.datetime(2026, 3, 10, 8, 15, tzinfo=BERLIN)),
        ("2026-03-10T23:30:00+00:00", dt.datetime(2026, 3, 11, 0, 30, tzinfo=BERLIN)),
        ("2026-07-01T10:00:00Z", dt.datetime(2026, 7, 1, 12, tzinfo=BERLIN)),
    ],
)
def test_a_moment_stands_for_now_and_a_day_means_its_end(
    text: str, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FALLVERLAUF_NOW", text)
    assert Settings().now() == moment
    assert Settings().today() == moment.date()
    assert Settings(fixed_now=moment).now() == moment


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("localhost", True), ("[::1]", True), ("0.0.0.0", False), ("amt.example", False)],
)
def test_which_hosts_mean_this_machine_alone(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


@pytest.mark.parametrize(("text", "value"), [("ja", True), ("nein", False), ("", False)])
def test_yes_and_no(text: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLVERLAUF_SMTP_WITHOUT_TLS", text)
    assert Settings().smtp_without_tls is value
    assert "möglich sind ja und nein" in refused("FALLVERLAUF_SMTP_WITHOUT_TLS", "vielleicht", monkeypatch)


def test_the_example_names_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    settings = {
        "FALLVERLAUF_NOW" if name == "fixed_now" else f"FALLVERLAUF_{name.upper()}" for name in Settings.model_fields
    }
    assert set(re.findall(r"(?m)^#? ?(FALLVERLAUF_\w+)=", example)) == settings
