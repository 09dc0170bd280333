"""A run as a folder and a process of its own: started, watched, started again smaller when memory was short, and finished.

    folder/job.json        what to do: base, dataset, recipe, budget
    folder/progress.jsonl  what happened, a line each few steps
    folder/checkpoints/    where it stands
    folder/adapter/        what came out, in PEFT's form
    folder/export/         the same as it is shipped: adapter.gguf, manifest.json, README.md

The process is its own because memory must be asked for in a certain way before it starts (machine.MEMORY), because several
devices need one each (accelerate starts those), and because one that the system kills for its memory must not take the caller along.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .machine import MEMORY
from .recipe import Recipe

OUT_OF_MEMORY = 75  # exit code of a run that says so itself
SMALLEST_ROW = 512
LOG = "log.txt"


class TrainingError(Exception):
    """Training cannot go on; says why and what to do."""


@dataclass(frozen=True)
class Job:
    """What to train. base_file: a GGUF; dataset: a folder; begin: a run's folder or export to go on from; budget: seconds, 0 for none;
    tokens: 0 for what the budget allows; name: of the adapter; track: where MLflow keeps runs."""

    name: str
    tier: str
    base: str
    base_file: str
    base_sha256: str
    dataset: str
    recipe: Recipe
    budget: float = 0
    tokens: float = 0
    begin: str = ""
    track: str = ""

    def write(self, folder: Path) -> None:
        """Into the folder of the run, in one step."""
        folder.mkdir(parents=True, exist_ok=True)
        said = {**self.__dict__, "recipe": self.recipe.as_dict()}
        part = folder / "job.part"
        part.write_text(json.dumps(said, indent=2) + "\n", "utf-8")
        part.replace(folder / "job.json")


def read_job(folder: Path) -> Job:
    """What a run is to do. Raises TrainingError when the folder holds none."""
    try:
        said = json.loads((folder / "job.json").read_text("utf-8"))
        return Job(**{**said, "recipe": Recipe(**said["recipe"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise TrainingError(
            f"{folder} is no training run ({error}). Start one with `espalier train sft --budget 2h --out {folder}`."
        ) from None


def run(folder: Path, tell: Callable[[dict[str, Any]], None], say: Callable[[str], None]) -> None:
    """Train the run in the folder to its end, from where it stands. tell: gets each line of progress; say: words for a person.

    Raises TrainingError.
    """
    while True:
        job = read_job(folder)
        code = _once(folder, tell)
        if code == 0:
            return
        if code in (OUT_OF_MEMORY, -signal.SIGKILL):
            smaller = job.recipe.row // 2
            if smaller < SMALLEST_ROW:
                raise TrainingError(
                    "There is not enough memory for even the smallest rows. Close other programs, or train the small tier."
                )
            say(
                f"Memory ran out with rows of {job.recipe.row:,} tokens; going on from the last checkpoint with {smaller:,}."
            )
            replace(job, recipe=replace(job.recipe, row=smaller, rows=job.recipe.rows * 2)).write(folder)
            continue
        if code < 0:
            raise TrainingError(
                f"The training process was ended by signal {-code}. `espalier train resume {folder}` goes on."
            )
        raise TrainingError(
            f"Training stopped: {_last_words(folder)}\nAll of it is in {folder / LOG}; `espalier train resume {folder}` goes on."
        )


def _once(folder: Path, tell: Callable[[dict[str, Any]], None]) -> int:
    """One process, until it ends; its exit code."""
    progress = folder / "progress.jsonl"
    seen = progress.stat().st_size if progress.is_file() else 0
    with (folder / LOG).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 (our own module)
            [*_launcher(), "espalier.train.child", str(folder)],
            env={**os.environ, **MEMORY, "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"},
            stdout=log,
            stderr=log,
        )
        try:
            while (code := process.poll()) is None:
                time.sleep(0.5)
                seen = _follow(progress, seen, tell)
        except BaseException:
            process.terminate()
            process.wait(30)
            raise
    _follow(progress, seen, tell)
    return code


def _launcher() -> list[str]:
    """How the process is started: through accelerate when there are several devices."""
    import torch

    if (devices := torch.cuda.device_count()) > 1:
        return [sys.executable, "-m", "accelerate.commands.launch", "--num_processes", str(devices), "-m"]
    return [sys.executable, "-m"]


def _follow(file: Path, start: int, tell: Callable[[dict[str, Any]], None]) -> int:
    """Tell the whole lines from a place in the file on; gives the place after them."""
    if file.is_file():
        with file.open("rb") as opened:
            opened.seek(start)
            for line in opened:
                if not line.endswith(b"\n"):
                    break  # still being written
                start += len(line)
                tell(json.loads(line))
    return start


def _last_words(folder: Path) -> str:
    lines = [line.strip() for line in (folder / LOG).read_text("utf-8", errors="replace").splitlines()]
    said = [line for line in lines if line and not line.startswith(("File ", "^", "warnings.warn"))]
    return said[-1][:400] if said else "it said nothing"
