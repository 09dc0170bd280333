"""Who may still ask: budgets a day, in dollars and in apps, and questions a minute; overall and of each account.

What is admitted goes on to its end: a build is admitted once, and what belongs to it is not refused in its middle, so a budget can
be exceeded by what is under way when it is reached. Days are those of UTC. A thread writes what was spent into the database, so
that asking never waits for a disk; when it cannot be written, it is counted in memory and tried again.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from espalier.config import GatewaySettings

from .errors import OverBudget, TooFast
from .store import spent

log = logging.getLogger(__name__)

FRESH = 5.0  # seconds after which it is looked at what other processes have spent
CROWD = 0.25  # seconds between two writings
REMEMBERED = 10_000  # admitted builds
BUILDS = ("build", "edit")  # what counts as an app written or changed
ALL = None  # in place of an account: everybody together


@dataclass(frozen=True)
class Spent:
    """What a day has cost so far."""

    dollars: float = 0.0
    builds: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: Spent) -> Spent:
        return self._with(other, 1)

    def __sub__(self, other: Spent) -> Spent:
        return self._with(other, -1)

    def _with(self, other: Spent, sign: int) -> Spent:
        return Spent(
            self.dollars + sign * other.dollars,
            self.builds + sign * other.builds,
            self.calls + sign * other.calls,
            self.tokens_in + sign * other.tokens_in,
            self.tokens_out + sign * other.tokens_out,
        )


class Ledger:
    """Counts, and says no. engine: None counts in memory alone. now: seconds since 1970."""

    def __init__(
        self, settings: GatewaySettings, engine: Engine | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self.settings = settings
        self._engine = engine
        self._now = now
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._leave = threading.Event()
        self._day = ""
        self._stored: dict[str, Spent] = {}
        self._pending: defaultdict[tuple[str, str], Spent] = defaultdict(Spent)
        self._looked = 0.0
        self._admitted: OrderedDict[str, None] = OrderedDict()
        self._buckets: dict[str | None, _Bucket] = {}
        self._thread: threading.Thread | None = None
        if engine is not None:
            self._exchange()
            self._thread = threading.Thread(target=self._write, name="gateway-ledger", daemon=True)
            self._thread.start()

    def admit(self, account: str, purpose: str, build: str = "") -> None:
        """Let a question in, or raise OverBudget or TooFast. build: what it belongs to; what belongs to one that was admitted is."""
        if build and build in self._admitted:
            return
        counts = purpose in BUILDS
        if not self._looked or time.monotonic() - self._looked > FRESH:
            self._wake.set()
        self._in_budget(ALL, counts)
        if account:
            self._in_budget(account, counts)
        self._in_time([ALL, account] if account else [ALL])
        if counts:
            self._add(account, Spent(builds=1))
        if build:
            self._admitted[build] = None
            while len(self._admitted) > REMEMBERED:
                self._admitted.popitem(last=False)

    def spend(self, account: str, dollars: float, tokens_in: int, tokens_out: int) -> None:
        """A call has cost that."""
        self._add(account, Spent(dollars, 0, 1, tokens_in, tokens_out))

    def today(self, account: str | None = ALL) -> Spent:
        """What the day has cost an account so far; everybody together without one."""
        day = self._today()
        with self._lock:
            stored = self._stored if self._day == day else {}
            parts = [one for of, one in stored.items() if account is ALL or of == account]
            parts += [one for (on, of), one in self._pending.items() if on == day and (account is ALL or of == account)]
        return sum(parts, Spent())

    def close(self) -> None:
        """Write what is not written yet."""
        self._leave.set()
        self._wake.set()
        if self._thread:
            self._thread.join(10)

    # --- saying no ----------------------------------------------------------------------------------------------------

    def _in_budget(self, account: str | None, counts: bool) -> None:
        limits = self.settings
        dollars = limits.dollars_per_day if account is ALL else limits.account_dollars_per_day
        builds = limits.builds_per_day if account is ALL else limits.account_builds_per_day
        if not dollars and not builds:
            return
        now = self.today(account)
        whose = "Today's budget" if account is ALL else "Your budget for today"
        if dollars and now.dollars >= dollars:
            raise OverBudget(f"{whose}, {dollars:g} dollars, is spent. {self._wait()}")
        if builds and counts and now.builds >= builds:
            raise OverBudget(f"{whose}, {builds} apps written or changed, is used up. {self._wait()}")

    def _wait(self) -> str:
        now = datetime.fromtimestamp(self._now(), UTC)
        night = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        minutes = int((night - now).total_seconds() // 60) + 1
        left = f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
        return f"The next day begins at midnight UTC, in {left}; whoever runs this can set a larger budget."

    def _in_time(self, who: list[str | None]) -> None:
        buckets = []
        for one in who:
            rate = self.settings.per_minute if one is ALL else self.settings.account_per_minute
            if rate:
                bucket = self._buckets.setdefault(one, _Bucket(rate, self._now()))
                if wait := bucket.wait(self._now()):
                    whose = "Everybody together may" if one is ALL else "You may"
                    raise TooFast(f"{whose} ask {rate} times a minute. Try again in {math.ceil(wait)} s.", wait)
                buckets.append(bucket)
        for bucket in buckets:
            bucket.left -= 1

    # --- counting -----------------------------------------------------------------------------------------------------

    def _today(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).date().isoformat()

    def _add(self, account: str, what: Spent) -> None:
        with self._lock:
            self._pending[self._today(), account] += what
        if not self._wake.is_set():
            self._wake.set()

    def _write(self) -> None:
        """The thread: brings what was spent into the database, and what others have spent from there."""
        while True:
            self._wake.wait()
            self._leave.wait(CROWD)  # what comes in a crowd is written at once, and not while the first answer is given
            self._wake.clear()
            self._exchange()
            if self._leave.is_set():
                return

    def _exchange(self) -> None:
        assert self._engine is not None
        day = self._today()
        with self._lock:
            batch = dict(self._pending)
        try:
            with self._engine.begin() as connection:
                for (on, account), one in batch.items():
                    row = {"day": on, "account": account, **vars(one)}
                    more = {name: spent.c[name] + value for name, value in vars(one).items()}
                    statement = (
                        insert(spent).values(row).on_conflict_do_update(index_elements=["day", "account"], set_=more)
                    )
                    connection.execute(statement)
                rows = connection.execute(select(spent).where(spent.c.day == day)).all()
        except SQLAlchemyError as error:
            self._looked = time.monotonic()
            log.warning("What was spent cannot be written; it is counted in memory: %s", error.__class__.__name__)
            return
        with self._lock:
            self._day = day
            self._stored = {
                row.account: Spent(row.dollars, row.builds, row.calls, row.tokens_in, row.tokens_out) for row in rows
            }
            for key, one in batch.items():
                left = self._pending[key] - one
                if left.calls or left.builds:
                    self._pending[key] = left
                else:
                    del self._pending[key]
            self._looked = time.monotonic()


class _Bucket:
    """So many questions a minute: as many at once when none came for a minute, then one at a time."""

    def __init__(self, rate: int, now: float) -> None:
        self.left = float(rate)
        self._rate = rate
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until the next question; 0 for at once."""
        self.left = min(float(self._rate), self.left + max(0.0, now - self._at) * self._rate / 60)
        self._at = now
        return 0.0 if self.left >= 1 else (1 - self.left) * 60 / self._rate
