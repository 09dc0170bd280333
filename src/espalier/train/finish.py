"""The end of a run: the adapter as it is shipped, with the proof that it does the same there, a manifest and a model card."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file

from . import base, export, sft
from .agree import Agreement, agreement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .job import Job
    from .sequences import Sample

PROBES = 8  # prompts on which PyTorch and llama.cpp are compared


def finish(folder: Path, job: Job, position: sft.Position, dataset: str, samples: Sequence[Sample]) -> Path:
    """Write `folder/export/`: adapter.gguf, manifest.json and README.md; gives that folder."""
    out = folder / "export"
    out.mkdir(exist_ok=True)
    weights = load_file(folder / "adapter" / "adapter_model.safetensors")
    file = export.export(weights, job.recipe.alpha, Path(job.base_file), out / "adapter.gguf")
    tokenizer = base.load_tokenizer(Path(job.base_file))
    model = sft.with_adapter(
        base.load_base(Path(job.base_file), torch.float32, trees=False), job.recipe, folder / "adapter"
    ).eval()
    prompts = [sample.prompt for sample in samples]
    step = max(1, len(prompts) // PROBES)
    agreed = agreement(
        model,
        tokenizer,
        Path(job.base_file),
        file,
        [" ".join(prompt.split())[:600] for prompt in prompts[::step][:PROBES]],
    )
    manifest = _manifest(job, stage_of(job, position, dataset, samples, folder), file, agreed)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (out / "README.md").write_text(card(manifest), "utf-8")
    return out


def stage_of(job: Job, position: sft.Position, dataset: str, samples: Sequence[Sample], folder: Path) -> dict[str, Any]:
    """What this run did: from which data how often, by which recipe, for how long, with what loss at its end."""
    last = [json.loads(line) for line in (folder / "progress.jsonl").read_text("utf-8").splitlines()[-8:]]
    written = {number for number, sample in enumerate(samples) if sample.written}
    gone = sum(number in written for number in position.samples)
    return {
        "dataset": dataset,
        "recipe": {
            **job.recipe.as_dict(),
            "epochs": round(gone / max(1, len(written)), 2),
            "passes": round((len(position.samples) - gone) / max(1, len(samples) - len(written)), 2),
        },
        "steps": position.steps,
        "learnt_tokens": position.tokens,
        "seconds": round(position.seconds),
        "last_loss": round(sum(line["loss"] for line in last) / len(last), 4) if last else None,
    }


def earlier_stages(begin: str) -> list[dict[str, Any]]:
    """The stages of the adapter from which a run went on; none when it began afresh or nothing is known."""
    for file in (Path(begin) / "manifest.json", Path(begin).parent / "export" / "manifest.json") if begin else ():
        if file.is_file():
            stages: list[dict[str, Any]] = json.loads(file.read_text("utf-8")).get("stages", [])
            return stages
    return []


def _manifest(job: Job, stage: dict[str, Any], file: Path, agreed: Agreement) -> dict[str, Any]:
    return {
        "name": job.name,
        "tier": job.tier,
        "base": {"name": job.base, "sha256": job.base_sha256},
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "rank": job.recipe.rank,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "licence": "Apache-2.0",
        "stages": [*earlier_stages(job.begin), stage],
        "figures": {"agreement": {**agreed.__dict__, "words": str(agreed)}},
    }


def card(manifest: dict[str, Any]) -> str:
    """The model card."""
    lines = []
    for number, stage in enumerate(manifest["stages"], start=1):
        recipe = stage["recipe"]
        lines.append(
            f"| {number} | `{stage['dataset'][:16]}` | {recipe['epochs']} | {recipe['passes']} | {stage['learnt_tokens']:,} | {stage['steps']:,} "
            f"| {stage['seconds'] / 60:.0f} | {recipe['rate']:g} | {recipe['row']:,} | {stage['last_loss']} |"
        )
    return f"""# {manifest["name"]}

An adapter (LoRA, rank {manifest["rank"]}, eight bits) for {manifest["base"]["name"]}: it writes Espalier blueprints from a person's words, and patches
of them from a request. Tier `{manifest["tier"]}`. Licence {manifest["licence"]}; made {manifest["created"][:10]}.

Base: {manifest["base"]["name"]}, SHA-256 `{manifest["base"]["sha256"]}`.
llama.cpp against PyTorch: {manifest["figures"]["agreement"]["words"]}.

## How it was trained
Supervised, in stages, each going on from the one before; datasets are made by `espalier data build` (docs/data.md). Loss is in nats a token, at the stage's end.

| stage | dataset | times what people wrote | times what was generated | tokens learnt from | steps | minutes | rate | row | loss |
|---|---|---|---|---|---|---|---|---|---|
{chr(10).join(lines)}

## Limits
It knows one language, the blueprint's, and one job. Prompts that ask for what no block offers get the nearest thing. It writes English best.
What it writes is checked before anybody sees it (docs/checks.md); its figures on prompts it never saw are in docs/evals.md.
"""
