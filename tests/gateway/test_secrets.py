"""Keys are never shown: not in logs, errors, calls, metrics, spans, answers or files. Everything is run at DEBUG, then looked through."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import openai
import pytest

from espalier.gateway import Gateway
from espalier.gateway.target import Target
from espalier.model import ModelError
from tests.gateway.test_server import HI, client
from tests.gateway.upstream import counting, hanging, running, settings
from tests.model.openai_server import broken, failing, serving

KEY = "sk-endpoint-secret-0123456789"
FILE_KEY = "sk-file-secret-9876543210"
MODEL_KEY = "sk-model-secret-5555555555"


@pytest.mark.parametrize("stream", [False, True])
def test_keys_are_nowhere(tmp_path, monkeypatch, caplog, capfd, stream):
    monkeypatch.setenv("RENTED_KEY", KEY)
    (tmp_path / "key").write_text(FILE_KEY)
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    troubles = (
        failing(400, f"odd question of {KEY}"),
        failing(401, f"wrong key {KEY}"),
        failing(500, KEY),
        broken,
        hanging(),
        counting("fine"),
    )
    with (
        serving(*troubles) as (address, seen),
        serving(failing(401)) as (other, keyed),
        serving(failing(500)) as (third, mine),
    ):
        given = settings(
            tmp_path,
            "rented",
            "filed",
            third,
            endpoints=[
                {"name": "rented", "address": address, "key_env": "RENTED_KEY"},
                {"name": "filed", "address": other, "key_file": str(tmp_path / "key")},
            ],
            model_key=MODEL_KEY,
            patience=1.5,
        )
        with running(given) as gateway:
            ours = gateway.gateway.keys.make("laptop")
            ask = client(gateway.address, ours)
            for _ in troubles:
                gateway.gateway.target("rented").answered()  # it is asked first, every time
                try:
                    said.append(repr(ask.chat.completions.create(model="chat", messages=HI, stream=stream)))
                except openai.APIError as error:
                    said += [str(error), repr(error.body), "".join(traceback.format_exception(error))]
            said.append(gateway.gateway.telemetry.metrics().decode())
            said.append(repr(vars(gateway.gateway)) + repr(given))
        said += [repr(call) for call in gateway.calls]
    assert seen[0].headers["authorization"] == f"Bearer {KEY}"  # they were used
    assert keyed[0].headers["authorization"] == f"Bearer {FILE_KEY}"
    assert mine[0].headers["authorization"] == f"Bearer {MODEL_KEY}"
    heard = capfd.readouterr()
    files = b"".join(file.read_bytes() for file in tmp_path.glob("gateway.db*")).decode("latin-1")
    for key in (KEY, FILE_KEY, MODEL_KEY, ours):
        for place in (caplog.text, heard.out, heard.err, files, *said):
            for line in place.splitlines():
                assert key not in line, line[:200]
    assert "HTTP Request" in caplog.text or "POST" in caplog.text  # something was logged at all


def test_a_key_that_cannot_be_read_is_told_of_without_it(tmp_path):
    given = settings(
        tmp_path,
        "a",
        endpoints=[{"name": "a", "address": "http://127.0.0.1:9/v1#m", "key_file": str(tmp_path / "none")}],
    )
    with pytest.raises(ModelError, match="cannot be read from"):
        Target("a", given).open()


def test_a_key_in_an_address_is_refused_unseen(tmp_path):
    with pytest.raises(ModelError, match="does not belong in an address") as caught:
        Target(f"https://me:{KEY}@host/v1#m", settings(tmp_path, "x", model="small")).open()
    assert KEY not in str(caught.value)
    assert KEY not in Target(f"https://me:{KEY}@host/v1#m", settings(tmp_path, "x", model="small")).name


def test_a_database_that_cannot_be_opened_says_so(tmp_path: Path):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(ModelError, match=r"gateway.db cannot be opened"):
        Gateway(settings(tmp_path, "small").model_copy(update={"data": tmp_path / "data"}))
