"""The one place for settings: the file `espalier.toml`, then the environment (`ESPALIER_PORT`), then the command line.

Every setting is a field of `Settings` with its words; docs/settings.md lists them all, and a test holds that.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

FILE = "espalier.toml"
PREFIX = "ESPALIER_"
FOLDERS = {"data", "models", "models_from"}  # in the file: from where it stands


class SettingsError(ValueError):
    """A setting that cannot be used; the text says which one, where it stands and what it may be."""


class Settings(BaseModel):
    """Everything that may be set. Sizes are bytes, times are seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="The address to listen on; `0.0.0.0` lets other machines in.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 takes any free one.")
    data: Path = Field(Path("espalier-data"), description="The folder for databases, uploads and the secret key.")
    base_url: str = Field(
        "", description="How people reach the server, such as `https://apps.example.com`; used in emails."
    )
    proxies: str = Field(
        "", description="Addresses of proxies whose word on a visitor's address and https is taken, divided by commas."
    )
    embed: str = Field(
        "", description="Sites that may show the apps in a frame, divided by spaces; the own site always may."
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="The key for sessions; made and kept in the data folder when not given."
    )
    upload_limit: int = Field(20_000_000, ge=1_000, description="The largest file that may be uploaded.")
    body_limit: int = Field(2_000_000, ge=10_000, description="The largest form or API request, its files aside.")
    request_seconds: float = Field(60, gt=0, description="How long a visitor may take to send a request.")
    answer_seconds: float = Field(
        30, gt=0, description="How long an answer may take before the visitor is told to try again."
    )
    session_days: int = Field(30, ge=1, le=400, description="How long a log-in lasts without a visit.")
    webhooks_inside: bool = Field(False, description="Let webhooks of apps call this machine and its own network.")
    smtp_host: str = Field("", description="The mail server; without one, emails wait on the admin's outbox page.")
    smtp_port: int = Field(
        587, ge=1, le=65535, description="The port of the mail server; 465 speaks TLS from the start."
    )
    smtp_user: str = Field("", description="The account on the mail server.")
    smtp_password: SecretStr = Field(
        SecretStr(""), description="Its password; better given in the environment than in the file."
    )
    smtp_tls: bool = Field(True, description="Insist on an encrypted connection to the mail server.")
    smtp_from: str = Field("", description="The sender of emails, such as `Pawfect <hello@example.com>`.")
    eval_data: Path = Field(
        Path("../shared/eval"), description="The folder of evaluation suites that do not come with the package."
    )
    core_hour_price: float = Field(
        0.03, ge=0, description="What an hour of one processor core costs, in dollars; evaluations state costs by it."
    )
    model: str = Field(
        "",
        description="What writes blueprints: `small`, `standard`, an adapter, or `http://server/v1#model`; "
        "when not given, what `espalier models use` was told.",
    )
    models: Path | None = Field(
        None, description="The folder for downloaded models; a folder of the user's own for such things when not given."
    )
    models_from: Path | None = Field(
        None, description="A model file, or a folder of them, that is here already: linked instead of downloaded."
    )
    hub: str = Field("", description="The address of a mirror of the Hugging Face hub, to fetch models from.")
    model_slots: int = Field(4, ge=1, le=64, description="How many answers a model on this machine writes at once.")
    model_threads: int = Field(
        0, ge=0, le=512, description="How many threads it takes; 0 is one for each core that may be used."
    )
    model_seconds: float = Field(300, gt=0, description="How long a model may take for one answer.")
    model_key: SecretStr = Field(
        SecretStr(""), description="The key for a model on a server; better given in the environment than in the file."
    )
    model_server: Literal["", "llama.cpp", "vllm"] = Field(
        "", description="What a server runs, when it can keep answers to a grammar: `llama.cpp` or `vllm`."
    )

    @field_validator("base_url", "hub")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value


def load(folder: Path | None = None, environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """The settings of a folder (the current one when None), overridden by the environment, overridden by what is given.

    Values that are None count as not given. Raises SettingsError.
    """
    file = (folder or Path()) / FILE
    said: dict[str, Any] = {}
    sources: dict[str, str] = {}
    if file.is_file():
        try:
            said = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file} cannot be read: {error}") from error
        sources = {name: str(file) for name in said}
        for name in FOLDERS & said.keys():
            said[name] = file.parent / Path(str(said[name])).expanduser()
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if value := (environment if environment is not None else os.environ).get(variable):
            said[name], sources[name] = value, variable
    said |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(said)
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = str(fault["loc"][0])
            if fault["type"] == "extra_forbidden":
                lines.append(
                    f"`{name}` in {sources.get(name, 'the settings')} is not a setting; docs/settings.md lists them."
                )
            else:
                lines.append(
                    f"`{name}` from {sources.get(name, 'the command line')}: {fault['msg'].removeprefix('Value error, ')}."
                )
        raise SettingsError("\n".join(lines)) from None
