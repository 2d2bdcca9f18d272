"""Names that sound the same have the same digits."""

from __future__ import annotations

import pytest

from services.questions.sounds import sound


@pytest.mark.parametrize(
    ("names", "digits"),
    [
        ("meier maier mayer mayr meyer mair", "67"),
        ("schmidt schmitt schmied schmid", "862"),
        ("mueller miller", "657"),
        ("wikipedia", "3412"),
        ("philipp filip", "351"),
        ("krause kraus crause", "478"),
        ("max", "648"),
        ("", ""),
    ],
)
def test_how_names_sound(names: str, digits: str) -> None:
    assert {sound(name) for name in names.split() or [""]} == {digits}
