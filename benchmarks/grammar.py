"""Writing under the grammar: what it costs beside writing freely, in one run with the adapter that is in use.

    .venv/bin/python benchmarks/grammar.py [MODEL] [--prompts 4] [--tokens 160]

MODEL is `small` when not given. For each prompt an answer is begun freely and under the staged grammar, in turn, each of at most so many
tokens, greedy, with the same adapter and one stream. Printed: tokens a second of both from the first token on, and the median of the
prompts' shares; how many of the free and of the guided answers read when they came to their end. Then, without a model, how long the
grammars of all stages of the corpus's blueprints take to make (every so many: --every), by stage, in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections import defaultdict
from pathlib import Path

from espalier.blueprint.grammar import next_stage
from espalier.blueprint.reader import read_all
from espalier.config import load
from espalier.data.canonical import canonical
from espalier.model import Ask, Sampling
from espalier.model.decode import Staged, write
from espalier.model.endpoint import Endpoint
from espalier.model.endpoints import open_endpoint
from espalier.model.prompt import build_messages

CORPUS = Path(__file__).parents[1] / "corpus" / "seed"
PROMPTS = (
    "A booking page for my dog salon",
    "I want to keep track of who borrowed which of my tools",
    "small crm for a roofing company, leads and jobs, only the boss sees prices",
    "A reading list for our book club with votes for the next book",
    "Inventory for the chemistry room, with a warning when something runs out",
    "Members of the rowing club can reserve a boat for an hour",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="small")
    parser.add_argument("--prompts", type=int, default=4)
    parser.add_argument("--tokens", type=int, default=160)
    parser.add_argument("--every", type=int, default=60)
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}")
    making(given.every)
    asyncio.run(writing(given.model, PROMPTS[: given.prompts], given.tokens))


def making(every: int) -> None:
    """Milliseconds of the processor for the grammar of each stage."""
    lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines() if line]
    texts = [canonical(row["blueprint"]) for line in lines[::every] if "blueprint" in (row := json.loads(line))]
    took: dict[str, list[float]] = defaultdict(list)
    whole: list[float] = []
    for text in texts:
        total = 0.0
        for end in cuts(text):
            start = time.process_time()
            stage = next_stage(text[:end], line_ends_join=False)
            seconds = time.process_time() - start
            if stage is not None:
                took[stage.name].append(seconds)
                total += seconds
        whole.append(total)
    print(
        f"\nmaking the grammars of {len(texts)} blueprints: median {1000 * statistics.median(whole):.0f} ms a blueprint"
    )
    for name, each in took.items():
        print(f"  {name:12} {len(each):4} times, median {1000 * statistics.median(each):.0f} ms")


def cuts(text: str) -> list[int]:
    """Where the stages of a blueprint begin, by the printer's layout."""
    found, at, section, parts = [0], 0, "", False
    for line in text.split("\n"):
        indent, key = len(line) - len(line.lstrip()), line.strip().partition(":")[0]
        if indent == 0:
            section = key
            if section in ("signup", "access", "automations"):
                found.append(at + len(key) + 1)
        elif indent == 2:
            parts = False
            if section in ("data", "pages", "seed"):
                found.append(at + len(line))
        elif section == "data" and indent == 4:
            if key in ("unique", "rules", "actions"):
                if not parts:  # the later ones are of the same stage
                    found.append(at + 4 + len(key) + 1)
                parts = True
            elif " = " in line:
                found.append(at + line.index(" = ") + 2)
        at += len(line) + 1
    return found


async def writing(model: str, prompts: tuple[str, ...], tokens: int) -> None:
    """Freely and under the grammar, in turn."""
    endpoint = open_endpoint(model, load())
    shares: list[float] = []
    read = {"free": 0, "grammar": 0}
    ended = {"free": 0, "grammar": 0}
    print(f"\n{endpoint.name}, at most {tokens} tokens, greedy")
    try:
        await one(endpoint, "A list", 8, True)  # the model is read, the worker is warm
        for number, prompt in enumerate(prompts):
            speed: dict[str, float] = {}
            for name in ("free", "grammar") if number % 2 else ("grammar", "free"):
                answer = await one(endpoint, prompt, tokens, name == "grammar")
                speed[name] = (answer.tokens_out - 1) / (answer.seconds - answer.first)
                if answer.finish == "stop":
                    ended[name] += 1
                    read[name] += read_all(answer.text).blueprint is not None
                if name == "grammar":
                    stages, made = len(answer.stages), answer.making
            shares.append(speed["grammar"] / speed["free"])
            print(
                f"  free {speed['free']:5.1f} tok/s, grammar {speed['grammar']:5.1f}, share {shares[-1]:.2f};"
                f" {stages} stages, {1000 * made:.0f} ms to make them"
            )
    finally:
        await endpoint.close()
    print(f"median share {statistics.median(shares):.2f} (load {os.getloadavg()[0]:.1f})")
    for name in ("free", "grammar"):
        print(f"  {name}: {ended[name]} of {len(prompts)} came to their end, {read[name]} of them read")


async def one(endpoint: Endpoint, prompt: str, tokens: int, grammar: bool) -> Staged:
    ask = Ask(build_messages(prompt), sampling=Sampling(max_tokens=tokens))
    return await write(endpoint, ask, grammar=grammar)


if __name__ == "__main__":
    main()
