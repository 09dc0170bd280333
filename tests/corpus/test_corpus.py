"""The seed corpus, its converted part: every pair is a faultless blueprint in canonical text, short, sound, and what the converter makes."""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from espalier.blueprint import print_blueprint, read_all
from espalier.check.judge import judge

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "corpus" / "seed"
SOURCE = ROOT.parent / "shared" / "corpus"
FILES = [f"pairs_{number}.jsonl" for number in range(1, 8)]
MOST_TOKENS_AT_THE_MEDIAN = 400

# What llama.cpp answers for these with the tokenizer of SmolLM2-135M-Instruct.
LLAMA_CPP_IDS = {
    "price: money! 1234.50": [17517, 42, 2478, 17, 216, 33, 34, 35, 36, 30, 37, 32],
    "<|im_start|>user\nhi<|im_end|>": [1, 4093, 198, 6004, 2],
    "Crème brûlée, größe — “ok” 🍕  two  spaces\t tab": [
        25711,
        11180,
        1558,
        1156,
        41307,
        92,
        20174,
        28,
        1665,
        7466,
        34878,
        85,
        1841,
        619,
        2231,
        573,
        15107,
        231,
        239,
        216,
        827,
        216,
        5600,
        197,
        10147,
    ],
    "don't we'll x_y snake_case 3rd 2026-11-22": [
        12420,
        982,
        392,
        3060,
        1792,
        79,
        105,
        14321,
        79,
        7544,
        216,
        35,
        7212,
        216,
        34,
        32,
        34,
        38,
        29,
        33,
        33,
        29,
        34,
        34,
    ],
    "    - stats:\n        To do: count(Appointment where status = Booked)\n": [
        333,
        731,
        18947,
        42,
        448,
        1626,
        536,
        42,
        985,
        24,
        6477,
        41662,
        837,
        3559,
        446,
        6226,
        277,
        25,
        198,
    ],
}


def pairs() -> list[dict[str, str]]:
    return [json.loads(line) for name in FILES for line in (SEED / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def corpus() -> list[dict[str, str]]:
    return pairs()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    packed = (ROOT / "tests" / "data" / "smollm2-tokenizer.json.gz").read_bytes()
    return Tokenizer.from_str(gzip.decompress(packed).decode("utf-8"))


def test_seven_files_of_seventy_pairs() -> None:
    assert sorted(path.name for path in SEED.glob("pairs_*.jsonl")) == FILES
    assert [len((SEED / name).read_text("utf-8").splitlines()) for name in FILES] == [70] * 7
    assert all(list(pair) == ["prompt", "blueprint"] for pair in pairs())


def test_every_blueprint_reads_without_fault_or_slip_and_prints_back(corpus: list[dict[str, str]]) -> None:
    wrong = {}
    for number, pair in enumerate(corpus):
        reading = read_all(pair["blueprint"])
        if reading.blueprint is None or reading.fixes:
            wrong[number] = [str(said) for said in (*reading.problems, *reading.fixes)]
        elif print_blueprint(reading.blueprint) != pair["blueprint"]:
            wrong[number] = ["prints back differently"]
    assert wrong == {}


def test_no_prompt_and_no_blueprint_comes_twice(corpus: list[dict[str, str]]) -> None:
    # Two chess clubs asked for a ladder in the same words; their blueprints differ.
    twice = {"chess club ladder"}
    prompts = [pair["prompt"].strip().lower() for pair in corpus]
    assert {prompt for prompt in prompts if prompts.count(prompt) > 1} <= twice
    blueprints = [pair["blueprint"] for pair in corpus]
    assert len(set(blueprints)) == len(blueprints)


def test_half_of_the_blueprints_are_short(corpus: list[dict[str, str]], tokenizer: Tokenizer) -> None:
    lengths = [len(tokenizer.encode(pair["blueprint"], add_special_tokens=False).ids) for pair in corpus]
    assert statistics.median(lengths) <= MOST_TOKENS_AT_THE_MEDIAN
    assert max(lengths) < 1000


def test_one_in_twenty_passes_every_check_of_how_it_works(corpus: list[dict[str, str]]) -> None:
    wrong = {}
    for number in range(0, len(corpus), 20):
        report = judge(corpus[number]["blueprint"])
        if not report.fine:
            said = [str(finding) for result in report.failed for finding in result.findings]
            wrong[number] = [*report.problems, report.unfinished, *said]
    assert wrong == {}


@pytest.mark.parametrize("text", LLAMA_CPP_IDS)
def test_the_tokenizer_counts_as_llama_cpp_does(text: str, tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    assert ids == LLAMA_CPP_IDS[text]
    assert tokenizer.decode(ids, skip_special_tokens=False) == text


@pytest.mark.skipif(not SOURCE.is_dir(), reason="the v0 corpus is not beside the project")
def test_the_converter_makes_the_same_bytes_again(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "convert_corpus.py"), str(SOURCE), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (SEED / name).read_bytes(), name
