"""Says at the end of a run how often what was tried."""

from __future__ import annotations

import pytest

from espalier.runtime.people import passwords

from .counted import TRIED


def pytest_terminal_summary(terminalreporter):
    for what, count in sorted(TRIED.items()):
        terminalreporter.write_line(f"tried: {count:7,} {what}")


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Argon2 with the least work that it takes."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", lambda: quick)
        passwords._nobody.cache_clear()
        yield
    passwords._nobody.cache_clear()
