"""The attention, the loss, a run and its resumption, against the real small base."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file

from espalier.train import attention, sft
from espalier.train.base import encoder, load_base, load_tokenizer
from espalier.train.loss import Vocabulary, summed_loss
from espalier.train.machine import Machine
from espalier.train.recipe import Recipe
from espalier.train.sequences import pack, tree_of

from .conftest import SAMPLES

MACHINE = Machine("cpu", 1, torch.float32, 1e11, 1 << 33)
PAIRS = SAMPLES[:2] * 3
QUICK = Recipe(rank=4, alpha=8, rate=5e-3, row=256, others=0, compiled=False)


def test_trees_in_a_row_are_what_they_are_alone(base_file):
    tokenizer, model = load_tokenizer(base_file), load_base(base_file, torch.float32)
    trees = [tree_of(sample, encoder(tokenizer)) for sample in SAMPLES]
    (row,) = pack(trees, [1, 0, 2], 512, 0)
    with torch.no_grad(), attention.over(row.pieces):
        together = model.model(
            input_ids=torch.tensor([row.ids]), position_ids=torch.tensor([row.positions]), use_cache=False
        ).last_hidden_state[0]
    model.set_attn_implementation("sdpa")
    branch = next(piece for piece in reversed(row.pieces) if piece.trunk[1])
    start, size = branch.trunk
    chain = row.ids[start : start + size] + row.ids[branch.start : branch.start + branch.length]
    with torch.no_grad():
        alone = model.model(input_ids=torch.tensor([chain]), use_cache=False).last_hidden_state[0]
    assert torch.allclose(together[branch.start : branch.start + branch.length], alone[size:], atol=1e-3)


def test_the_loss_is_cross_entropy_and_so_is_its_gradient():
    torch.manual_seed(0)
    hidden, head = torch.randn(700, 16, requires_grad=True), torch.randn(90, 16)
    targets = torch.randint(0, 90, (700,))
    own = summed_loss(hidden, head, targets) / 700
    (gradient,) = torch.autograd.grad(own, hidden)
    theirs = torch.nn.functional.cross_entropy(hidden @ head.T, targets)
    (expected,) = torch.autograd.grad(theirs, hidden)
    assert torch.allclose(own, theirs, atol=1e-5)
    assert torch.allclose(gradient, expected, atol=1e-6)


def test_the_softmax_goes_over_what_is_used_and_some_others():
    vocabulary = Vocabulary(1000, {5, 900, 17}, others=50, seed=1)
    head, rows = vocabulary.sample(torch.arange(1000.0)[:, None], torch.tensor([900, 5]))
    assert head[rows].flatten().tolist() == [900.0, 5.0]
    assert len(head) == 53
    assert not torch.equal(head, vocabulary.sample(torch.arange(1000.0)[:, None], torch.tensor([5]))[0])


def losses(folder):
    import json

    return [json.loads(line)["loss"] for line in (folder / "progress.jsonl").read_text().splitlines()]


def weights(folder):
    return load_file(folder / "adapter" / "adapter_model.safetensors")


@pytest.fixture(scope="module")
def whole(base_file, tmp_path_factory):
    """A run of a dozen steps over three pairs, from beginning to end."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, sft.train(folder, base_file, PAIRS, QUICK, MACHINE, tokens=1e6)


def test_a_run_learns(whole):
    folder, position = whole
    assert losses(folder)[-1] < 0.6 * losses(folder)[0]
    assert sorted(position.samples) == sorted([*range(6)] * 5)


class Killed(Exception):
    pass


def test_a_killed_run_goes_on_as_if_nothing_had_been(whole, base_file, tmp_path, monkeypatch):
    monkeypatch.setattr(sft, "SAVE_EVERY", 0.0)
    saved = sft.Watch.on_save

    def kill(self, args, state, control, **more):
        saved(self, args, state, control, **more)
        if state.global_step == 3:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sft.Watch, "on_save", kill)
        with pytest.raises(Killed):
            sft.train(tmp_path, base_file, PAIRS, QUICK, MACHINE, tokens=1e6)
    assert sft.read_position(sft.last_checkpoint(tmp_path / "checkpoints")).steps == 3
    position = sft.train(tmp_path, base_file, PAIRS, QUICK, MACHINE, tokens=1e6)
    folder, uninterrupted = whole
    assert sorted(position.samples) == sorted(uninterrupted.samples)
    mine, theirs = weights(tmp_path), weights(folder)
    assert all(torch.allclose(mine[name], theirs[name], atol=2e-3) for name in theirs)


def test_a_run_whose_time_is_over_ends_with_what_it_has(base_file, tmp_path):
    position = sft.train(tmp_path, base_file, PAIRS, QUICK, MACHINE, budget=2.0, tokens=200_000)
    assert 1 <= position.steps < 60
    assert weights(tmp_path)
