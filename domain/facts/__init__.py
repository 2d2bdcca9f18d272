"""Every fact there can be. Importing this package registers them all under their stored names."""

from domain.facts import case, contact, correction, directory, extension, office, strategy, support
from domain.facts.base import FACTS, Fact, Mark, Stream, lifted, marks, name_of, schema_version, stream_of, upcast

__all__ = [
    "FACTS",
    "Fact",
    "Mark",
    "Stream",
    "case",
    "contact",
    "correction",
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
