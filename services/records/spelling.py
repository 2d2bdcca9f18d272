"""How the search words of a database follow the way names are compared: indexed anew, once, when it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, insert, select

from services.records import values
from services.records.database import writing
from services.records.tables import blind_index, text_keys
from services.records.values import SPELLED
from services.records.vault import Vault, chunks
from services.records.words import SPELLING


def ensure(engine: Engine, vault: Vault) -> None:
    """Indexes the names anew if that is still to be done; of several processes one does it."""
    with writing(engine) as conn:
        carry_over(conn, vault)


def carry_over(conn: Connection, vault: Vault) -> None:
    """The same in the caller's transaction: every name that opens gets its words; the others are named by `verify`."""
    if not values.put_once(conn, f"{SPELLED} {SPELLING}", SPELLING):
        return
    for some in chunks(sorted(conn.scalars(select(text_keys.c.key)))):
        names, found = vault.sealed_names(conn, some), index(conn, some)
        wrapped = select(text_keys.c.key, text_keys.c.wrapped).where(text_keys.c.key.in_(some))
        texts = {key: vault.opened(key, sealed, names[key]) for key, sealed in conn.execute(wrapped)}
        words = {key: vault.index_words(text) for key, text in texts.items() if text is not None}
        others = [key for key in words if words[key] != found[key]]
        if others:
            conn.execute(delete(blind_index).where(blind_index.c.key.in_(others)))
        if rows := [{"word": word, "key": key} for key in others for word in sorted(words[key])]:
            conn.execute(insert(blind_index), rows)


def index(conn: Connection, keys: Sequence[UUID]) -> dict[UUID, set[str]]:
    """The words by which these streams are found, as the index holds them."""
    found: dict[UUID, set[str]] = {key: set() for key in keys}
    one = blind_index.c
    for key, word in conn.execute(select(one.key, one.word).where(one.key.in_(keys))):
        found[key].add(word)
    return found
