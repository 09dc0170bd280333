"""What the tests of training share: the real small base, and a few pairs."""

from __future__ import annotations

import pytest

from espalier.config import Settings
from espalier.model import bases, store
from espalier.train.sequences import Sample

CRUMB = """\
app: Crumb
about: Bread to order
data:
  Bread:
    name: text!
    price: money!
  Order:
    bread: Bread!
    pieces: int! 1..20 = 1
pages:
  Home:
    - cards: Bread
    - form: Order
"""
SAMPLES = [
    Sample(
        "preorders for our bakery",
        CRUMB,
        (
            ("let people say when they fetch it", "data:\n  Order:\n    fetch_at: datetime\n"),
            ("make it navy", "theme:\n  primary: navy\n"),
        ),
    ),
    Sample(
        "a list of walks",
        "app: Walks\ndata:\n  Walk:\n    name: text!\n    length: number km\npages:\n  Home:\n    - list: Walk\n",
    ),
    Sample(
        "gifts",
        "app: Gifts\ndata:\n  Gift:\n    for_whom: text!\n    bought: bool\npages:\n  Home:\n    - table: Gift\n",
        (),
        False,
    ),
]


@pytest.fixture(scope="session")
def base_file():
    """The base of the small tier, fetched once into the user's store."""
    return store.pull(bases.tiers()["small"], Settings())
