"""Proof that the adapter does in llama.cpp what it does in PyTorch.

Both are asked the same prompts and write greedily; then PyTorch scores the very tokens that llama.cpp wrote. llama.cpp computes with quantised
weights and activations and PyTorch in float32, so figures differ a little; a wrong name, order or scale shows at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from espalier.model.prompt import build_messages, render

TOKENS = 64  # of each answer


@dataclass(frozen=True)
class Agreement:
    """same: share of answers that are equal token for token; tokens: share of tokens that PyTorch would choose too, after the same
    beginning; difference: the mean absolute difference of the log-probabilities of what llama.cpp wrote, in nats; prompts, written: how
    many were looked at."""

    same: float
    tokens: float
    difference: float
    prompts: int
    written: int

    def __str__(self) -> str:
        return (
            f"{self.same:.0%} of {self.prompts} greedy answers equal ({self.tokens:.1%} of the tokens), "
            f"log-probabilities differ by {self.difference:.4f} nats on average over {self.written} tokens"
        )


def agreement(model: Any, tokenizer: Any, base: Path, adapter: Path, prompts: Sequence[str]) -> Agreement:
    """Ask both. model: PyTorch's, with the adapter; base, adapter: the GGUF files."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(base)
    settings.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)]
    settings.n_ctx, settings.n_parallel, settings.verbosity = 2048, 1, 0
    server = xllamacpp.Server(settings)
    same = 0
    agreed = written = 0
    differences: list[float] = []
    for prompt in prompts:
        asked = tokenizer(render(build_messages(prompt)), add_special_tokens=False)["input_ids"]
        said = server.handle_completions({"prompt": asked, "n_predict": TOKENS, "temperature": 0.0, "logprobs": 1})
        told = said["choices"][0]["logprobs"]["content"]
        theirs, chances = [entry["id"] for entry in told], [entry["logprob"] for entry in told]
        scores = _scores(model, [*asked, *theirs])[len(asked) - 1 :]
        ours = scores.argmax(-1)[:-1].tolist()
        alike = sum(mine == yours for mine, yours in zip(ours, theirs, strict=True))
        same += alike == len(theirs)
        agreed += alike
        written += len(theirs)
        own = torch.log_softmax(scores[:-1].float(), -1)
        differences += [
            abs(own[place, token].item() - chance)
            for place, (token, chance) in enumerate(zip(theirs, chances, strict=True))
        ]
    return Agreement(
        same / len(prompts),
        agreed / max(1, written),
        sum(differences) / max(1, len(differences)),
        len(prompts),
        written,
    )


@torch.no_grad()
def _scores(model: Any, tokens: list[int]) -> torch.Tensor:
    """The logits at every place, (tokens, vocabulary)."""
    return model(input_ids=torch.tensor([tokens], device=model.device), use_cache=False).logits[0]
