"""Lines nobody should write: facts from their declarations, spoilt in a few places, in values, keys or bytes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from domain.facts import FACTS, Stream, stream_of
from domain.facts.base import CODE_LENGTH, TEXT_LENGTH
from tests.samples import MODIFIERS, START, all_fields, values

Line = dict[str, Any]
NUMBERS = {
    Stream.CASE: [f"C-{number}" for number in range(150)],
    Stream.PERSON: ["fm-7", "ja-1", "Müller"],
    Stream.UNIT: ["56.4", "50.5"],
    Stream.OFFICE: ["rules", "receipts"],
}
TEXTS = [
    *(
        "",
        " ",
        "\0",
        "\ud7ff",
        "\U0010ffff",
        "\ufeff",
        "\u202e",
        "\u2066",
        "\u2011",
        "\u00ad",
        "a\u0308",
        "\u00e4",
        "–",
    ),
    *("x" * CODE_LENGTH, "x" * (CODE_LENGTH + 1), "ä" * TEXT_LENGTH, "x" * (TEXT_LENGTH + 1), "r" + "0" * 32, "0" * 32),
    *(
        "=1+1",
        "-",
        "null",
        "true",
        "rule:",
        "import:",
        "rule:R-03",
        "data",
        "data.data",
        "error",
        "\r\n",
        "a/../b",
        "..",
    ),
    *(
        "2024-01-15",
        "20240115",
        "2024-W03-1",
        "0001-01-01",
        "9999-12-31",
        "2024-02-30",
        "2024-01-15T25:00:00Z",
        "24:00",
    ),
    *(
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1900-01-01T00:00:00+14:00",
        "2024-01-15T23:59:59.9999999Z",
    ),
]
NUMBERS_GIVEN = [0, -1, 1, 12, 13, 1899, 1980, 1980.0, 2.5, 2**31, 2**63, 2**64, 10**400, -(10**30), 1e308, 5e-324]
SHAPES = [
    None,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    ["x", 1],
    {"x": 1},
    {"data": {}},
    {"data": []},
    {"data": {"data": {}}},
]
RAW = [
    b"{",
    b"[]",
    b"\xff",
    b"NaN",
    b"[" * 60_000,
    b'{"a":' * 600 + b"1" + b"}" * 600,
    b'{"a":[],"a":' + b"[" * 990,
]


def lines(seed: int, count: int) -> Iterator[bytes]:
    """So many lines, the same for a seed; about a third of them are in order."""
    rng = random.Random(seed)
    for number in range(count):
        yield _raw(rng, number)


def _raw(rng: random.Random, number: int) -> bytes:
    if rng.random() < 0.01:
        return rng.choice(RAW)
    line = _line(rng, number)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
        rng.choice(SPOIL)(rng, line)
    raw = json.dumps(line, ensure_ascii=rng.random() < 0.5).encode(errors="surrogatepass")
    return (_torn(rng, raw) if rng.random() < 0.03 else raw).replace(b"\n", b" ").strip() or b"{"


def _line(rng: random.Random, number: int) -> Line:
    name = rng.choice(MODIFIERS) if rng.random() < 0.3 else rng.choice(list(FACTS))
    stream = rng.choice([*[Stream.CASE] * 6, *Stream]) if name in MODIFIERS else stream_of(name)
    data = {
        field.name: rng.choice(values(field, START))
        for field in all_fields(name)
        if field.required or rng.random() < 0.5
    }
    line: Line = {stream.value: rng.choice(NUMBERS[stream]), "fact": name, "on": START.isoformat(), "data": data}
    if rng.random() < 0.9:
        line["id"] = f"i:{number if rng.random() < 0.9 else rng.randrange(number + 1)}"
    if name in MODIFIERS:
        data["target"] = f"i:{rng.randrange(number + 20)}"
    if name == "fact-corrected":
        data["data"] = _changes(rng)
    if rng.random() < 0.5:
        line["recorded_at"] = f"2024-0{rng.randrange(1, 10)}-15T09:00:00+01:00"
    if rng.random() < 0.5:
        line["by"] = rng.choice(["fm-7", "rule:R-03", "import:x", "ja-1"])
    return line


def _changes(rng: random.Random) -> Line:
    some = [field for field in all_fields(rng.choice(list(FACTS))) if rng.random() < 0.5]
    changed = {field.name: rng.choice([*values(field, START), None]) for field in some}
    return {"data": changed} if rng.random() < 0.2 else changed


# --- how a line is spoilt ---


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document that can hold another value: what holds it, and its key or index there."""
    for key, inner in list(value.items()) if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _any(rng: random.Random) -> Any:
    value = rng.choice([TEXTS, NUMBERS_GIVEN, SHAPES, TEXTS])
    return json.loads(json.dumps(rng.choice(value)))  # a copy: what is spoilt next must not be this list


def _replace(rng: random.Random, line: Line) -> None:
    if places := list(_places(line)):
        held, key = rng.choice(places)
        held[key] = _any(rng)


def _remove(rng: random.Random, line: Line) -> None:
    if places := list(_places(line)):
        held, key = rng.choice(places)
        del held[key]


def _add(rng: random.Random, line: Line) -> None:
    held = rng.choice([one for one in (line, *(held[key] for held, key in _places(line))) if isinstance(one, dict)])
    names = [field.name for field in all_fields(rng.choice(list(FACTS)))]
    held[rng.choice([*names, *Stream, "id", "by", "text_left_out", "data", "\u202e", ""])] = _any(rng)


def _leave_out(rng: random.Random, line: Line) -> None:
    fields = [field.name for field in all_fields(rng.choice(list(FACTS)))]
    prefix = rng.choice(["", "", "data.", "data.data.", "data.data.data.", "x."])
    line["text_left_out"] = [prefix + rng.choice([*fields, "reason", "name"]) for _ in range(rng.randrange(1, 4))]


def _deepen(rng: random.Random, line: Line) -> None:
    inner: Any = _any(rng)
    for _ in range(rng.choice([1, 2, 3, 5, 8, 30, 478])):
        inner = {"data": inner}
    line["data"] = {**(line["data"] if isinstance(line.get("data"), dict) else {}), **inner}


SPOIL: list[Callable[[random.Random, Line], None]] = [_replace, _replace, _replace, _remove, _add, _leave_out, _deepen]


def _torn(rng: random.Random, raw: bytes) -> bytes:
    at = rng.randrange(len(raw))
    return rng.choice([raw[:at], raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :], raw[:at] + raw[at // 2 :]])
