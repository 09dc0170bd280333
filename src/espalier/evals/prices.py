"""What a thousand apps cost: on one's own machine by the time its cores are busy, on a rented model by its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

NEAR = ("127.0.0.1", "localhost", "::1", "")


@dataclass(frozen=True)
class Price:
    """Dollars. Either for a second of the whole machine, or for a million tokens in and out; words say where it is from."""

    second: float = 0
    tokens_in: float = 0
    tokens_out: float = 0
    words: str = ""

    def of(self, seconds: float, tokens_in: int, tokens_out: int) -> float:
        """Dollars for one answer."""
        return seconds * self.second + (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1e6


def price_of(endpoint: str, core_hour: float, cores: int) -> Price:
    """What an endpoint costs by its name. A model at an address is looked up among the prices of rented models; what is on this machine,
    or not known there, is counted as cores of this machine that are busy while it answers."""
    address, _, model = endpoint.partition("#")
    if address.startswith(("http://", "https://")) and urlsplit(address).hostname not in NEAR:
        rented = _rented(model, address)
        if rented:
            return rented
    return Price(second=core_hour * cores / 3600, words=f"{cores} cores at {core_hour:g} dollars an hour each")


def _rented(model: str, address: str) -> Price | None:
    from genai_prices import Usage, calc_price

    try:
        calculated = calc_price(
            Usage(input_tokens=1_000_000, output_tokens=1_000_000), model_ref=model, provider_api_url=address
        )
    except LookupError:
        try:
            calculated = calc_price(Usage(input_tokens=1_000_000, output_tokens=1_000_000), model_ref=model)
        except LookupError:
            return None
    given, taken = float(calculated.input_price), float(calculated.output_price)
    words = f"{calculated.model.name or model} at {calculated.provider.name}: {given:g} and {taken:g} dollars a million tokens in and out"
    return Price(tokens_in=given, tokens_out=taken, words=words)
