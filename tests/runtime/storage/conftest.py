"""Fixtures of the storage tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's database is to be."""
    return tmp_path / "app" / "data.db"
