"""What the traces are told: every question to a model, every build at its end, what became of it; with whether its account agreed.

In a thread of its own, in order, so that nobody waits for redaction; what cannot be kept is logged, and no build fails by it. What is
kept of what one is told, and how, is the traces' (data/traces).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from espalier.data.traces import BuildTrace, Traces
from espalier.model.call import Call

from . import store as tables
from .store import Store

if TYPE_CHECKING:
    from espalier.config import Settings

log = logging.getLogger(__name__)

FILE = "traces.db"


class Telling:
    """Tells the traces of a studio. Any thread may use it."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        self.traces = Traces(settings.data / FILE)
        self._teller = ThreadPoolExecutor(1, "studio-telling")

    def call(self, call: Call) -> None:
        """A question was answered."""
        self._later(lambda: self.traces.keep_call(call, self._agreed(call.account)))

    def build(self, id: str, number: int) -> None:
        """A candidate of a build is at its end."""
        self._later(lambda: self._build(id, number))

    def outcome(self, build: str, account: str, kind: str, detail: dict[str, Any]) -> None:
        """Something became of a build."""
        self._later(lambda: self.traces.outcome(build, kind, account=account, consent=self._agreed(account), **detail))

    def withdrawn(self, account: str) -> None:
        """Somebody agrees no more: their words go."""
        self._later(lambda: self.traces.withdraw(account))

    def expire(self) -> None:
        """Let go of what is too old."""
        self._later(lambda: self.traces.expire())

    def settle(self) -> None:
        """Wait until everything so far is told."""
        self._teller.submit(lambda: None).result()

    def close(self) -> None:
        """Tell what is left, and let go of the file."""
        self._teller.shutdown()
        self.traces.close()

    def _later(self, work: Callable[[], object]) -> None:
        def done() -> None:
            try:
                work()
            except Exception:  # an app is not to fail because nobody could write it down
                log.exception("a trace could not be kept")

        try:
            self._teller.submit(done)
        except RuntimeError:  # the studio is closing
            log.warning("a trace came too late to be kept")

    def _agreed(self, account: str) -> bool:
        with self._store.read() as connection:
            wanted = select(tables.account.c.consent).where(tables.account.c.id == account)
            return bool(connection.execute(wanted).scalar())

    def _build(self, id: str, number: int) -> None:
        build, candidate, version = tables.build, tables.candidate, tables.version
        with self._store.read() as connection:
            row = connection.execute(select(build).where(build.c.id == id)).one()
            one = connection.execute(
                select(candidate).where(candidate.c.build == id, candidate.c.number == number)
            ).one()
            before = ""
            if row.kind == "edit":
                wanted = select(version.c.text).where(version.c.app == row.app, version.c.number == row.base)
                before = str(connection.execute(wanted).scalar() or "")
        stages = {str(name): float(seconds) for name, seconds in dict(one.seconds).items()}
        trace = BuildTrace(
            id=id,
            account=row.account,
            kind=row.kind,
            candidate=number,
            app=row.app,
            prompt=row.prompt,
            request=row.request,
            before=before,
            blueprint=one.text,
            patch=one.patch,
            report=one.report,
            score=one.score,
            state=one.state,
            endpoint=one.endpoint,
            model=one.model,
            adapter=one.adapter,
            tokens_in=one.tokens_in,
            tokens_out=one.tokens_out,
            seconds=stages.pop("total", 0.0),
            stages=stages,
            cost=one.cost,
            rented=one.rented,
        )
        self.traces.keep_build(trace, self._agreed(row.account))
