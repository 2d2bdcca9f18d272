"""What msgspec learns of facts and wishes once, before threads ask.

It looks at a type when it first reads one. A second thread that reads the same kind meanwhile takes what the first is
half through with for the whole, and the process ends.
"""

from __future__ import annotations

from typing import get_args

from msgspec.json import Decoder

from domain.decisions.wishes import RecordFacts, Wish
from domain.facts import FACTS
from services.records import codec


def learn() -> None:
    """Lets all kinds of facts and wishes be known; for whoever is about to start threads."""
    for name in FACTS:
        codec.decoder(name)
    for kind in get_args(Wish):
        if kind is not RecordFacts:  # put together from others, never read
            Decoder(kind)
