"""One run of docker-compose.yml for all tests in here: images, start, and in the end everything gone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import browser
from tests.compose import podman
from tests.compose.house import SERVICES, House

__all__ = ["browser"]  # a fixture for the tests in here


@pytest.fixture(scope="session")
def figures() -> Iterator[dict[str, float]]:
    """What was measured, in seconds; said in the end."""
    found: dict[str, float] = {}
    yield found
    for what, seconds in found.items():
        podman.tell(f"{what:<44}{seconds:8.1f} s")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, figures: dict[str, float]) -> Iterator[House]:
    """The whole service, started in one go from nothing."""
    podman.install()
    engine = podman.Podman()
    figures |= {f"image {name}": seconds for name, seconds in engine.images().items()}
    house = House(Path(tmp_path_factory.mktemp("compose")), engine)
    house.compose("down", "--volumes")
    try:
        begun = time.monotonic()
        house.compose("up", "--detach", "--no-build")
        house.well()
        figures["up, until everything works"] = time.monotonic() - begun
        yield house
    except AssertionError:
        podman.tell("".join(f"{service}:\n{house.said(service)}" for service in (*SERVICES, "migrate")))
        raise
    finally:
        house.compose("down", "--volumes")
