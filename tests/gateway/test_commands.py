"""`espalier gateway` on the command line, and as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from espalier.cli import cli
from tests.gateway.test_server import HI, client
from tests.model.openai_server import saying, serving


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["gateway", *words])
    return done.exit_code, done.stdout, done.stderr


def test_keys_are_made_listed_and_taken_away(here):
    assert "None: programs on this machine need none" in run("keys")[1]
    code, secret, words = run("key", "laptop", "--account", "ann")
    assert code == 0
    assert re.fullmatch(r"esp-[\w-]{43}\n", secret)
    assert "shown once" in words
    listed = run("keys")[1]
    assert listed.startswith("laptop  for ann, made 2")
    assert secret.strip() not in listed
    code, _, words = run("key", "laptop")
    assert code == 1
    assert "a key called `laptop` already" in words
    assert run("revoke", "laptop")[0] == 0
    code, _, words = run("revoke", "laptop")
    assert code == 1
    assert "no key `laptop`" in words


def test_settings_that_cannot_be_are_said(here):
    (here / "espalier.toml").write_text("[gateway]\npatience = 0\n")
    code, _, words = run()
    assert code == 1
    assert "gateway.patience" in words


def test_it_serves_until_it_is_stopped(here):
    with serving(saying("Hello")) as (address, _):
        (here / "espalier.toml").write_text(f'[[gateway.routes]]\nfor = ["chat", "build"]\nuse = "{address}"\n')
        process = subprocess.Popen(
            [sys.executable, "-m", "espalier.cli", "gateway", "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"ESPALIER_MODEL": address},
        )
        try:
            assert process.stderr
            said = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found, said
            answer = client(found[0]).chat.completions.create(model="chat", messages=HI)
            assert answer.choices[0].message.content == "Hello"
            taken = subprocess.run(
                [sys.executable, "-m", "espalier.cli", "gateway", "--port", found[0].rpartition(":")[2]],
                capture_output=True,
                text=True,
                env=os.environ | {"ESPALIER_MODEL": address},
            )
            assert taken.returncode == 1
            assert "Choose another with --port" in taken.stderr
        finally:
            process.send_signal(signal.SIGINT)
            left = process.communicate(timeout=60)[1]
    assert process.returncode in (0, 130)
    assert "Traceback" not in left
