"""Every fact there can be. Importing this package registers them all under their stored names."""

from domain.facts import case, contact, correction, directory, extension, office, strategy, support
from domain.facts.base import (
    CODE_WORDS,
    FACTS,
    FIELD_WORDS,
    Fact,
    Lane,
    Mark,
    Stream,
    declared,
    lifted,
    marks,
    name_of,
    schema_version,
    stream_of,
    upcast,
)

__all__ = [
    "CODE_WORDS",
    "FACTS",
    "FIELD_WORDS",
    "Fact",
    "Lane",
    "Mark",
    "Stream",
    "case",
    "contact",
    "correction",
    "declared",
    "directory",
    "extension",
    "lifted",
    "marks",
    "name_of",
    "office",
    "schema_version",
    "strategy",
    "stream_of",
    "support",
    "upcast",
]
