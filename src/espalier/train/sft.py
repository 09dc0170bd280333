"""Supervised training of an adapter, by TRL's trainer with our rows, attention and loss.

A run is a folder: `job.json` says what to do, `checkpoints/` hold where it stands (one a minute), `adapter/` is PEFT's form of what
came out, `progress.jsonl` what happened. A run that was killed goes on from its last checkpoint, on another machine too, and with
smaller rows when memory was short: what is kept is which samples were gone through, not how they lay in rows. Starting it,
watching it and starting it again is job.py's.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from datasets import Dataset
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from torch.utils.data import SequentialSampler
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from trl import SFTConfig, SFTTrainer

from . import attention, base, export, recipe
from .integers import in_whole_numbers
from .loss import Vocabulary, summed_loss
from .machine import Machine
from .sequences import NOT_LEARNT, Piece, Row, Sample, Tree, fitting, ordered, pack, tree_of

SAVE_EVERY = 50.0  # seconds, so that a kill costs less than a minute
POSITION = "position.json"


@dataclass(frozen=True)
class Position:
    """Where a run stands: samples gone through (in the order of training), steps, tokens and seconds spent."""

    samples: tuple[int, ...] = ()
    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0


def collate(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A batch is one row; several rows of a step are gradient accumulation."""
    (row,) = rows
    return {
        "input_ids": torch.tensor([row["ids"]]),
        "position_ids": torch.tensor([row["positions"]]),
        "labels": torch.tensor(row["targets"]),
        "pieces": [Piece(start, length, (at, size)) for start, length, at, size in row["pieces"]],
    }


def as_dataset(rows: Sequence[Row]) -> Dataset:
    """Rows as an Arrow table, which is what the trainer asks for."""
    return Dataset.from_list(
        [
            {
                "ids": row.ids,
                "positions": row.positions,
                "targets": row.targets,
                "pieces": [(piece.start, piece.length, *piece.trunk) for piece in row.pieces],
            }
            for row in rows
        ]
    )


class TreeTrainer(SFTTrainer):
    """TRL's trainer with a loss over rows of trees."""

    vocabulary: Vocabulary
    finished: Any  # share of the run that is done, a function of the step

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """The mean over what is learnt of the step's rows."""
        inside: Any = self.accelerator.unwrap_model(model)
        inside = inside.get_base_model() if isinstance(inside, PeftModel) else inside
        targets = inputs["labels"]
        learnt = targets != NOT_LEARNT
        with attention.over(inputs["pieces"]):
            hidden = inside.model(
                input_ids=inputs["input_ids"], position_ids=inputs["position_ids"], use_cache=False
            ).last_hidden_state[0]
        head, rows = self.vocabulary.sample(inside.get_output_embeddings().weight.detach(), targets[learnt])
        loss = summed_loss(hidden[learnt], head, rows) / (num_items_in_batch or learnt.sum())
        return (loss, None) if return_outputs else loss

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """The rate follows the share of the run that is done, by steps or by the clock, whichever is further."""
        self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
            cast("Any", optimizer or self.optimizer), lambda step: recipe.rate_at(self.finished(step))
        )
        self._created_lr_scheduler = True
        return self.lr_scheduler

    def _get_train_sampler(self, *_: Any, **__: Any) -> SequentialSampler:
        return SequentialSampler(cast("Any", self.train_dataset))  # the order is the recipe's


class Watch(TrainerCallback):
    """Keeps the position, saves by the clock, writes down what happens, and ends the run when its time is over."""

    def __init__(self, rows: list[Row], rows_a_step: int, before: Position, budget: float, folder: Path) -> None:
        self.rows, self.rows_a_step, self.before, self.budget = rows, rows_a_step, before, budget
        self.log_file = folder / "progress.jsonl"
        self.started = self.saved = time.monotonic()
        self.real = 0

    def seconds(self) -> float:
        """Spent on this run in all."""
        return self.before.seconds + time.monotonic() - self.started

    def share(self, step: int, steps: int) -> float:
        """How much of the run is done."""
        return max(step / max(1, steps), self.seconds() / self.budget if self.budget else 0)

    def position(self, step: int) -> Position:
        """Where the run stands after `step` steps in all."""
        gone = self.rows[: (step - self.before.steps) * self.rows_a_step]
        samples = [number for row in gone for number in row.samples]
        tokens = sum(target != NOT_LEARNT for row in gone for target in row.targets)
        return Position((*self.before.samples, *samples), step, self.before.tokens + tokens, self.seconds())

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Save when it is time, stop when it is over."""
        now = time.monotonic()
        if now - self.saved > SAVE_EVERY:
            control.should_save = True
            self.saved = now
        if self.budget and self.seconds() >= self.budget:
            control.should_training_stop = control.should_save = True

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """The position goes beside the checkpoint."""
        folder = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
        write_position(folder / POSITION, self.position(state.global_step))

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **_: Any
    ) -> None:
        """One line for whoever watches."""
        if "loss" not in (logs or {}):
            return
        step, gone = state.global_step, time.monotonic() - self.started
        done = self.share(step, state.max_steps)
        seen = (step - self.before.steps) * self.rows_a_step * len(self.rows[0].ids)
        left = min(
            gone / max(1, step - self.before.steps) * (state.max_steps - step),
            self.budget - self.seconds() if self.budget else float("inf"),
        )
        line = {
            "step": step,
            "of": state.max_steps,
            "share": round(done, 4),
            "loss": logs["loss"],
            "rate": logs.get("learning_rate"),
            "tokens_a_second": round(seen / gone, 1),
            "seconds": round(self.seconds(), 1),
            "left": round(max(0.0, left), 1),
        }
        with self.log_file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def write_position(file: Path, position: Position) -> None:
    """Where the run stands, as JSON."""
    file.write_text(json.dumps(position.__dict__), "utf-8")


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that was written in full."""
    found = [path.parent for path in folder.glob(f"checkpoint-*/{POSITION}")]
    whole = [path for path in found if (path / "trainer_state.json").is_file() and (path / "optimizer.pt").is_file()]
    return max(whole, key=lambda path: int(path.name.split("-")[1]), default=None)


def read_position(checkpoint: Path | None) -> Position:
    """Where the run stood; at its beginning when there is no checkpoint."""
    if checkpoint is None:
        return Position()
    said = json.loads((checkpoint / POSITION).read_text("utf-8"))
    return Position(**{**said, "samples": tuple(said["samples"])})


def with_adapter(model: Any, chosen: recipe.Recipe, begin: Path | None = None) -> PeftModel:
    """The model with a fresh adapter, or one that goes on from the weights in the folder `begin` (PEFT's or exported)."""
    config = LoraConfig(
        r=chosen.rank, lora_alpha=chosen.alpha, target_modules=base.TARGETS, lora_dropout=0.0, bias="none"
    )
    adapted: Any = get_peft_model(model, config)
    if begin is not None:
        set_peft_model_state_dict(adapted, _weights_in(begin))
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()  # the adapter learns in full precision whatever the base is in
    return adapted


def _weights_in(begin: Path) -> dict[str, torch.Tensor]:
    """What PEFT kept in the folder; else what was exported there."""
    from safetensors.torch import load_file

    kept = begin / "adapter_model.safetensors"
    return load_file(kept) if kept.is_file() else export.weights(begin / "adapter.gguf")


def train(
    folder: Path,
    base_file: Path,
    samples: Sequence[Sample],
    chosen: recipe.Recipe,
    machine: Machine,
    budget: float = 0,
    tokens: float = 0,
    begin: Path | None = None,
    track: str = "",
) -> Position:
    """Train, from the folder's last checkpoint when it has one, and leave the adapter in `folder/adapter`.

    budget: seconds in all, 0 for none. tokens: how many to learn from; 0 takes what the budget allows at this machine's
    speed. begin: an adapter (PEFT's form) to go on from. track: where MLflow keeps the run, empty for nowhere.
    """
    torch.manual_seed(chosen.seed)
    tokenizer = base.load_tokenizer(base_file)
    plain = base.load_base(base_file, machine.precision)
    if machine.whole:
        in_whole_numbers(plain, base.TARGETS)
    model = with_adapter(plain, chosen, begin)
    inside: Any = model.get_base_model()
    if chosen.compiled:
        _compile(inside)
    encode = base.encoder(tokenizer)
    trees = [fitting(tree_of(sample, encode), chosen.row) for sample in samples]
    whole = {number: tree for number, tree in enumerate(trees) if tree is not None}
    sized = [tree or Tree(tree_of(samples[0], encode).trunk) for tree in trees]
    used = {token for tree in whole.values() for span in (tree.trunk, *tree.branches) for token in span.tokens}
    vocabulary = Vocabulary(inside.get_output_embeddings().weight.shape[0], used, chosen.others, chosen.seed)

    before = read_position(last := last_checkpoint(folder / "checkpoints"))
    written = [number for number in whole if samples[number].written]
    generated = [number for number in whole if not samples[number].written]
    counts = [sum(whole[number].length for number in kind) for kind in (written, generated)]
    job = folder / "plan.json"
    if job.is_file():
        planned = recipe.Plan(**json.loads(job.read_text("utf-8")))
    else:
        wanted = tokens or budget * 0.97 * speed(model, vocabulary, sized, whole, chosen)
        planned = recipe.plan(wanted, counts[0], counts[1], chosen.generated)
        job.write_text(json.dumps(planned.__dict__), "utf-8")
    order = ordered(written, generated, planned.epochs, planned.passes, chosen.seed)
    left = _less(order, before.samples)
    rows = pack(sized, left, chosen.row, tokenizer.pad_token_id or 0)
    steps = len(rows) // chosen.rows
    if not steps:
        _keep(model, folder)
        return before
    watch = Watch(rows, chosen.rows, before, budget, folder)
    arguments = SFTConfig(
        output_dir=str(folder / "checkpoints"),
        per_device_train_batch_size=1,
        gradient_accumulation_steps=chosen.rows,
        max_steps=before.steps + steps,
        learning_rate=chosen.rate,
        weight_decay=0.0,
        adam_beta2=0.95,
        max_grad_norm=chosen.clip,
        logging_steps=5,
        save_strategy="steps",
        save_steps=10**9,
        save_total_limit=2,
        seed=chosen.seed,
        report_to=["mlflow"] if track else [],
        run_name=folder.name,
        remove_unused_columns=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        max_length=None,
        gradient_checkpointing=False,
        ignore_data_skip=True,  # the rows that are left are all there are
        disable_tqdm=True,
        bf16=False,
        use_cpu=machine.kind == "cpu",
        dataloader_pin_memory=machine.kind != "cpu",
    )
    if track:
        os.environ.update(MLFLOW_TRACKING_URI=track, MLFLOW_EXPERIMENT_NAME="espalier sft")
    trainer = TreeTrainer(
        model=model,
        args=arguments,
        train_dataset=as_dataset(rows),
        data_collator=collate,
        processing_class=tokenizer,
        callbacks=[watch],
    )
    trainer.vocabulary = vocabulary
    vocabulary.begin(chosen.seed + before.steps)
    trainer.finished = lambda step: watch.share(step, arguments.max_steps)
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    _keep(model, folder)
    return watch.position(trainer.state.global_step)


def speed(
    model: Any, vocabulary: Vocabulary, trees: list[Tree], whole: dict[int, Tree], chosen: recipe.Recipe
) -> float:
    """Tokens a second, from a few rows after one that warms up; the weights stay as they are."""
    rows = pack(trees, sorted(whole)[:120], chosen.row, 0)[:4]
    inside = model.get_base_model()
    times = []
    for row in (rows * 4)[:4]:
        start = time.perf_counter()
        batch = collate([as_dataset([row])[0]])
        learnt = batch["labels"] != NOT_LEARNT
        with attention.over(batch["pieces"]):
            hidden = inside.model(
                input_ids=batch["input_ids"].to(inside.device),
                position_ids=batch["position_ids"].to(inside.device),
                use_cache=False,
            ).last_hidden_state[0]
        targets = batch["labels"].to(inside.device)
        head, places = vocabulary.sample(inside.get_output_embeddings().weight.detach(), targets[learnt])
        (summed_loss(hidden[learnt], head, places) / learnt.sum()).backward()
        times.append(time.perf_counter() - start)
    model.zero_grad()
    return chosen.row / (sum(times[1:]) / len(times[1:]))


def _less(order: Sequence[int], gone: Sequence[int]) -> list[int]:
    """The order without what was gone through, each as often as it was."""
    counts: dict[int, int] = {}
    for number in gone:
        counts[number] = counts.get(number, 0) + 1
    left = []
    for number in order:
        if counts.get(number, 0):
            counts[number] -= 1
        else:
            left.append(number)
    return left


def _compile(model: Any) -> None:
    """Layer by layer, so that one compilation serves all; where there is no compiler the layers run as they are."""
    from shutil import which

    if which("g++") or which("clang++") or torch.cuda.is_available():
        for layer in model.model.layers:
            layer.compile()


def _keep(model: PeftModel, folder: Path) -> None:
    """The adapter in PEFT's form."""
    model.save_pretrained(str(folder / "adapter"))


def weights_of(model: PeftModel) -> dict[str, torch.Tensor]:
    """The adapter's weights by name."""
    return dict(get_peft_model_state_dict(model))
