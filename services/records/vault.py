"""What erasing destroys: the key of each stream, wrapped by the master key, and the names encrypted with it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from services.failures import Said
from services.records import values
from services.records.database import kept, reading, writing
from services.records.tables import blind_index, text_keys
from services.records.tables import vault as names_table
from services.records.words import whole_person, words_of

KEY_BYTES = 32
_NONCE = 12
_CHUNK = 5_000
T = TypeVar("T")
MARK = "master key"
PERSON_ID = "id"  # the field under which the id of a member of staff lies; no search finds it
WHOLE = "p"  # begins what the index holds of a whole person; a word of a name begins with a hexadecimal digit
NAMELESS: Mapping[str, bytes] = {}
_REF_DIGITS = frozenset("0123456789abcdef")


class DamagedKey(Said, ValueError):
    """The file of the master key holds none, or that of another database; the text is one German sentence."""


class Cipher:
    """The key of one stream, ready for use. What it sealed opens only with the same context."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, clear: bytes, context: bytes) -> bytes:
        """Nonce and ciphertext."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, clear, context)

    def open(self, sealed: bytes, context: bytes) -> bytes | None:
        """The clear bytes; None if another key or context sealed them."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
        except (InvalidTag, ValueError):
            return None


class Sealed(NamedTuple):
    """The names of a stream as they lie there, field -> ciphertext, and its wrapped key; without one nothing opens."""

    wrapped: bytes | None
    names: Mapping[str, bytes]


NOTHING = Sealed(None, {})


def gathered(rows: Iterable[Sequence[Any]]) -> dict[UUID, Sealed]:
    """What lies there of each stream, from rows of key, wrapped key, field and ciphertext; no field: no names."""
    found: dict[UUID, tuple[bytes | None, dict[str, bytes]]] = {}
    for key, wrapped, field, ciphertext in rows:
        names = found.setdefault(key, (wrapped, {}))[1]
        if field:
            names[field] = ciphertext
    return {key: Sealed(*lies) for key, lies in found.items()}


class Vault:
    """Keys, references and names. A key that was destroyed is gone at the next read, in every process."""

    def __init__(self, master_key_file: Path) -> None:
        master = master_key(master_key_file)
        self._wrapping = Cipher(_derived(master, "wrap stream keys"))
        self._refs = _derived(master, "references of ids")
        self._content = _derived(master, "content of facts")
        self._blind = _derived(master, "words of names")
        self._numbers = _derived(master, "erased numbers")
        self._codes = _derived(master, "codes of erased cases")
        self._chain = _derived(master, "chain of facts")
        self._seals = _derived(master, "seals of rows")
        self._persons = _derived(master, "ids of staff")
        self._signing = Ed25519PrivateKey.from_private_bytes(_derived(master, "sign checkpoints"))
        self.fingerprint = _derived(master, "fingerprint").hex()

    def ref(self, text: str) -> str:
        """What stands in clear for an id: the same for the same id, for ever. A reference stands for itself."""
        if is_ref(text):
            return text
        return "r" + blake2b(text.encode(), key=self._refs, digest_size=16).hexdigest()

    def person(self, id: str) -> str:
        """What stands in clear for the id of a member of staff: the same for the same id, and for no fact's id."""
        return "p" + blake2b(id.encode(), key=self._persons, digest_size=16).hexdigest()

    def content(self, canonical: bytes) -> bytes:
        """Keyed hash of a fact's content, 32 bytes."""
        return blake2b(canonical, key=self._content, digest_size=32).digest()

    def link(self, stored: bytes) -> bytes:
        """The keyed hash that chains what is stored, 32 bytes; nobody without the master key can give it."""
        return blake2b(stored, key=self._chain, digest_size=32).digest()

    def seal(self, of: str, *parts: object) -> bytes:
        """Keyed hash of a row that is no fact, 16 bytes; `of` says of which kind, so that no row stands for another."""
        return blake2b(_encoder.encode((of, *parts)), key=self._seals, digest_size=16).digest()

    def erased_number(self, number: str) -> str:
        """What is kept of the number of an erased case: a keyed hash, which says nothing about its stream."""
        return blake2b(number.encode(), key=self._numbers, digest_size=32).hexdigest()

    def printed_code(self, stream_key: UUID) -> str:
        """What stands in the place of an erased number: always the same for a stream, and never its key."""
        return "geloescht-" + blake2b(stream_key.bytes, key=self._codes, digest_size=6).hexdigest()

    @property
    def public_key(self) -> str:
        """The Ed25519 key (hex) that checks what `sign` has signed; it may be shown to anybody."""
        return self._signing.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The Ed25519 signature of this installation (hex)."""
        return self._signing.sign(message).hex()

    def new_keys(self, conn: Connection, named: Mapping[UUID, Mapping[str, str]]) -> None:
        """Gives each of these streams its key and the names it begins with; a stream gets one only."""
        rows, names = [], []
        for key, fields in named.items():
            clear = fresh_key()
            sealed = _sealed(Cipher(clear), key, fields)
            rows.append(self.kept_key(key, clear, sealed))
            names += _rows(key, sealed)
        for table, new in ((text_keys, rows), (names_table, names)):
            if new:
                conn.execute(insert(table), new)

    def kept_key(self, stream_key: UUID, clear: bytes, sealed: Mapping[str, bytes] = NAMELESS) -> dict[str, object]:
        """The row that keeps the key of a stream, wrapped, beside the seal of its names (field -> ciphertext)."""
        wrapped = self._wrapping.seal(clear, stream_key.bytes)
        return {"key": stream_key, "wrapped": wrapped, "names": self.seal_of_names(stream_key, sealed)}

    def destroy(self, conn: Connection, stream_key: UUID) -> None:
        """Destroys the key of a stream and the names encrypted with it; what it sealed can never be read again."""
        for table in (blind_index, names_table, text_keys):
            conn.execute(delete(table).where(table.c.key == stream_key))

    def unwrap(self, stream_key: UUID, wrapped: bytes) -> Cipher | None:
        """The cipher of a stream from its wrapped key; None if another master key wrapped it."""
        key = self._wrapping.open(wrapped, stream_key.bytes)
        return None if key is None else Cipher(key)

    def cipher(self, conn: Connection, stream_key: UUID) -> Cipher | None:
        """The cipher of one stream; None if its key is destroyed."""
        known: Sealed | None = kept(conn, "names").get(stream_key)
        wrapped = known.wrapped if known else conn.execute(_wrapped_key, {"stream": stream_key}).scalar()
        return None if wrapped is None else self.unwrap(stream_key, wrapped)

    def keys(self, conn: Connection, stream_keys: Collection[UUID]) -> dict[UUID, bytes]:
        """The keys of these streams themselves, for a process of ours; a destroyed one is missing."""
        found: dict[UUID, bytes] = {}
        for some in chunks(sorted(stream_keys)):
            wrapped = select(text_keys.c.key, text_keys.c.wrapped).where(text_keys.c.key.in_(some))
            opened = ((key, self._wrapping.open(sealed, key.bytes)) for key, sealed in conn.execute(wrapped))
            found |= {key: clear for key, clear in opened if clear is not None}
        return found

    def encrypt(self, conn: Connection, stream_key: UUID, clear: bytes, context: bytes = b"") -> bytes:
        """Encrypts with the key of a stream; LookupError if the stream has none (any more)."""
        cipher = self.cipher(conn, stream_key)
        if cipher is None:
            raise LookupError(f"stream {stream_key} has no key")
        return cipher.seal(clear, stream_key.bytes + context)

    def decrypt(self, conn: Connection, stream_key: UUID, sealed: bytes, context: bytes = b"") -> bytes | None:
        """The clear bytes; None once the key is destroyed."""
        cipher = self.cipher(conn, stream_key)
        return None if cipher is None else cipher.open(sealed, stream_key.bytes + context)

    def put_name(self, conn: Connection, stream_key: UUID, field: str, text: str) -> None:
        """Keeps a name, replacing the one before, and makes its words findable."""
        self.put_names(conn, stream_key, {field: text})

    def put_names(self, conn: Connection, stream_key: UUID, fields: dict[str, str]) -> None:
        """Keeps several names of one stream (see `put_name`)."""
        sealed = {name: self.encrypt(conn, stream_key, text.encode(), name.encode()) for name, text in fields.items()}
        conn.execute(delete(names_table).where(names_table.c.key == stream_key, names_table.c.field.in_(sealed)))
        conn.execute(insert(names_table), _rows(stream_key, sealed))
        self._index(conn, stream_key)
        self.seal_names(conn, [stream_key])

    def seal_names(self, conn: Connection, stream_keys: Sequence[UUID]) -> None:
        """Writes beside the keys of these streams which names they have."""
        for some in chunks(stream_keys):
            rows = [{"k": key, "s": self.seal_of_names(key, n)} for key, n in self.sealed_names(conn, some).items()]
            if rows:
                conn.execute(_seal_names, rows)

    def put_first_names(self, conn: Connection, named: Mapping[UUID, Mapping[str, str]]) -> None:
        """Keeps the names of many streams at once that have none yet."""
        names, words = [], []
        for chunk in chunks(list(named)):
            wrapped = conn.execute(select(text_keys.c.key, text_keys.c.wrapped).where(text_keys.c.key.in_(chunk)))
            for key, wrapped_key in wrapped:
                cipher = self.unwrap(key, wrapped_key)
                if cipher is None:
                    raise LookupError(f"stream {key} has no key")
                of_one, words_of_one = self.rows_of_names(cipher, key, named[key])
                names += of_one
                words += words_of_one
        for table, rows in ((names_table, names), (blind_index, words)):
            if rows:
                conn.execute(insert(table), rows)
        self.seal_names(conn, list(named))

    def rows_of_names(self, cipher: Cipher, stream_key: UUID, named: Mapping[str, str]) -> tuple[list[Any], list[Any]]:
        """What is to lie there of these names of a stream with this cipher, and of their words."""
        words = [{"word": word, "key": stream_key} for word in self.index_words(named)]
        return _rows(stream_key, _sealed(cipher, stream_key, named)), words

    def seal_of_names(self, stream_key: UUID, sealed: Mapping[str, bytes]) -> bytes:
        """What stands beside the key of a stream for all its names (field -> ciphertext), so that none can go."""
        return self.seal("names", stream_key, sorted(sealed.items()))

    def sealed_names(self, conn: Connection, stream_keys: Sequence[UUID]) -> dict[UUID, dict[str, bytes]]:
        """The names of each of these streams as they lie there, field -> ciphertext."""
        found: dict[UUID, dict[str, bytes]] = {key: {} for key in stream_keys}
        one = names_table.c
        wanted = select(one.key, one.field, one.ciphertext).where(one.key.in_(stream_keys))
        for key, field, sealed in conn.execute(wanted):
            found[key][field] = sealed
        return found

    def opened(self, stream_key: UUID, wrapped: bytes, sealed: Mapping[str, bytes]) -> dict[str, str] | None:
        """The names of a stream in clear, field -> text; None unless all open with its key."""
        cipher = self.unwrap(stream_key, wrapped)
        texts = {field: _opened(cipher, stream_key, field, name) for field, name in sealed.items()}
        found = {field: text for field, text in texts.items() if text is not None}
        return found if cipher is not None and len(found) == len(texts) else None

    def index_words(self, names: Mapping[str, str]) -> set[str]:
        """What the blind index holds for these names, field -> text: each word, and who they are as a whole."""
        words = {self._word(word) for field, text in names.items() if field != PERSON_ID for word in words_of(text)}
        return words | ({self.whole_person(names)} - {""})

    def whole_person(self, names: Mapping[str, str]) -> str:
        """A keyed hash of whole name and birth date, the same in any spelling; "" unless all three are known."""
        return WHOLE + self._word(said) if (said := whole_person(names)) else ""

    def name(self, conn: Connection, stream_key: UUID, field: str) -> str | None:
        """One name of a stream; None if it has none or its key is destroyed."""
        return self.names(conn, [stream_key], field).get(stream_key)

    def names(self, conn: Connection, stream_keys: Iterable[UUID], field: str) -> dict[UUID, str]:
        """One field of many streams; streams without it are left out."""
        return {key: fields[field] for key, fields in self.fields(conn, stream_keys, [field]).items()}

    def fields(
        self, conn: Connection, stream_keys: Iterable[UUID], wanted: Sequence[str]
    ) -> dict[UUID, dict[str, str]]:
        """Those of these fields that each stream has, in one query a few thousand streams not asked for before."""
        known: dict[UUID, Sealed] = kept(conn, "names")
        keys = set(stream_keys)
        for chunk in chunks([key for key in keys if key not in known]):
            lies = gathered(conn.execute(_named, {"wanted": chunk}))
            known |= {key: lies.get(key, NOTHING) for key in chunk}
        found = {key: self._fields(key, known[key], wanted) for key in keys}
        return {key: fields for key, fields in found.items() if fields}

    def _fields(self, stream_key: UUID, sealed: Sealed, wanted: Sequence[str]) -> dict[str, str]:
        asked = [field for field in wanted if field in sealed.names]
        if not asked or sealed.wrapped is None:
            return {}
        cipher = self.unwrap(stream_key, sealed.wrapped)
        opened = {field: _opened(cipher, stream_key, field, sealed.names[field]) for field in asked}
        return {field: text for field, text in opened.items() if text is not None}

    def find(self, conn: Connection, words: str | Sequence[str]) -> list[UUID]:
        """The streams whose names hold all of these words, whole and in any spelling of case and umlauts; unordered."""
        wanted = {self._word(word) for word in words_of(words if isinstance(words, str) else " ".join(words))}
        if not wanted:
            return []
        found = select(blind_index.c.key).where(blind_index.c.word.in_(wanted)).group_by(blind_index.c.key)
        return list(conn.scalars(found.having(func.count() == len(wanted))))

    def _index(self, conn: Connection, stream_key: UUID) -> None:
        fields = conn.scalars(select(names_table.c.field).where(names_table.c.key == stream_key)).all()
        words = self.index_words(self.fields(conn, [stream_key], fields).get(stream_key, {}))
        conn.execute(delete(blind_index).where(blind_index.c.key == stream_key))
        if words:
            conn.execute(insert(blind_index), [{"word": word, "key": stream_key} for word in sorted(words)])

    def _word(self, word: str) -> str:
        return blake2b(word.encode(), key=self._blind, digest_size=16).hexdigest()


_encoder = msgspec.json.Encoder(order="deterministic")
# Built once: putting a statement together takes longer than running it.
_named = (
    select(text_keys.c.key, text_keys.c.wrapped, names_table.c.field, names_table.c.ciphertext)
    .outerjoin(names_table, names_table.c.key == text_keys.c.key)
    .where(text_keys.c.key.in_(bindparam("wanted", expanding=True)))
)
_seal_names = update(text_keys).where(text_keys.c.key == bindparam("k")).values(names=bindparam("s"))
_wrapped_key = select(text_keys.c.wrapped).where(text_keys.c.key == bindparam("stream"))


def open_vault(engine: Engine, file: Path) -> Vault:
    """The vault of a database; the first time its master key is created and noted.

    Raises DamagedKey rather than create a second key for a database that has one: its facts would be unreadable.
    """
    noted = _noted(engine)
    if noted is not None and not file.exists():
        raise DamagedKey(f"Der Hauptschlüssel {file} fehlt; ohne ihn ist diese Datenbank nicht lesbar.")
    vault = Vault(file)
    if noted is None:
        with writing(engine) as conn:
            values.put_once(conn, MARK, vault.fingerprint)
        noted = _noted(engine)  # another process may have been faster, with a key of its own
    if noted != vault.fingerprint:
        raise DamagedKey(f"Der Hauptschlüssel {file} gehört zu einer anderen Datenbank.")
    return vault


def _noted(engine: Engine) -> str | None:
    with reading(engine) as conn:
        return values.value(conn, MARK)


def fresh_key() -> bytes:
    """A key for a stream that has none."""
    return secrets.token_bytes(KEY_BYTES)


def _sealed(cipher: Cipher, key: UUID, fields: Mapping[str, str]) -> dict[str, bytes]:
    return {field: cipher.seal(text.encode(), key.bytes + field.encode()) for field, text in fields.items()}


def _rows(key: UUID, sealed: Mapping[str, bytes]) -> list[dict[str, object]]:
    return [{"key": key, "field": field, "ciphertext": ciphertext} for field, ciphertext in sealed.items()]


def _opened(cipher: Cipher | None, key: UUID, field: str, sealed: bytes) -> str | None:
    clear = None if cipher is None else cipher.open(sealed, key.bytes + field.encode())
    return None if clear is None else clear.decode()


def is_ref(text: str) -> bool:
    """Whether a text has the form of a reference made by `Vault.ref`."""
    return len(text) == 33 and text[0] == "r" and _REF_DIGITS.issuperset(text[1:])


def chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    """Cuts a sequence so that each part fits into one IN (...) of both databases."""
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))


def master_key(file: Path) -> bytes:
    """Reads the master key, creating it once with mode 0600. Of several processes that create at once, one wins."""
    if not file.exists():
        _create(file)
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise DamagedKey(f"Der Hauptschlüssel {file} ist beschädigt: {len(key)} statt {KEY_BYTES} Bytes.")
    return key


def _create(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        os.link(fresh, file)  # appears whole or not at all, and never replaces a key that is there
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, None, f"fallverlauf: {purpose}".encode()).derive(master)
