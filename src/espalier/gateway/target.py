"""One model that routes may lead to: opened with the first question, at its price, resting for a while when it has failed."""

from __future__ import annotations

import asyncio
import os
import threading
import time

from pydantic import SecretStr

from espalier.config import GatewayEndpoint, Settings
from espalier.model import adapters
from espalier.model.endpoint import Endpoint
from espalier.model.endpoints import open_endpoint
from espalier.model.errors import ModelError, ModelMissing
from espalier.model.machine import cores
from espalier.model.remote import Remote

from .prices import Busy, Price, by_tokens, is_near, machine, rented

REST, LONGEST_REST = 5.0, 60.0  # seconds that a model is asked last after it failed; doubled with each failure in a row


class Target:
    """A model under the name by which routes know it.

    name: what the settings call it, or, of an address, `server#model`. address: its server's, empty for a model of this machine.
    """

    def __init__(self, written: str, settings: Settings) -> None:
        self._settings = settings
        self._written = written
        self._stated = next((one for one in settings.gateway.endpoints if one.name == written), None)
        self.address = self._stated.address if self._stated else written if "://" in written else ""
        self.name = written if self._stated or not self.address else _short(written)
        self.busy = Busy()
        self._opened: Endpoint | None = None
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0
        self._price: Price | None = None
        self._hashes: dict[str, str] = {}

    def open(self) -> Endpoint:
        """What can be asked. Raises ModelError, with words, when it cannot be opened."""
        with self._lock:
            opened = self._opened or self._open()
            self._opened = opened
            return opened

    async def opened(self) -> Endpoint:
        """The same, without keeping others waiting: to look at a model's file for the first time takes a moment."""
        if self._opened is not None:
            return self._opened
        return await asyncio.to_thread(self.open)

    @property
    def price(self) -> Price:
        """What it costs: as stated, as genai-prices knows it, or the time of this machine."""
        if self._price is None:
            self._price = self._find_price()
        return self._price

    @property
    def resting(self) -> bool:
        """Has it just failed?"""
        return time.monotonic() < self._rests_until

    def failed(self) -> None:
        """It could not answer."""
        self._failures += 1
        self._rests_until = time.monotonic() + min(LONGEST_REST, REST * 2 ** min(self._failures - 1, 10))

    def answered(self) -> None:
        """It could."""
        self._failures, self._rests_until = 0, 0.0

    def adapter_sha256(self, adapter: str) -> str:
        """The hash of an adapter's file, by its manifest; empty when nobody knows it."""
        if adapter and adapter not in self._hashes:
            try:
                self._hashes[adapter] = adapters.named(adapter, self._settings).manifest.sha256
            except ModelError:
                self._hashes[adapter] = ""
        return self._hashes.get(adapter, "")

    async def close(self) -> None:
        """Let go of what it holds."""
        opened, self._opened = self._opened, None
        if opened:
            await opened.close()

    def _open(self) -> Endpoint:
        if not self.address:
            return open_endpoint(self._written, self._settings)
        settings, retries = self._settings, self._settings.gateway.retries
        if self._stated is None:
            return Remote(self.address, settings, retries=retries)
        given = {"model_key": _key(self._stated), "model_server": self._stated.server}
        where = self._stated.key_env or str(self._stated.key_file or "key_env in gateway.endpoints")
        return Remote(self.address, settings.model_copy(update=given), retries=retries, key_from=where)

    def _find_price(self) -> Price:
        settings = self._settings
        if self._stated and self._stated.price_in is not None and self._stated.price_out is not None:
            return by_tokens(self._stated.price_in, self._stated.price_out)
        if self.address and not is_near(self.address):
            address, _, model = self.address.partition("#")
            return rented(model, address) or Price()
        return machine(settings.core_hour_price, settings.model_threads or cores())


def check_keys(settings: Settings) -> None:
    """Raises ModelError when the one key of the settings would go to several servers."""
    used = [settings.model, *(name for route in settings.gateway.routes for name in route.use)]
    servers = sorted({_short(name).partition("#")[0] for name in used if "://" in name})
    if settings.model_key.get_secret_value() and len(servers) > 1:
        raise ModelError(
            f"There is one `model_key` and {len(servers)} servers that would get it: {', '.join(servers)}. "
            "Name each server under [[gateway.endpoints]] with a key_env of its own."
        )


def _short(address: str) -> str:
    """How an address is called: its server and model."""
    place, _, model = address.partition("#")
    return f"{place.partition('://')[2].partition('/')[0].rpartition('@')[2]}#{model}"


def _key(of: GatewayEndpoint) -> SecretStr:
    """The key, from where the settings say that it is. Raises ModelMissing when it is not there."""
    if of.key_env:
        if not (key := os.environ.get(of.key_env, "").strip()):
            raise ModelMissing(
                f"The key for `{of.name}` is not here: the environment variable {of.key_env} is not set."
            )
        return SecretStr(key)
    if of.key_file:
        try:
            return SecretStr(of.key_file.expanduser().read_text("utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise ModelMissing(f"The key for `{of.name}` cannot be read from {of.key_file}: {error}.") from None
    return SecretStr("")
