"""What `espalier models use` wrote down: which model writes, and which adapter stands for a tier. One small file among the data."""

from __future__ import annotations

import os

from pydantic import BaseModel, ConfigDict, ValidationError

from espalier.config import Settings

from .errors import ModelDamaged

FILE = "models.json"


class Choices(BaseModel):
    """model: an endpoint's name, empty for the usual one. adapters: names by tier."""

    model_config = ConfigDict(frozen=True)

    model: str = ""
    adapters: dict[str, str] = {}


def read(settings: Settings) -> Choices:
    """What was chosen. Raises ModelDamaged."""
    path = settings.data / FILE
    try:
        return Choices.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Choices()
    except (OSError, ValidationError) as error:
        raise ModelDamaged(
            f"{path} cannot be read. Delete it, then choose again with `espalier models use`."
        ) from error


def write(settings: Settings, choices: Choices) -> None:
    """Write it down, whole or not at all."""
    settings.data.mkdir(parents=True, exist_ok=True)
    path = settings.data / FILE
    aside = path.with_name(f".{FILE}.{os.getpid()}")
    aside.write_text(choices.model_dump_json(indent=2) + "\n", "utf-8")
    aside.replace(path)
