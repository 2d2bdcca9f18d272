"""Who runs which tests when pytest has several workers: whole modules, and all that start processes one after another.

A module's office or server is built once; browsers, killed houses and served ports never meet on the same machine.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

ALONE = ("tests/browser/", "tests/chaos/", "tests/workers/")  # take ports, time and both cores


class _ByModule(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        path, _, _ = nodeid.partition("::")
        return "processes" if path.startswith(ALONE) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """The longest first: what starts processes stands first in the order of the folders and is left there."""
    config.option.loadscopereorder = False
    return _ByModule(config, log)
