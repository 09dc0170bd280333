"""The base models that there are: bases.toml, read. Where their files lie is store.py's, which adapters fit them adapters.py's."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .errors import ModelMissing


class Base(BaseModel):
    """A base model: one GGUF file, known by its hash. tier: which of our own models is built on it; empty for none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    about: str
    tier: str = ""
    file: str
    size: int = Field(gt=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    licence: str
    architecture: str
    chat: Literal["chatml"]
    context: int
    line_ends_join: bool
    sources: tuple[dict[str, Any], ...] = ()


def read_bases(file: Path) -> dict[str, Base]:
    """The bases that a file pins, by name."""
    said = [Base.model_validate(one) for one in tomllib.loads(file.read_text("utf-8"))["base"]]
    return {one.name: one for one in said}


@lru_cache(maxsize=1)
def bases() -> dict[str, Base]:
    """All of them, by name."""
    return read_bases(Path(__file__).parent / "bases.toml")


def base(name: str) -> Base:
    """A base by its name or by the tier built on it. Raises ModelMissing, with what there is."""
    for one in bases().values():
        if name in (one.name, one.tier):
            return one
    raise ModelMissing(f"There is no model `{name}`; there is: {', '.join(bases())}.")


def tiers() -> dict[str, Base]:
    """The bases of our own models, by tier."""
    return {one.tier: one for one in bases().values() if one.tier}
