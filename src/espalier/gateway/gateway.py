"""The gateway: which models do what, what it costs, and whether it may be asked at all. In process here, over HTTP in server.py.

Whoever has work for a model takes an endpoint for it, `gateway.endpoint("build", account=..., build=...)`, and asks that as any
other. What came of each question is given as a Call to whoever keeps them, in a thread of its own, in order.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy.exc import SQLAlchemyError

from espalier.config import Settings
from espalier.model.call import PURPOSES, Call, Purpose
from espalier.model.embedded import Embedded
from espalier.model.endpoint import Endpoint
from espalier.model.endpoints import usual
from espalier.model.errors import ModelError

from .errors import NoSuchModel, OverBudget, TooFast
from .keys import Keys
from .ledger import Ledger
from .prices import Price, rented
from .record import Record
from .routed import Routed
from .store import FILE, open_store
from .target import Target, check_keys
from .telemetry import Telemetry

log = logging.getLogger(__name__)

Keep = Callable[[Call], None]


def ignore(call: Call) -> None:
    """Keep nothing."""


class Gateway:
    """All models behind one door. keep: gets every call when it is over. One event loop at a time may use it.

    Raises ModelError when the settings cannot be followed, or the database cannot be opened.
    """

    def __init__(self, settings: Settings, keep: Keep = ignore) -> None:
        check_keys(settings)
        self.settings = settings
        self.patience = settings.gateway.patience
        self.telemetry = Telemetry()
        try:
            self._engine = open_store(settings.data)
        except (OSError, SQLAlchemyError) as error:
            why = getattr(error, "orig", None) or error
            raise ModelError(
                f"{settings.data / FILE} cannot be opened: {why}. Is the disk full, or the folder someone else's?"
            ) from None
        self.keys = Keys(self._engine)
        self.ledger = Ledger(settings.gateway, self._engine)
        self._keep = keep
        self._keeper = ThreadPoolExecutor(1, "gateway-keep")
        self._kept: Future[None] | None = None
        self._working: weakref.WeakSet[Routed] = weakref.WeakSet()
        self._targets: dict[str, Target] = {}
        self._routes = self._read_routes()
        self._comparison: Price | None = None
        if name := settings.gateway.compare_with:
            self._comparison = rented(name)
            if self._comparison is None:
                log.warning("The price of `%s`, the setting gateway.compare_with, is not known.", name)

    # --- asking -------------------------------------------------------------------------------------------------------

    def endpoint(self, purpose: Purpose = "build", *, account: str = "", build: str = "", name: str = "") -> Routed:
        """What to ask for a piece of work. account: who pays; build: the app's building it belongs to; name: this model alone, whatever
        the routes say. Raises NoSuchModel for a name that the settings do not have. Close it when the work is done."""
        targets = [self.target(name)] if name else self._routes[purpose]
        return self._new(Routed(self, targets, purpose, account, build))

    def next_after(self, endpoint: Endpoint) -> Routed | None:
        """What may do the work better than the model that has done it, when its answer was bad: the rest of the route; None when
        there is none."""
        if not isinstance(endpoint, Routed) or endpoint.target is None:
            return None
        rest = endpoint.targets[endpoint.targets.index(endpoint.target) + 1 :]
        if not rest:
            return None
        return self._new(Routed(self, rest, endpoint.purpose, endpoint.account, endpoint.build, endpoint.work))

    def target(self, name: str) -> Target:
        """A model by its name. Raises NoSuchModel."""
        if name not in self._targets:
            raise NoSuchModel(f"There is no model `{name}` here; there is: {', '.join(self.names)}.")
        return self._targets[name]

    @property
    def names(self) -> list[str]:
        """Every model that may be asked by its name: what the settings name."""
        return list(self._targets)

    def route(self, purpose: Purpose) -> list[str]:
        """The names of those who do a kind of work, the first choice first."""
        return [target.name for target in self._routes[purpose]]

    async def start(self) -> None:
        """Load what builds now, so that the first app does not wait for it. What cannot be loaded says so when it is asked."""
        try:
            endpoint = await self._routes["build"][0].opened()
            if isinstance(endpoint, Embedded):
                await endpoint.start()
        except ModelError as error:
            log.warning("%s", error)

    async def settled(self) -> None:
        """Wait until every call that is over is kept."""
        if self._kept:
            await asyncio.wrap_future(self._kept)

    async def close(self) -> None:
        """End the models of this machine, close connections, write what was spent."""
        for endpoint in list(self._working):
            await endpoint.close()
        await asyncio.gather(*(target.close() for target in self._targets.values()), return_exceptions=True)
        await asyncio.to_thread(self._end)

    async def __aenter__(self) -> Gateway:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _end(self) -> None:
        self._keeper.shutdown()
        self.ledger.close()
        self._engine.dispose()

    def _new(self, endpoint: Routed) -> Routed:
        """Remembered until it is forgotten elsewhere, so that nothing is left untold when the gateway closes."""
        self._working.add(endpoint)
        return endpoint

    # --- for what it gives out ----------------------------------------------------------------------------------------

    def admit(self, account: str, purpose: Purpose, work: str) -> None:
        """Let a question in. Raises OverBudget and TooFast."""
        try:
            self.ledger.admit(account, purpose, work)
        except (OverBudget, TooFast) as error:
            self.telemetry.refused("budget" if isinstance(error, OverBudget) else "rate")
            raise

    def ended(self, record: Record, finish: str, error: str = "") -> None:
        """A question is over: count it, tell of it, have it kept."""
        call = record.call(finish, error, self._comparison)
        self.ledger.spend(call.account, call.cost, call.tokens_in, call.tokens_out)
        self.telemetry.ended(call, record.target.address, record.context)
        if self._keep is not ignore:
            self._kept = self._keeper.submit(self._keep_one, call)

    def _keep_one(self, call: Call) -> None:
        try:
            self._keep(call)
        except Exception:  # an answer is not to fail because nobody could write it down
            log.exception("The call %s could not be kept.", call.id)

    # --- routes -------------------------------------------------------------------------------------------------------

    def _read_routes(self) -> dict[Purpose, list[Target]]:
        written = {purpose: route.use for route in self.settings.gateway.routes for purpose in route.purposes}
        main = usual(self.settings)
        if len(written) < len(PURPOSES):
            self._add(main)
        routes: dict[Purpose, list[Target]] = {}
        for purpose in PURPOSES:
            routes[purpose] = [self._add(name) for name in dict.fromkeys(written.get(purpose, (main,)))]
        for stated in self.settings.gateway.endpoints:
            self._add(stated.name)
        return routes

    def _add(self, written: str) -> Target:
        target = Target(written, self.settings)
        return self._targets.setdefault(target.name, target)
