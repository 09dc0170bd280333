"""What the tests of models share: the real small base from the user's store, two random adapters for it, an endpoint over both."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from espalier.config import Settings, load
from espalier.model import store
from espalier.model.bases import base
from espalier.model.embedded import Embedded
from espalier.model.worker import Options
from tests.model.lora import random_adapter

T = TypeVar("T")


@pytest.fixture(scope="session")
def real_settings() -> Settings:
    """Those of whoever runs the tests: where models are kept and come from is theirs to say."""
    return load()


@pytest.fixture(scope="session", autouse=True)
def model(real_settings: Settings) -> Path:
    """The file of the small base, fetched once for this user."""
    return store.pull(base("small"), real_settings)


@pytest.fixture(scope="session")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two adapters with a will of their own."""
    folder = tmp_path_factory.mktemp("adapters")
    return {name: random_adapter(folder / f"{name}.gguf", seed) for seed, name in enumerate(("red", "blue"))}


@pytest.fixture(scope="module")
def endpoint(model: Path, adapters: dict[str, Path]) -> Iterator[Embedded]:
    """The small base with both, asked in turn by the tests of a file."""
    one = Embedded("test", model, adapters, options=Options(context=2048, slots=4, threads=1), seconds=240)
    yield one
    asyncio.run(one.close())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_settings: Settings) -> Path:
    """An empty folder to work in, with the real store."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ESPALIER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ESPALIER_MODELS", str(store.folder(real_settings)))
    monkeypatch.setenv("ESPALIER_MODEL_THREADS", "1")
    return tmp_path


def run(work: Coroutine[Any, Any, T]) -> T:
    """An event loop for one test; nothing takes longer than this."""

    async def bounded() -> T:
        async with asyncio.timeout(280):
            return await work

    return asyncio.run(bounded())
