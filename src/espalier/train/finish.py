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

PROBES = 8  # prompts on which PyTorch and llama.cpp are compared


def finish(folder: Path, job: Job, position: sft.Position, dataset: str, prompts: Sequence[str]) -> Path:
    """Write `folder/export/`: adapter.gguf, manifest.json and README.md; gives that folder."""
    out = folder / "export"
    out.mkdir(exist_ok=True)
    weights = load_file(folder / "adapter" / "adapter_model.safetensors")
    file = export.export(weights, job.recipe.alpha, Path(job.base_file), out / "adapter.gguf")
    tokenizer = base.load_tokenizer(Path(job.base_file))
    model = sft.with_adapter(
        base.load_base(Path(job.base_file), torch.float32, trees=False), job.recipe, folder / "adapter"
    ).eval()
    step = max(1, len(prompts) // PROBES)
    agreed = agreement(
        model,
        tokenizer,
        Path(job.base_file),
        file,
        [" ".join(prompt.split())[:600] for prompt in prompts[::step][:PROBES]],
    )
    manifest = _manifest(job, position, dataset, file, agreed, folder)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (out / "README.md").write_text(card(manifest), "utf-8")
    return out


def _manifest(
    job: Job, position: sft.Position, dataset: str, file: Path, agreed: Agreement, folder: Path
) -> dict[str, Any]:
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    last = [json.loads(line) for line in (folder / "progress.jsonl").read_text("utf-8").splitlines()[-8:]]
    return {
        "name": job.name,
        "tier": job.tier,
        "base": {"name": job.base, "sha256": job.base_sha256},
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "rank": job.recipe.rank,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "licence": "Apache-2.0",
        "dataset": dataset,
        "recipe": {**job.recipe.as_dict(), "epochs": round(plan["epochs"], 2), "passes": round(plan["passes"], 2)},
        "figures": {
            "steps": position.steps,
            "learnt_tokens": position.tokens,
            "seconds": round(position.seconds),
            "last_loss": round(sum(line["loss"] for line in last) / len(last), 4) if last else None,
            "agreement": {**agreed.__dict__, "words": str(agreed)},
        },
    }


def card(manifest: dict[str, Any]) -> str:
    """The model card."""
    recipe, figures = manifest["recipe"], manifest["figures"]
    return f"""# {manifest["name"]}

An adapter (LoRA, rank {manifest["rank"]}, eight bits) for {manifest["base"]["name"]}: it writes Espalier blueprints from a person's words, and patches
of them from a request. Tier `{manifest["tier"]}`. Licence {manifest["licence"]}; made {manifest["created"][:10]}.

| | |
|---|---|
| base | {manifest["base"]["name"]}, SHA-256 `{manifest["base"]["sha256"]}` |
| data | dataset `{manifest["dataset"][:16]}` (`espalier data build`, docs/data.md): what people wrote {recipe["epochs"]} times, what was generated {recipe["passes"]} times |
| learnt from | {figures["learnt_tokens"]:,} tokens of answers in {figures["steps"]:,} steps, {figures["seconds"] / 60:.0f} minutes |
| recipe | rate {recipe["rate"]:g}, rows of {recipe["row"]:,} tokens, {recipe["rows"]} a step, seed {recipe["seed"]} |
| loss at the end | {figures["last_loss"]} nats a token |
| llama.cpp against PyTorch | {figures["agreement"]["words"]} |

## Limits
It knows one language, the blueprint's, and one job. Prompts that ask for what no block offers get the nearest thing. It writes English best.
What it writes is checked before anybody sees it (docs/checks.md); its figures on prompts it never saw are in docs/evals.md.
"""
