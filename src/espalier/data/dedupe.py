"""Near duplicates: of rows that nearly say the same, the first stays. By MinHash over prompts and over blueprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from datasketch import MinHash, MinHashLSH

from .pairs import Pair
from .similar import letters, runs

HASHES = 64
LIKE_PROMPTS = 0.8  # of the runs of letters of two prompts
LIKE_BLUEPRINTS = 0.92  # of the runs of three words of two blueprints
WORDS = 3


def sketch(hashes: Iterable[int]) -> MinHash:
    """The MinHash of a set of hashes; the same each time."""
    made = MinHash(num_perm=HASHES, seed=1)
    made.update_batch([one.to_bytes(6, "big") for one in hashes])
    return made


def near_duplicates(pairs: Sequence[Pair], before: Sequence[Pair] = ()) -> Iterator[tuple[str, str]]:
    """Those to leave out, each with the id of the one it nearly repeats: both prompt and blueprint are alike, or the prompts are the
    same. before: rows that stay whatever happens."""
    prompts = MinHashLSH(threshold=LIKE_PROMPTS, num_perm=HASHES)
    blueprints = MinHashLSH(threshold=LIKE_BLUEPRINTS, num_perm=HASHES)
    for at, pair in enumerate([*before, *pairs]):
        said, built = sketch(letters(pair.prompt)), sketch(runs(pair.blueprint, WORDS))
        twin = next(iter(sorted(prompts.query(said)) or sorted(blueprints.query(built))), "")
        if twin and at >= len(before):
            yield pair.id, twin
            continue
        prompts.insert(pair.id, said)
        blueprints.insert(pair.id, built)
