"""A studio for one test, alone on this machine or with log-in; what writes is a server that says what the test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.studio.using import Browser, Running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts studios over one folder, and closes them."""
    running: list[Running] = []

    def begin(**settings: Any) -> Running:
        for one in running:
            if one.loop.is_running():
                one.close()
        running.append(Running(tmp_path / "data", **settings))
        return running[-1]

    yield begin
    for one in running:
        if one.loop.is_running():
            one.close()


@pytest.fixture
def running(start: Callable[..., Running]) -> Running:
    return start()


@pytest.fixture
def me(running: Running) -> Browser:
    """The one person of a studio without log-in."""
    return running.browser()
