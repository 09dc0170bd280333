"""How fast training is: against the machine's own peak, and against TRL's defaults on the same pairs in one run.

    python benchmarks/training.py [--tier small] [--seconds 60]

Prints tokens a second of each, the operations that these take (four a parameter and token of the frozen base, six of the adapter and
as many of the head as its softmax goes over; attention aside), their share of the peak of a matrix product measured just before, and the
ratio. Tokens are those of prompts and answers, without padding. Each is run in a process of its own, one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))


def prepared(tier: str) -> tuple[Path, list[Any]]:
    """The base's file, and the samples of a part of the corpus."""
    from espalier.config import Settings
    from espalier.data.pairs import read_corpus
    from espalier.model import bases, store
    from espalier.train.sequences import Sample

    pairs = read_corpus(ROOT / "corpus" / "seed", "pairs_[12].jsonl")
    samples = [Sample(pair.prompt, pair.blueprint) for pair in pairs]
    return store.pull(bases.tiers()[tier], Settings()), samples


def ours(tier: str, seconds: float) -> dict[str, float]:
    """Tokens a second of our rows, attention and loss, and what share of the peak that is."""
    import torch

    from espalier.train import machine, sft
    from espalier.train.recipe import RECIPES

    file, samples = prepared(tier)
    about = machine.look()
    found: dict[str, float] = {"peak": about.peak}
    out = Path(os.environ["BENCH_FOLDER"]) / "ours"
    out.mkdir()
    recipe = RECIPES[tier]
    sft.train(out, file, samples, recipe, about, budget=seconds, tokens=1e6)
    lines = [json.loads(line) for line in (out / "progress.jsonl").read_text().splitlines()]
    first, last = lines[0], lines[-1]
    position = sft.read_position(sft.last_checkpoint(out / "checkpoints"))
    steps = last["step"] - first["step"]
    padded = steps * recipe.row * recipe.rows / (last["seconds"] - first["seconds"])
    trees = [sample for number in position.samples if (sample := number) is not None]
    found["tokens"] = padded * _full(samples, trees, file, recipe, position.steps)
    model = sft.base.load_base(file, torch.float32)
    head = model.get_output_embeddings().weight
    body = (
        sum(parameter.numel() for parameter in model.model.parameters()) - model.get_input_embeddings().weight.numel()
    )
    adapter = sum(
        parameter.numel() for parameter in sft.with_adapter(model, recipe).parameters() if parameter.requires_grad
    )
    found["operations"] = 4 * body + 6 * adapter + 4 * (10_000 + recipe.others) * head.shape[1]
    return found


def _full(samples: list[Any], gone: list[int], file: Path, recipe: Any, steps: int) -> float:
    """Which share of the rows is no padding."""
    from espalier.train.base import encoder, load_tokenizer
    from espalier.train.sequences import tree_of

    encode = encoder(load_tokenizer(file))
    return sum(tree_of(samples[number], encode).length for number in gone) / (steps * recipe.row * recipe.rows)


def defaults(tier: str, seconds: float) -> dict[str, float]:
    """Tokens a second of TRL's trainer as it comes, with an adapter of the same rank."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from espalier.model.prompt import assistant, build_messages, render
    from espalier.train import base
    from espalier.train.recipe import RECIPES

    file, samples = prepared(tier)
    tokenizer = base.load_tokenizer(file)
    rows = [
        {
            "prompt": render(build_messages(sample.prompt)),
            "completion": assistant(sample.blueprint)["content"] + "<|im_end|>",
        }
        for sample in samples
    ]
    counts: list[tuple[float, int]] = []

    class Clock(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            counts.append((time.perf_counter(), int(state.num_input_tokens_seen)))
            control.should_training_stop = counts[-1][0] - counts[0][0] > seconds and len(counts) > 2

    config = SFTConfig(
        output_dir=str(Path(os.environ["BENCH_FOLDER"]) / "defaults"),
        use_cpu=not torch.cuda.is_available(),
        bf16=False,  # its default, slower here: this machine's processor has no bfloat16 instructions
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        include_num_input_tokens_seen="non_padding",
    )
    recipe = RECIPES[tier]
    trainer = SFTTrainer(
        model=base.load_base(file, torch.float32, trees=False),
        args=config,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        peft_config=LoraConfig(r=recipe.rank, lora_alpha=recipe.alpha, target_modules=base.TARGETS),
        callbacks=[Clock()],
    )
    trainer.train()
    (start, before), (end, after) = counts[0], counts[-1]
    return {"tokens": (after - before) / (end - start)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tier", default="small")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", choices=("ours", "defaults"))
    options = parser.parse_args()
    if options.only:
        found = {"ours": ours, "defaults": defaults}[options.only](options.tier, options.seconds)
        print("RESULT " + json.dumps(found))
        return
    from tempfile import TemporaryDirectory

    from espalier.train.machine import MEMORY

    results = {}
    with TemporaryDirectory() as folder:
        for kind, environment in (("ours", MEMORY), ("defaults", {}), ("defaults, memory kept", MEMORY)):
            command = [
                sys.executable,
                __file__,
                "--only",
                kind.split(",")[0],
                "--tier",
                options.tier,
                "--seconds",
                str(options.seconds),
            ]
            place = Path(folder) / kind
            place.mkdir()
            said = subprocess.run(
                command,
                env={**os.environ, **environment, "BENCH_FOLDER": str(place)},
                capture_output=True,
                text=True,
                check=False,
            )
            line = next((line for line in said.stdout.splitlines() if line.startswith("RESULT ")), None)
            if line is None:
                sys.exit(said.stderr[-2000:])
            results[kind] = json.loads(line.removeprefix("RESULT "))
    own = results["ours"]
    share = own["tokens"] * own["operations"] / own["peak"]
    print(f"peak of a matrix product: {own['peak'] / 1e9:.0f} GFLOP/s")
    print(f"ours: {own['tokens']:.0f} tokens/s, {share:.0%} of the peak")
    for kind in ("defaults", "defaults, memory kept"):
        print(
            f"TRL's {kind}: {results[kind]['tokens']:.0f} tokens/s; ours {own['tokens'] / results[kind]['tokens']:.1f} times as fast"
        )


if __name__ == "__main__":
    main()
