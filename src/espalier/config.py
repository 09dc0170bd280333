"""The one place for settings: the file `espalier.toml`, then the environment (`ESPALIER_PORT`), then the command line.

Every setting is a field of `Settings` with its words; docs/settings.md lists them all, and a test holds that.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

FILE = "espalier.toml"
PREFIX = "ESPALIER_"
FOLDERS = {"data", "models", "models_from"}  # in the file: from where it stands


class SettingsError(ValueError):
    """A setting that cannot be used; the text says which one, where it stands and what it may be."""


class GatewayEndpoint(BaseModel):
    """A model on a server, under a name of one's own. The key itself never stands in the settings: only where it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[\w.:-]+$", description="The name under which routes and callers know it.")
    address: str = Field(
        pattern="^https?://.*#.", description="Where it is: `https://server/v1#model`, the model after the hash."
    )
    key_env: str = Field("", description="The environment variable that holds its key.")
    key_file: Path | None = Field(None, description="Or the file that holds its key and nothing else.")
    server: Literal["", "llama.cpp", "vllm"] = Field(
        "", description="What runs there, when it can keep answers to a grammar: `llama.cpp` or `vllm`."
    )
    price_in: float | None = Field(
        None, ge=0, description="Dollars for a million tokens read; when not given, what is known of rented models."
    )
    price_out: float | None = Field(None, ge=0, description="Dollars for a million tokens written.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.key_env and self.key_file:
            raise ValueError("the key is in an environment variable or in a file, not in both")
        if (self.price_in is None) != (self.price_out is None):
            raise ValueError("a price is price_in and price_out")
        return self


class GatewayRoute(BaseModel):
    """Which models do one kind of work, the first choice first; the others when it fails."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    purposes: tuple[Literal["build", "edit", "repair", "custom", "chat"], ...] = Field(
        alias="for",
        min_length=1,
        description="The work: `build`, `edit`, `repair`, `custom` or `chat`, or a list of them.",
    )
    use: tuple[str, ...] = Field(
        min_length=1,
        description="What does it: models of this machine (`small`, an adapter), names of `gateway.endpoints`, or addresses.",
    )

    @field_validator("purposes", "use", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


class GatewaySettings(BaseModel):
    """What the gateway does between those who ask and the models."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: tuple[GatewayEndpoint, ...] = Field((), description="Models on servers, each with its name and key.")
    routes: tuple[GatewayRoute, ...] = Field(
        (), description="Which models do what; what no route names is done by the setting `model`."
    )
    dollars_per_day: float = Field(
        0, ge=0, description="What may be spent a day by everybody together; 0 for no limit."
    )
    builds_per_day: int = Field(
        0, ge=0, description="How many apps may be written or changed a day by everybody together; 0 for no limit."
    )
    account_dollars_per_day: float = Field(0, ge=0, description="What one account may spend a day; 0 for no limit.")
    account_builds_per_day: int = Field(
        0, ge=0, description="How many apps one account may have written or changed a day; 0 for no limit."
    )
    per_minute: int = Field(
        0, ge=0, description="How many questions a minute everybody together may ask; 0 for no limit."
    )
    account_per_minute: int = Field(
        60, ge=0, description="How many questions a minute one account may ask; 0 for no limit."
    )
    retries: int = Field(
        2,
        ge=0,
        le=10,
        description="How often a server that fails is asked again, with growing pauses, before the next is.",
    )
    patience: float = Field(
        60, gt=0, description="How long to wait for a piece of an answer before the model counts as hung."
    )
    compare_with: str = Field(
        "claude-sonnet-4-5", description="The rented model whose price is told beside every cost; empty for none."
    )

    @model_validator(mode="after")
    def _names_are_told_apart(self) -> Self:
        names = [one.name for one in self.endpoints]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two endpoints are called `{sorted(twice)[0]}`")
        routed = [purpose for route in self.routes for purpose in route.purposes]
        if twice := {purpose for purpose in routed if routed.count(purpose) > 1}:
            raise ValueError(
                f"two routes are for `{sorted(twice)[0]}`; write what they use into one, in the order to try"
            )
        return self


class Settings(BaseModel):
    """Everything that may be set. Sizes are bytes, times are seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="The address to listen on; `0.0.0.0` lets other machines in.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 takes any free one.")
    apps_port: int = Field(
        8001, ge=0, le=65535, description="The port at which the studio serves the apps that are made in it."
    )
    apps_url: str = Field(
        "",
        description="How people reach these apps: `https://*.apps.example.com` gives each a host name of its own, an "
        "address without a star a path; the studio's host at `apps_port` when not given.",
    )
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
    gateway: GatewaySettings = Field(
        GatewaySettings(), description="Routes, budgets and limits of the gateway: a table of its own, below."
    )

    @field_validator("base_url", "hub", "apps_url")
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
    environment = environment if environment is not None else os.environ
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            for inner in field.annotation.model_fields:  # a table: ESPALIER_GATEWAY_PATIENCE
                if (value := environment.get(f"{variable}_{inner.upper()}")) and isinstance(said.get(name, {}), dict):
                    said[name] = {**said.get(name, {}), inner: value}
                    sources[f"{name}.{inner}"] = f"{variable}_{inner.upper()}"
        elif value := environment.get(variable):
            said[name], sources[name] = value, variable
    said |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(said)
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = ".".join(str(part) for part in fault["loc"])
            table = str(fault["loc"][0])
            source = sources.get(".".join(name.split(".")[:2])) or sources.get(table)
            if fault["type"] == "extra_forbidden":
                lines.append(f"`{name}` in {source or 'the settings'} is not a setting; docs/settings.md lists them.")
            else:
                words = fault["msg"].removeprefix("Value error, ")
                lines.append(f"`{name}` from {source or 'the command line'}: {words}.")
        raise SettingsError("\n".join(lines)) from None
