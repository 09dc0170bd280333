"""A place: an address, or `latitude, longitude`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .text import Text

if TYPE_CHECKING:
    from ..field import Field


class Location(Text):
    name = "location"
    says = "a place: an address, or latitude and longitude"
    value = "text"
    aliases = ("address", "place", "geo", "coordinates", "map")

    def sample(self, field: Field, index: int) -> str:
        return f"{index + 1} Elm Street"
