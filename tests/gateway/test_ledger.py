"""Budgets a day and questions a minute, counted in a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from espalier.config import GatewaySettings
from espalier.gateway import OverBudget, TooFast
from espalier.gateway.ledger import Ledger, Spent
from espalier.gateway.store import FILE, metadata, open_store

NOON = 1_790_000_000 // 86400 * 86400 + 43200.0


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


def ledger(folder: Path, clock: Clock | None = None, **limits: float) -> Ledger:
    return Ledger(GatewaySettings(**limits), open_store(folder), clock or Clock())  # type: ignore[arg-type]


def test_a_budget_in_dollars_is_of_a_day(tmp_path):
    clock = Clock()
    one = ledger(tmp_path, clock, dollars_per_day=1)
    one.admit("ann", "build", "b1")
    one.spend("ann", 1.2, 10, 20)
    with pytest.raises(OverBudget, match=r"Today's budget, 1 dollars, is spent.*midnight UTC, in 12 hours"):
        one.admit("ben", "chat")
    one.admit("ann", "repair", "b1")  # of an app that is under way
    clock.now += 12.5 * 3600
    one.admit("ben", "chat")
    assert one.today() == Spent()
    one.close()


def test_an_account_has_a_budget_of_its_own(tmp_path):
    one = ledger(tmp_path, account_dollars_per_day=1)
    one.spend("ann", 1, 0, 0)
    with pytest.raises(OverBudget, match="Your budget for today, 1 dollars"):
        one.admit("ann", "chat")
    one.admit("ben", "chat")
    one.admit("", "chat")
    one.close()


def test_apps_are_counted_once_each(tmp_path):
    one = ledger(tmp_path, builds_per_day=3, account_builds_per_day=2)
    for build in ("b1", "b1", "b2"):
        one.admit("ann", "build", build)
    one.admit("ann", "chat")  # no app
    with pytest.raises(OverBudget, match="Your budget for today, 2 apps written or changed"):
        one.admit("ann", "edit", "b3")
    one.admit("ben", "edit", "b4")
    with pytest.raises(OverBudget, match="Today's budget, 3 apps"):
        one.admit("ben", "build", "b5")
    assert (one.today().builds, one.today("ann").builds) == (3, 2)
    one.close()


def test_it_is_known_after_a_restart_and_to_others(tmp_path):
    one = ledger(tmp_path)
    one.spend("ann", 0.25, 100, 20)
    one.spend("ann", 0.25, 100, 20)
    one.admit("ann", "build", "b1")
    one.close()
    other = ledger(tmp_path)
    assert other.today("ann") == Spent(0.5, 1, 2, 200, 40)
    other.spend("ann", 0.5, 0, 0)
    other.close()
    third = ledger(tmp_path, account_dollars_per_day=1)
    with pytest.raises(OverBudget):
        third.admit("ann", "chat")
    third.close()


def test_questions_a_minute(tmp_path):
    clock = Clock()
    one = ledger(tmp_path, clock, account_per_minute=3, per_minute=5)
    for _ in range(3):
        one.admit("ann", "chat")
    with pytest.raises(TooFast, match=r"You may ask 3 times a minute. Try again in 20 s") as caught:
        one.admit("ann", "chat")
    assert caught.value.wait == pytest.approx(20)
    one.admit("ben", "chat")
    one.admit("ben", "chat")
    with pytest.raises(TooFast, match="Everybody together may ask 5"):
        one.admit("ben", "chat")
    clock.now += 20
    one.admit("ann", "chat")  # and what was refused has taken nothing
    one.close()


def test_what_cannot_be_written_is_counted_in_memory_until_it_can(tmp_path, caplog):
    one = ledger(tmp_path, dollars_per_day=1)
    engine = one._engine
    assert engine
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE spent")
    one.spend("ann", 2, 1, 1)
    one._exchange()
    with pytest.raises(OverBudget):
        one.admit("ann", "chat")
    assert "counted in memory" in caplog.text
    metadata.create_all(engine)
    one.close()
    again = ledger(tmp_path)
    assert again.today().dollars == 2
    again.close()


def test_only_its_owner_reads_it(tmp_path):
    ledger(tmp_path).close()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
