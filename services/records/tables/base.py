"""What every table shares. Moments are microseconds since 1970 UTC, days dates; what is open ends far ahead."""

from __future__ import annotations

import datetime as dt

import msgspec
from sqlalchemy import (
    BigInteger,
    Dialect,
    MetaData,
    TypeDecorator,
)

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
END_OF_TIME = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


class Moment(TypeDecorator[dt.datetime]):
    """A moment with an offset; kept as whole microseconds, so that both databases order and compare it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // dt.timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else EPOCH + dt.timedelta(microseconds=value)


def as_json(value: object) -> str:
    """A value as it stands in a column of the type JSON."""
    return msgspec.json.encode(value).decode()


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
