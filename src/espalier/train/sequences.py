"""Pairs as rows of tokens: what is learnt, what is only context, and what may see what.

A pair is a small tree. Its trunk is the conversation that makes the app (prompt, blueprint); each edit is a branch that goes on
from the end of the trunk and knows nothing of the other edits. So the blueprint before an edit is computed once for all
of its edits, and is trained on too: an edit costs its own hundred tokens instead of five hundred. Rows of a fixed length hold
several trees; nothing in one sees anything of another. Only what the assistant says is learnt.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from espalier.model.prompt import assistant, build_messages, render, user

END = "<|im_end|>"
NOT_LEARNT = -100
Encode = Callable[[str], list[int]]


@dataclass(frozen=True)
class Sample:
    """A pair as it is trained on. edits: (request, patch). app: whether the blueprint is learnt, not only where its edits start."""

    prompt: str
    blueprint: str
    edits: tuple[tuple[str, str], ...] = ()
    written: bool = True  # by hand, not by the generator
    app: bool = True


@dataclass(frozen=True)
class Span:
    """A run of tokens; `learnt` of them, from the end, are the assistant's."""

    tokens: tuple[int, ...]
    learnt: int


@dataclass(frozen=True)
class Tree:
    """A pair in tokens: a trunk and its branches."""

    trunk: Span
    branches: tuple[Span, ...] = ()

    @property
    def length(self) -> int:
        """Tokens in all."""
        return len(self.trunk.tokens) + sum(len(branch.tokens) for branch in self.branches)


@dataclass(frozen=True)
class Piece:
    """Where a span lies in its row. trunk: (start, length) of the trunk that it goes on from, length 0 when it is one."""

    start: int
    length: int
    trunk: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Row:
    """Trees side by side.

    ids, positions, targets: one number a token, `length` of them; targets: the token that should follow, NOT_LEARNT where it does not
    count. pieces: cover the row. samples: the numbers of the samples in it.
    """

    ids: list[int]
    positions: list[int]
    targets: list[int]
    pieces: list[Piece]
    samples: list[int]


def tree_of(sample: Sample, encode: Encode) -> Tree:
    """The sample in tokens. encode: text to token numbers, in which `<|im_start|>` and `<|im_end|>` are one token each."""
    said = encode(render(build_messages(sample.prompt)))
    answer = encode(assistant(sample.blueprint)["content"] + END)
    branches = []
    for request, patch in sample.edits:
        asked = encode("\n" + render([user(request)]))
        change = encode(assistant(patch)["content"] + END)
        branches.append(Span((*asked, *change), len(change)))
    return Tree(Span((*said, *answer), len(answer) if sample.app else 0), tuple(branches))


def fitting(tree: Tree, length: int) -> Tree | None:
    """The tree with as many branches as a row holds; None when not even its trunk fits."""
    left = length - len(tree.trunk.tokens)
    if left < 0:
        return None
    kept = []
    for branch in tree.branches:
        if len(branch.tokens) <= left:
            kept.append(branch)
            left -= len(branch.tokens)
    return Tree(tree.trunk, tuple(kept))


def pack(trees: Sequence[Tree], order: Iterable[int], length: int, padding: int, ahead: int = 24) -> list[Row]:
    """Rows of `length` tokens holding the trees in about this order: what fits best among the next `ahead` goes in.

    Trees that no row holds are left out. padding: the token that fills a row up; it is not learnt.
    """
    rows: list[Row] = []
    waiting: list[int] = []
    coming = iter(order)
    while True:
        while len(waiting) < ahead and (number := next(coming, None)) is not None:
            if trees[number].length <= length:
                waiting.append(number)
        if not waiting:
            return rows
        chosen, left = [waiting.pop(0)], length
        left -= trees[chosen[0]].length
        while fits := [number for number in waiting if trees[number].length <= left]:
            best = max(fits, key=lambda number: trees[number].length)
            waiting.remove(best)
            chosen.append(best)
            left -= trees[best].length
        rows.append(_row([trees[number] for number in chosen], chosen, length, padding))


def _row(trees: Sequence[Tree], numbers: list[int], length: int, padding: int) -> Row:
    row = Row([], [], [], [], numbers)
    for tree in trees:
        start, size = len(row.ids), len(tree.trunk.tokens)
        _put(row, tree.trunk, 0, (0, 0))
        for branch in tree.branches:
            _put(row, branch, size, (start, size))
    rest = length - len(row.ids)
    if rest:
        _put(row, Span((padding,) * rest, 0), 0, (0, 0))
    return row


def _put(row: Row, span: Span, position: int, trunk: tuple[int, int]) -> None:
    size = len(span.tokens)
    row.pieces.append(Piece(len(row.ids), size, trunk))
    row.ids.extend(span.tokens)
    row.positions.extend(range(position, position + size))
    first = size - span.learnt  # the first token that is learnt is the target of the one before it
    row.targets.extend(
        span.tokens[place + 1] if place + 1 < size and place + 1 >= first else NOT_LEARNT for place in range(size)
    )


def ordered(written: Sequence[int], generated: Sequence[int], epochs: float, passes: float, seed: int) -> list[int]:
    """The numbers of the samples in the order of training.

    Written ones are gone through `epochs` times, each time in another order; generated ones `passes` times, over the first three
    quarters, so that what people wrote has the last word.
    """
    chance = random.Random(seed)  # noqa: S311 (an order, not a secret)
    placed: list[tuple[float, int]] = []
    for numbers, times, until in ((written, epochs, 1.0), (generated, passes, 0.75)):
        turn = 0.0
        while turn < times and numbers:
            part = min(1.0, times - turn)
            taken = chance.sample(list(numbers), round(part * len(numbers)))
            placed += [((turn + part * chance.random()) / times * until, number) for number in taken]
            turn += 1
    return [number for _, number in sorted(placed)]
