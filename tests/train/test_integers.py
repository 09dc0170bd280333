"""The frozen base in whole numbers: near to the exact product, there and back, and only where it is asked for."""

import torch
from torch import nn
from torch.nn.functional import cosine_similarity

from espalier.train.integers import EXACT, WholeNumbers, in_whole_numbers, quantised


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.up_proj = nn.Linear(96, 64)
        self.down_proj = nn.Linear(64, 96, bias=False)
        self.head = nn.Linear(96, 8)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return self.head(self.down_proj(torch.relu(self.up_proj(rows))))


def test_a_row_keeps_its_largest_value_and_its_direction():
    rows = torch.randn(5, 200, generator=torch.Generator().manual_seed(1)) * torch.tensor(
        [[0.0], [1e-6], [1.0], [50.0], [1e6]]
    )
    whole, scale = quantised(rows)
    back = whole * scale
    assert whole.dtype == torch.int8
    assert torch.allclose(back.abs().amax(1), rows.abs().amax(1), rtol=1e-5, atol=1e-10)
    assert (cosine_similarity(back[1:], rows[1:]) > 0.999).all()


def test_products_and_gradients_are_near_the_exact_ones():
    exact, whole = Block(), Block()
    in_whole_numbers(whole, ("up_proj", "down_proj"))
    rows = torch.randn(2, 40, 96, generator=torch.Generator().manual_seed(2))
    grown = []
    for block in (exact, whole):
        given = rows.clone().requires_grad_()
        out = block(given)
        out.square().sum().backward()
        grown.append((out.detach(), given.grad))
    (right, right_gradient), (near, near_gradient) = grown
    assert near.shape == right.shape and not torch.equal(near, right)
    assert cosine_similarity(near.flatten(), right.flatten(), dim=0) > 0.999
    assert cosine_similarity(near_gradient.flatten(), right_gradient.flatten(), dim=0) > 0.99


def test_only_what_is_named_is_changed_and_some_inputs_stay_exact():
    block = Block()
    in_whole_numbers(block, ("up_proj", "down_proj"))
    assert isinstance(block.up_proj, WholeNumbers) and not isinstance(block.head, WholeNumbers)
    assert "down_proj" in EXACT
    rows = torch.randn(7, 64)
    assert torch.equal(block.down_proj(rows), rows @ block.down_proj.weight.T)
    assert set(block.state_dict()) == set(Block().state_dict()), "what is saved is the plain weights alone"
