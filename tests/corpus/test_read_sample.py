"""The tool with which the corpus is read again: the same seed draws the same part, and what it shows is what the edit does."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "read_sample.py"
FILE = ROOT / "corpus" / "seed" / "home_1.jsonl"

Told = Callable[..., str]


@pytest.fixture(scope="module")
def main() -> Callable[[], int]:
    return runpy.run_path(str(TOOL))["main"]


@pytest.fixture
def told(main, monkeypatch, capsys) -> Told:
    def told(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", [str(TOOL), *arguments])
        assert main() == 0
        return capsys.readouterr().out

    return told


def test_a_seed_draws_the_same_part_and_another_seed_another(told: Told) -> None:
    once, again, other = told(str(FILE), "--seed", "1"), told(str(FILE), "--seed", "1"), told(str(FILE), "--seed", "2")
    assert once == again
    assert once != other
    assert once.count("=== home_1:") == 5  # three pairs and two edits


def test_an_edit_stands_above_what_it_changes(told: Told) -> None:
    shown = told(str(FILE), "--pairs", "0", "--edits", "1")
    lines = shown.splitlines()
    assert any(line.startswith("+ ") for line in lines) or any(line.startswith("- ") for line in lines)
    assert "  app: " in shown


def test_the_counts_are_those_of_the_files(told: Told) -> None:
    table = told("--counts").splitlines()
    row = next(line for line in table if line.startswith("| all |"))
    files = sorted((ROOT / "corpus" / "seed").glob("*.jsonl"))
    assert row.split("|")[2].strip() == str(len(files))
