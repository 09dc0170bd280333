"""The adapter in llama.cpp does what it does in PyTorch."""

from __future__ import annotations

import pytest
import torch

from espalier.train import export
from espalier.train.agree import agreement
from espalier.train.base import load_base, load_tokenizer
from espalier.train.recipe import Recipe
from espalier.train.sft import weights_of, with_adapter

PROMPTS = ["a shop for candles", "Which birds come to my garden? A list with photos."]


@pytest.fixture(scope="module")
def adapted(base_file):
    """The base with an adapter that changes what it says."""
    torch.manual_seed(3)
    model = with_adapter(load_base(base_file, torch.float32, trees=False), Recipe(rank=32, alpha=64))
    for name, parameter in model.named_parameters():
        if "lora_B" in name:  # strongest where the order of rows differs
            torch.nn.init.normal_(parameter, std=0.03 if "q_proj" in name or "k_proj" in name else 0.001)
    return model.eval(), load_tokenizer(base_file)


def test_llama_cpp_and_pytorch_agree(adapted, base_file, tmp_path):
    model, tokenizer = adapted
    file = export.export(weights_of(model), 64, base_file, tmp_path / "adapter.gguf")
    found = agreement(model, tokenizer, base_file, file, PROMPTS)
    assert found.difference < 0.15
    assert found.tokens > 0.9
    assert found.written > 60
    assert file.stat().st_size < 11_000_000


def test_rows_in_the_wrong_order_would_be_noticed(adapted, base_file, tmp_path, monkeypatch):
    model, tokenizer = adapted
    file = export.export(weights_of(model), 64, base_file, tmp_path / "right.gguf")
    right = agreement(model, tokenizer, base_file, file, PROMPTS)
    monkeypatch.setattr(export, "PERMUTED", {})
    file = export.export(weights_of(model), 64, base_file, tmp_path / "wrong.gguf")
    wrong = agreement(model, tokenizer, base_file, file, PROMPTS)
    assert wrong.difference > 2 * right.difference


def test_an_exported_adapter_can_be_gone_on_from(adapted, base_file, tmp_path):
    before = weights_of(adapted[0])
    after = export.weights(export.export(before, 64, base_file, tmp_path / "adapter.gguf"))
    assert after.keys() == before.keys()
    assert all(torch.allclose(after[name], before[name], atol=before[name].abs().max().item() / 100) for name in before)


def test_a_weight_without_a_place_is_named(base_file, tmp_path):
    with pytest.raises(ValueError, match="lm_head"):
        export.export({"base_model.model.lm_head.lora_A.weight": torch.zeros(4, 8)}, 8, base_file, tmp_path / "x.gguf")
