"""What an app may have besides what its kind always has. Each is said to the draft, since nobody would guess it. One file a subject."""

from __future__ import annotations

from ..draft import Draft
from . import content, limits, mails, sights, talk

# What is listed more often is tried earlier, on average.
ALL = (*mails.WAYS, *limits.WAYS, *sights.WAYS, *content.WAYS, *talk.WAYS)
WANTED = ((0,), (0, 0, 1), (0, 1, 1, 2), (1, 1, 2, 3), (2, 3, 4))  # by the draft's size


def add(draft: Draft) -> None:
    """As many as suit the draft's size."""
    wanted = draft.rng.choice(WANTED[draft.size])
    ways = list(ALL)
    draft.rng.shuffle(ways)
    done = set()
    for way in ways:
        if wanted <= 0:
            break
        if way not in done and way(draft):
            done.add(way)
            wanted -= 1
