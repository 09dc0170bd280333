"""Whom the studio asks to write, and what that costs. Routes, budgets and prices are the gateway's; this is the door to it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from espalier.gateway import Gateway
from espalier.model.call import Call
from espalier.model.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from espalier.config import Settings
    from espalier.model.call import Purpose

MOST = 1000  # builds whose costs are remembered until they are written down


class Models:
    """The gateway with a tally of what each build cost. keep: gets every call, for the traces."""

    def __init__(self, settings: Settings, keep: Callable[[Call], None] | None = None) -> None:
        self._costs: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()
        self._keep = keep
        self.gateway = Gateway(settings, self._kept)

    def endpoint(self, purpose: Purpose, account: str, build: str) -> Endpoint:
        """Whom to ask for a piece of work; to be closed after it."""
        return self.gateway.endpoint(purpose, account=account, build=build)

    def next_after(self, endpoint: Endpoint) -> Endpoint | None:
        """Whom to ask when the check says that the answer is bad; None when there is nobody."""
        return self.gateway.next_after(endpoint)

    async def cost(self, build: str) -> tuple[float, float]:
        """Dollars that a build has cost since this was last asked, and what a rented model would have cost."""
        await self.gateway.settled()
        with self._lock:
            return self._costs.pop(build, (0.0, 0.0))

    async def start(self) -> None:
        """Load the model that builds, so that the first app does not wait for it."""
        await self.gateway.start()

    async def close(self) -> None:
        """End the models of this machine."""
        await self.gateway.close()

    def _kept(self, call: Call) -> None:
        if call.build:
            with self._lock:
                cost, rented = self._costs.get(call.build, (0.0, 0.0))
                self._costs[call.build] = (cost + call.cost, rented + call.rented)
                while len(self._costs) > MOST:
                    self._costs.popitem(last=False)
        if self._keep:
            self._keep(call)
