"""Adapters: what training adds to a base, those shipped with the project and a user's own.

An adapter is a folder with `adapter.gguf` and `manifest.json`, which says what it is, on which base it was trained (by hash: on
another it would write nonsense) and the hash of its own file. Which one of a tier is in use is written down by choices.py.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from espalier.config import Settings

from . import choices
from .bases import Base, bases
from .errors import ModelDamaged, ModelError, ModelMissing
from .gguf_file import about
from .store import sha256

FILE = "adapter.gguf"
MANIFEST = "manifest.json"
PROJECT = Path(__file__).parents[3]


class BaseMark(BaseModel):
    """The base that an adapter fits."""

    name: str
    sha256: str


class Manifest(BaseModel):
    """What an adapter says of itself. Further keys are kept as they are.

    sha256: of adapter.gguf. stages: how it was trained, one after the other: dataset (its hash), recipe, steps, seconds, loss. figures: as
    training and evaluation measured them.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    tier: str
    base: BaseMark
    sha256: str
    rank: int = 0
    created: str = ""  # ISO date and time: the newest of a tier is the one in use, when nobody chose
    licence: str = "Apache-2.0"
    stages: list[dict[str, Any]] = []
    figures: dict[str, Any] = {}


@dataclass(frozen=True)
class Adapter:
    """An adapter that is here. origin: who put it there."""

    manifest: Manifest
    folder: Path
    origin: Literal["shipped", "own"]

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def tier(self) -> str:
        return self.manifest.tier

    @property
    def path(self) -> Path:
        return self.folder / FILE

    @property
    def base(self) -> Base:
        """The base that it fits. Raises ModelMissing when that is not one of ours."""
        for one in bases().values():
            if one.sha256 == self.manifest.base.sha256:
                return one
        mark = self.manifest.base
        raise ModelMissing(
            f"The adapter {self.name} was trained on {mark.name} with SHA-256 {mark.sha256[:12]}..., "
            "which is none of the bases here: it belongs to another version of Espalier."
        )

    def verified(self) -> Path:
        """Its file, looked at. Raises ModelMissing or ModelDamaged."""
        if not self.path.exists():
            raise ModelMissing(f"The adapter {self.name} has no {FILE} in {self.folder}. Fetch or train it again.")
        stat = self.path.stat()
        if _hash(self.path, stat.st_size, stat.st_mtime_ns) != self.manifest.sha256:
            said = about(self.path)  # which may know better what is wrong
            if said.kind != "adapter":
                raise ModelDamaged(f"{self.path} is no adapter but a GGUF file of the kind `{said.kind}`.")
            raise ModelDamaged(
                f"{self.path} is damaged or was changed: its SHA-256 is not that of its {MANIFEST}. Fetch or train it again."
            )
        return self.path


def homes(settings: Settings) -> list[tuple[Path, Literal["shipped", "own"]]]:
    """The folders that hold adapters, in the order in which a name counts: a user's own, those of the project."""
    return [
        (settings.data / "adapters", "own"),
        (PROJECT / "models", "shipped"),
        (Path(sys.prefix) / "share" / "espalier" / "models", "shipped"),
    ]


def read(folder: Path, origin: Literal["shipped", "own"] = "own") -> Adapter:
    """The adapter in a folder; its file is not looked at. Raises ModelMissing or ModelDamaged."""
    try:
        return Adapter(Manifest.model_validate_json((folder / MANIFEST).read_bytes()), folder, origin)
    except FileNotFoundError:
        raise ModelMissing(f"{folder} holds no adapter: there is no {MANIFEST} in it.") from None
    except (OSError, ValidationError) as error:
        words = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise ModelDamaged(f"{folder / MANIFEST} cannot be read: {words}.") from error


def find_all(settings: Settings) -> tuple[list[Adapter], list[ModelError]]:
    """Every adapter that is here, and what is wrong with folders that hold none."""
    found: dict[str, Adapter] = {}
    faults: list[ModelError] = []
    for home, origin in homes(settings):
        for folder in sorted(home.iterdir()) if home.is_dir() else ():
            if not folder.is_dir() or folder.name.startswith("."):
                continue
            try:
                one = read(folder, origin)
            except ModelError as error:
                faults.append(error)
                continue
            found.setdefault(one.name, one)
    return sorted(found.values(), key=lambda one: (one.tier, one.manifest.created, one.name)), faults


def fitting(base: Base, settings: Settings) -> list[Adapter]:
    """Those for a base."""
    return [one for one in find_all(settings)[0] if one.manifest.base.sha256 == base.sha256]


def named(name: str, settings: Settings) -> Adapter:
    """One by its name. Raises ModelMissing, with what there is."""
    there = find_all(settings)[0]
    for one in there:
        if one.name == name:
            return one
    raise ModelMissing(f"There is no adapter `{name}`; there is: {', '.join(one.name for one in there) or 'none'}.")


def add(folder: Path, settings: Settings) -> Adapter:
    """Take an adapter from a folder, such as a training's export, into the user's own; one of the same name is replaced.

    Raises ModelMissing or ModelDamaged when there is none in it, it is not whole, or it fits no base of ours.
    """
    one = read(folder)
    one.base  # noqa: B018  raises when there is none
    one.verified()
    home = homes(settings)[0][0]
    home.mkdir(parents=True, exist_ok=True)
    place = home / one.name
    if place.resolve() != folder.resolve():
        aside = home / f".{one.name}.{os.getpid()}"
        aside.mkdir()
        for name in (FILE, MANIFEST, "README.md"):
            if (folder / name).exists():
                shutil.copyfile(folder / name, aside / name)
        shutil.rmtree(place, ignore_errors=True)
        aside.rename(place)
    return read(place)


def in_use(tier: str, settings: Settings) -> Adapter:
    """The adapter of a tier: the chosen one, else the newest. Raises ModelMissing when there is none."""
    of_tier = [one for one in find_all(settings)[0] if one.tier == tier]
    chosen = choices.read(settings).adapters.get(tier)
    for one in of_tier:
        if one.name == chosen:
            return one
    if chosen:
        raise ModelMissing(
            f"The adapter `{chosen}` is in use for `{tier}` and not here any more. Choose another: `espalier models use NAME`."
        )
    if not of_tier:
        raise ModelMissing(
            f"There is no adapter for `{tier}` yet. Train one with `espalier train sft`, or ask its untrained base: `base:{tier}`."
        )
    return of_tier[-1]


@lru_cache(maxsize=64)
def _hash(path: Path, size: int, changed: int) -> str:
    """The hash of a file in this state."""
    return sha256(path)
