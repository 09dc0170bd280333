"""A model of ours behind the gateway: the real llama.cpp with the small model. What it is asked is read as an app to write, and its
answer keeps to the grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from espalier.config import load
from espalier.model import ModelError, adapters, store
from espalier.model.bases import base
from tests.gateway.test_server import client
from tests.gateway.upstream import Running, running

WISH = "a shop for kites, clients order and pay at the counter"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The small model with the adapter that comes with the project; its base is fetched once for this user."""
    mine = load()
    store.pull(base("small"), mine)
    try:
        adapters.in_use("small", mine).verified()
    except ModelError as error:
        pytest.skip(str(error))
    folder: Path = tmp_path_factory.mktemp("data")
    given = load(
        folder, {}, data=folder, models=mine.models, models_from=mine.models_from, model_slots=2, model_threads=1
    )
    with running(given) as one:
        yield one


def test_it_writes_a_blueprint(small):
    """Named, and streamed; cut off early, for it is slow here."""
    stream = (
        client(small.address)
        .with_options(timeout=280)
        .chat.completions.create(
            model="small",
            messages=[{"role": "system", "content": "Speak like a pirate."}, {"role": "user", "content": WISH}],
            max_tokens=48,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    chunks = list(stream)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    text = "".join(pieces)
    assert re.match(r"app: .+\n[a-z]+:", text), text  # from the first word on: no talk, no fence
    assert len(pieces) > 10
    assert chunks[-1].usage
    assert 40 <= chunks[-1].usage.completion_tokens <= 48
    (call,) = small.kept(1)  # of all its stages
    assert (call.purpose, call.endpoint, call.answer, call.grammar) == ("build", "small", text, True)
    assert (call.finish, chunks[-2].choices[0].finish_reason) == ("length", "length")
    assert call.messages == ({"role": "user", "content": WISH},)
    assert call.adapter
    assert len(call.adapter_sha256) == 64
    assert call.cost > 0
    assert call.rented > 0
    assert call.tokens_out == chunks[-1].usage.completion_tokens
    assert small.gateway.ledger.today().builds == 1


def test_a_question_that_is_left_frees_its_place(small):
    before = len(small.calls)
    with (
        client(small.address)
        .with_options(timeout=280)
        .chat.completions.create(model="build", messages=[{"role": "user", "content": WISH}], stream=True) as stream
    ):
        next(iter(stream))
    answer = (
        client(small.address)
        .with_options(timeout=280)
        .chat.completions.create(model="auto", messages=[{"role": "user", "content": WISH}], max_tokens=4)
    )
    assert answer.choices[0].finish_reason == "length"
    assert [call.finish for call in small.kept(before + 2)[before:]] == ["cancelled", "length"]
