"""Abgleich in a browser: both sides seen, answered by keyboard, several together, undone; nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import Open, _town, open_page, too_wide, violations
from tests.services.web.test_reconciliation import told_twice

__all__ = ["open_page"]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A town of which a second source tells two bars with other days."""
    with _town(tmp_path / "data") as (office, found):
        told_twice(office, tmp_path)
        yield found


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 320)])
def test_axe_finds_nothing_and_nothing_is_too_wide(open_page: Open, address: str, scheme: str, width: int) -> None:
    page = open_page(address, "tl-1", "/abgleich", scheme=scheme, width=width, listen=False)
    expect(page.get_by_role("button", name="Integration: Zwei verschiedene")).to_have_count(2)
    assert violations(page) == []
    assert too_wide(page) <= 0


def test_it_is_answered_by_keyboard_and_undone(open_page: Open, address: str) -> None:
    page = open_page(address, "fm-1", "/faelle")
    page.get_by_role("link", name="2 Angaben abzugleichen").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/abgleich")
    page.get_by_role("button", name="22.05.2026 gilt").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/abgleich?getan=*")
    done = page.get_by_role("status").filter(has_text="Meier, Jana · C-2001: Abgleich: die andere Angabe gilt.")
    expect(done).to_be_focused()
    done.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("button", name="22.05.2026 gilt")).to_be_visible()
    page.get_by_label("alle auf dieser Seite").check()
    page.get_by_role("button", name="Was zurzeit gilt, stimmt").click()
    expect(page.get_by_text("Zurzeit ist nichts abzugleichen.")).to_be_visible()
    expect(page.get_by_text("Abgleich: was zurzeit gilt, stimmt.")).to_have_count(2)
