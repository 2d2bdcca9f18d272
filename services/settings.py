"""Knows what may be set from outside, what holds when nothing is set (Vertrag 1), and what time it is."""

from __future__ import annotations

import datetime as dt
import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Self, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

from domain import moments
from domain.facts.directory import Role
from domain.periods import BERLIN, end_of_day, local_day
from notifications.addresses import address
from services.failures import Said

DATABASE = "erwartet wird sqlite:///PFAD oder postgresql://NUTZER:PASSWORT@HOST:PORT/DATENBANK"
REDIS = "erwartet wird redis://HOST:PORT/0"
SMTP = "erwartet wird smtp://NUTZER:PASSWORT@HOST:PORT"
MAIL = "erwartet wird eine Mail-Adresse, z. B. fallverlauf@amt.example"
ISSUER = "erwartet wird eine Adresse mit https:// (http:// nur auf diesem Rechner)"
PUBLIC = "erwartet wird die Adresse, unter der man die Seiten öffnet, z. B. https://fallverlauf.amt.example"
ROLES = "erwartet wird GRUPPE=ROLLE oder GRUPPE=ROLLE@EINHEIT, durch Komma getrennt"
PROXIES = "erwartet wird eine Adresse oder ein Netz, mehrere durch Komma getrennt, z. B. 127.0.0.1,172.18.0.1"
NUMBERS = "erwartet wird ein Muster wie N-JJJJ-#### (JJJJ: das Jahr, #: die Stellen der laufenden Nummer) oder nein"
NOW = "erwartet wird ein Tag (2026-03-10) oder ein Zeitpunkt (2026-03-10T08:00:00+01:00)"


class SettingsError(Said):
    """A setting that cannot be used; its text is one German sentence that names the variable, never its value."""


def _address(text: str, schemes: tuple[str, ...], expected: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(expected)
    return text


def _database(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return text
    _address(text, ("postgresql", "postgres", "postgresql+psycopg"), DATABASE)
    return f"postgresql+psycopg{separator}{rest}"


def _redis(text: str) -> str:
    return text if text.startswith("unix:///") else _address(text, ("redis", "rediss"), REDIS)


def _smtp(text: str) -> str:
    return _address(text, ("smtp",), SMTP)


def _mail(text: str) -> str:
    try:
        return address(text)
    except ValueError:
        raise ValueError(MAIL) from None


def _issuer(text: str) -> str:
    _address(text, ("https", "http"), ISSUER)
    if text.startswith("http://") and not is_loopback(urlsplit(text).hostname or ""):
        raise ValueError(ISSUER)
    return text.rstrip("/")


def _public(text: str) -> str:
    return _address(text, ("https", "http"), PUBLIC).rstrip("/")


def _role_map(text: str) -> str:
    for entry in filter(None, (part.strip() for part in text.split(","))):
        group, _, role = entry.rpartition("=")
        if not group.strip() or role.partition("@")[0].strip() not in get_args(Role):
            raise ValueError(ROLES)
    return text


def _proxies(text: str) -> str:
    named = [part.strip() for part in text.split(",")]
    try:
        return ",".join(str(ip_network(one) if "/" in one else ip_address(one)) for one in named)
    except ValueError:
        raise ValueError(PROXIES) from None


def _yes_or_no(value: object) -> bool:
    found = {"ja": True, "nein": False, True: True, False: False}.get(value)
    if found is None:
        raise ValueError("möglich sind ja und nein")
    return bool(found)


def _pattern(text: str) -> str:
    if text != "nein" and not re.fullmatch(r"(?=.{1,40}\Z)[0-9A-Za-z_.-]*#+[0-9A-Za-z_.-]*", text):
        raise ValueError(NUMBERS)
    return text


def _path(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("erwartet wird ein Pfad")
    return path.expanduser().resolve()


def _moment(value: object) -> dt.datetime:
    if isinstance(value, dt.datetime):
        moment = value
    elif isinstance(value, dt.date):
        moment = _last_minute(value)
    else:
        moment = _read_moment(str(value).strip())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)
    if moment < moments.FIRST or moment.year > 2100:
        raise ValueError(NOW)
    return moment.astimezone(BERLIN)


def _last_minute(day: dt.date) -> dt.datetime:
    """A day that stands for now means its end, with room for what is decided then."""
    return end_of_day(day).replace(second=0, microsecond=0)


def _read_moment(text: str) -> dt.datetime:
    try:
        return _last_minute(moments.day(text)) if len(text) <= 10 else moments.moment(text)
    except ValueError:
        raise ValueError(NOW) from None


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """What the service runs with: keyword arguments, else `FALLVERLAUF_*`, else `.env`, else the default.

    Paths are absolute. `database` is an address as SQLAlchemy takes it. `redis` and `smtp` are None for the embedded
    Valkey and for messages that stay in the app. Raises `SettingsError` on a value that cannot be used.
    """

    model_config = SettingsConfigDict(
        env_prefix="FALLVERLAUF_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        validate_default=True,
    )

    data: Annotated[Path, AfterValidator(_path)] = Path("var")
    database: Annotated[str, AfterValidator(_database)] = Field(
        default_factory=lambda known: _database_in(known.get("data")), repr=False
    )
    redis: Annotated[str, AfterValidator(_redis)] | None = Field(None, repr=False)
    smtp: Annotated[str, AfterValidator(_smtp)] | None = Field(None, repr=False)
    smtp_without_tls: Annotated[bool, BeforeValidator(_yes_or_no)] = False
    mail_from: Annotated[str, AfterValidator(_mail)] | None = None
    mail_reply_to: Annotated[str, AfterValidator(_mail)] | None = None
    master_key_file: Annotated[Path, AfterValidator(_path)] = Field(
        default_factory=lambda known: _in_data(known.get("data"), "master.key")
    )
    checkpoints: Annotated[Path, AfterValidator(_path)] = Field(
        default_factory=lambda known: _in_data(known.get("data"), "checkpoints.jsonl")
    )
    oidc_issuer: Annotated[str, AfterValidator(_issuer)] | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_role_claim: str | None = None
    oidc_roles: Annotated[str, AfterValidator(_role_map)] = ""
    oidc_person_claim: str = "preferred_username"
    public_address: Annotated[str, AfterValidator(_public)] | None = None
    trusted_proxies: Annotated[str, AfterValidator(_proxies)] = "127.0.0.1,::1"
    metrics_token: SecretStr | None = None
    case_numbers: Annotated[str, AfterValidator(_pattern)] = "N-JJJJ-####"
    fixed_now: Annotated[dt.datetime, BeforeValidator(_moment)] | None = Field(
        None, validation_alias="FALLVERLAUF_NOW", serialization_alias="FALLVERLAUF_NOW"
    )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise SettingsError(_sentence(error)) from None
        except UnicodeDecodeError:
            raise SettingsError("Die Datei .env ist nicht in UTF-8 geschrieben.") from None

    @model_validator(mode="after")
    def _whole_log_in(self) -> Self:
        named = {
            "FALLVERLAUF_OIDC_ISSUER": self.oidc_issuer,
            "FALLVERLAUF_OIDC_CLIENT_ID": self.oidc_client_id,
            "FALLVERLAUF_OIDC_CLIENT_SECRET": self.oidc_client_secret,
        }
        missing = [name for name, value in named.items() if value is None]
        if 0 < len(missing) < len(named):
            raise ValueError(f"Für die Anmeldung über OIDC fehlt noch {' und '.join(missing)}.")
        return self

    @property
    def embedded(self) -> bool:
        """Whether the facts lie in a SQLite file, which every command creates and migrates by itself."""
        return self.database.startswith("sqlite:")

    def role_map(self) -> dict[str, list[tuple[str, str | None]]]:
        """What each group of the provider stands for: (role, unit), the unit None for every one."""
        found: dict[str, list[tuple[str, str | None]]] = {}
        for entry in filter(None, (part.strip() for part in self.oidc_roles.split(","))):
            group, _, named = entry.rpartition("=")
            role, _, unit = named.strip().partition("@")
            found.setdefault(group.strip(), []).append((role.strip(), unit.strip() or None))
        return found

    def now(self) -> dt.datetime:
        """This moment in Europe/Berlin; with `FALLVERLAUF_NOW` that moment, which then stands still."""
        return self.fixed_now or dt.datetime.now(BERLIN)

    def today(self) -> dt.date:
        """The day of `now()` in Europe/Berlin."""
        return local_day(self.now())


def _in_data(data: Path | None, name: str) -> Path:
    return (data or Path()) / name


def _database_in(data: Path | None) -> str:
    path = str(_in_data(data, "fallverlauf.db"))
    return URL.create("sqlite", database=path).render_as_string(hide_password=False)


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=True)[0]
    reason = str(first.get("ctx", {}).get("error", "")) or "erwartet wird ein Text"
    if not first["loc"]:
        return reason
    name = str(first["loc"][0]).upper().removeprefix("FALLVERLAUF_")
    name = "NOW" if name == "FIXED_NOW" else name
    return f"Die Einstellung FALLVERLAUF_{name} lässt sich nicht verwenden: {reason}."
