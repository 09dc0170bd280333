"""What an answer costs."""

from __future__ import annotations

import pytest

from espalier.config import load
from espalier.gateway.prices import Busy, Price, by_tokens, machine, rented
from espalier.gateway.target import Target
from tests.gateway.upstream import settings


def test_a_rented_model_by_its_tokens():
    price = rented("claude-sonnet-4-5")
    assert price
    assert price.of(1_000_000, 0, 0) == pytest.approx(3)
    assert price.of(0, 0, 1_000_000) == pytest.approx(15)
    assert price.of(1_000_000, 1_000_000, 0) == pytest.approx(0.3)  # known from before
    assert rented("nobody-knows-this-model") is None


def test_ours_by_the_machines_time():
    assert machine(0.03, 2).of(500, 0, 500, seconds=3600) == pytest.approx(0.06)


def test_answers_at_once_share_the_machine():
    now = [0.0]
    busy = Busy(lambda: now[0])
    first = busy.begin()
    now[0] = 4.0  # alone for four seconds
    second = busy.begin()
    now[0] = 10.0  # together for six
    shares = [busy.end(first)]
    now[0] = 11.0
    shares.append(busy.end(second))
    assert shares == [7.0, 4.0]
    assert sum(shares) == 11.0  # all of its time, once
    now[0] = 50.0
    third = busy.begin()
    now[0] = 51.0
    assert busy.end(third) == 1.0  # nobody pays for a machine that rests


@pytest.mark.parametrize(("endpoint", "expected"), [
    ({"address": "https://api.openai.com/v1#gpt-4o-mini"}, rented("gpt-4o-mini")),
    ({"address": "https://own.example/v1#gpt-4o-mini", "price_in": 1, "price_out": 2}, by_tokens(1, 2)),
    ({"address": "https://own.example/v1#something-of-ours"}, Price()),
    ({"address": "http://localhost:8080/v1#gpt-4o-mini"}, machine(0.5, 3)),
], ids=["known", "stated", "unknown", "on this machine"])  # fmt: skip
def test_where_a_price_is_from(tmp_path, endpoint, expected):
    named = {"name": "it", **endpoint}
    given = settings(tmp_path, "it", endpoints=[named], core_hour_price=0.5, model_threads=3)
    assert Target("it", given).price == expected


def test_a_model_of_this_machine_costs_its_time(tmp_path):
    given = load(tmp_path, {}, data=tmp_path, core_hour_price=0.36, model_threads=2)
    assert Target("small", given).price == machine(0.36, 2)
