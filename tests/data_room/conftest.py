"""What tests of the data room share: a memory of their own, and a few pairs of the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from espalier.data.memory import Memory
from espalier.data.pairs import Pair, read_corpus

CORPUS = Path(__file__).parents[2] / "corpus" / "seed"


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    found = Memory(tmp_path / "memory.sqlite")
    yield found
    found.close()


@pytest.fixture(scope="session")
def seed_pairs() -> list[Pair]:
    """The first file of the corpus."""
    return read_corpus(CORPUS, "pairs_1.jsonl")
