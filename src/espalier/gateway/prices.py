"""What an answer costs, in dollars: a rented model by its tokens, a model of ours by the time that it keeps the machine busy.

Several answers at once share the machine, so each counts for its share of the time. What a model of comparison would have cost is
told by the same tokens: less than the truth, since a model that was not trained for blueprints must be told the language first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

NEAR = ("127.0.0.1", "localhost", "::1")
MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """Dollars for one token read, read from a cache, written; and for a second of the machine."""

    token_in: float = 0.0
    token_cached: float = 0.0
    token_out: float = 0.0
    second: float = 0.0

    def of(self, tokens_in: int, tokens_cached: int, tokens_out: int, seconds: float = 0.0) -> float:
        """Dollars for one answer. tokens_cached are among tokens_in; seconds: its share of the machine's time."""
        fresh = max(0, tokens_in - tokens_cached)
        read = fresh * self.token_in + tokens_cached * self.token_cached
        return read + tokens_out * self.token_out + seconds * self.second


def machine(core_hour: float, cores: int) -> Price:
    """A model on this machine, which takes all the cores it is given."""
    return Price(second=core_hour * cores / 3600)


def by_tokens(price_in: float, price_out: float) -> Price:
    """A price that its owner states, in dollars for a million tokens."""
    return Price(price_in / MILLION, price_in / MILLION, price_out / MILLION)


@lru_cache(maxsize=256)
def rented(model: str, address: str = "") -> Price | None:
    """What genai-prices knows of a model, at an address when one is given; None when it knows nothing."""
    from genai_prices import Usage, calc_price

    def dollars(usage: Usage, address: str | None) -> float:
        return float(calc_price(usage, model_ref=model, provider_api_url=address).total_price) / 1000

    for where in (address, None) if address else (None,):
        try:
            # A thousand, not a million: some prices rise with the length of the prompt.
            fresh = dollars(Usage(input_tokens=1000), where)
            cached = dollars(Usage(input_tokens=1000, cache_read_tokens=1000), where)
            return Price(fresh, cached, dollars(Usage(output_tokens=1000), where))
        except LookupError:
            continue
    return None


def is_near(address: str) -> bool:
    """Is a server on this machine?"""
    return urlsplit(address).hostname in NEAR


class Busy:
    """How the time of one machine is shared by the answers it is writing: `begin` one, and what `end` returns is its seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._count = 0
        self._each = 0.0  # seconds that an answer which was there from the start would have had by now
        self._since = clock()

    def begin(self) -> float:
        """An answer begins. What is returned is to be given to `end`."""
        self._forward()
        self._count += 1
        return self._each

    def end(self, begun: float) -> float:
        """It ended: the seconds of the machine that were its own."""
        self._forward()
        self._count -= 1
        return self._each - begun

    def _forward(self) -> None:
        now = self._clock()
        if self._count:
            self._each += (now - self._since) / self._count
        self._since = now
