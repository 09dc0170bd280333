"""The command line, run as people run it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from espalier.blueprint.lint import lint
from espalier.blueprint.printer import print_blueprint
from espalier.blueprint.reader import read
from espalier.cli import cli
from espalier.config import FILE, Settings, SettingsError, load

ROOT = Path(__file__).parents[1]
GOOD = "app: Library\ndata:\n  Book:\n    title: text!\npages:\n  Home:\n    - table: Book\n"
BAD = "app: Library\ndata:\n  Book:\n    title: text!\npages:\n  Home:\n    - table: Bok\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("ESPALIER_"):
            monkeypatch.delenv(name)
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(cli, arguments, env={"COLUMNS": "200"})


def test_help_reads_like_documentation():
    for arguments, words in (
        (("--help",), "espalier new"),
        (("serve", "--help"), "made with a link that is printed here"),
        (("lint", "--help"), "The exit code is 1"),
        (("fmt", "--help"), "canonical form"),
        (("new", "--help"), "NAME.yaml"),
        (("login", "--help"), "once and for a quarter of an hour"),
    ):
        result = run(*arguments)
        assert result.exit_code == 0
        assert words in " ".join(result.output.replace("│", " ").split()), arguments


def test_new_writes_a_good_app(here):
    result = run("new", "corner-bakery")
    assert result.exit_code == 0, result.output
    text = (here / "corner-bakery.yaml").read_text()
    reading, warnings = lint(text)
    assert reading.problems == []
    assert warnings == []
    assert reading.fixes == []
    assert reading.blueprint.app == "Corner bakery"
    assert print_blueprint(reading.blueprint) == text


def test_new_never_overwrites(here):
    (here / "bakery.yaml").write_text("mine")
    result = run("new", "bakery")
    assert result.exit_code == 1
    assert "exists already" in result.output
    assert (here / "bakery.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["", "..", "../evil", "a/b", "  ", "a\\b"])
def test_new_takes_names_only(here, name):
    assert run("new", "--", name).exit_code == 1
    assert list(here.rglob("*.yaml")) == []


def test_lint_shows_place_and_suggestion(here):
    (here / "bad.yaml").write_text(BAD)
    (here / "good.yaml").write_text(GOOD)
    result = run("lint", "bad.yaml", "good.yaml")
    assert result.exit_code == 1
    assert "bad.yaml:7:" in result.output
    assert "Book" in result.output
    assert "good.yaml:4:5 warning" in result.output
    assert run("lint", "good.yaml").exit_code == 0
    assert run("lint", "--strict", "good.yaml").exit_code == 1
    assert run("lint", "nothing.yaml").exit_code == 1


def test_lint_for_programs(here):
    (here / "bad.yaml").write_text(BAD)
    result = run("lint", "--json", "bad.yaml")
    assert result.exit_code == 1
    [problem] = [one for one in json.loads(result.stdout) if one["severity"] == "error"]
    assert problem["file"] == "bad.yaml"
    assert problem["line"] == 7
    assert set(problem) == {"file", "severity", "line", "column", "message", "text", "suggestion", "where"}


def test_lint_never_draws_what_a_file_says(here):
    """Square brackets in a file are no markup of the terminal."""
    (here / "bad.yaml").write_text(GOOD.replace("table: Book", "'[red]nonsense[/]': Book"))
    result = run("lint", "bad.yaml")
    assert result.exit_code == 1
    assert "[red]nonsense[/]" in result.output


def test_fmt_writes_the_canonical_form(here):
    file = here / "library.yaml"
    file.write_text("pages:\n  Home:\n    - table: Book\ndata:\n  Book: {title: 'text!'}\napp: Library\n")
    assert run("fmt", "--check", "library.yaml").exit_code == 1
    assert file.read_text().startswith("pages")
    assert run("fmt", "library.yaml").exit_code == 0
    assert file.read_text() == print_blueprint(read(GOOD))
    assert run("fmt", "--check", "library.yaml").exit_code == 0


def test_fmt_keeps_comments_and_faults(here):
    file = here / "library.yaml"
    commented = "# our books\n" + GOOD.replace("text!", "text! unique")
    file.write_text(commented)
    result = run("fmt", "library.yaml")
    assert result.exit_code == 1
    assert "--drop-comments" in result.output
    assert file.read_text() == commented
    assert run("fmt", "--drop-comments", "library.yaml").exit_code == 0
    assert "our books" not in file.read_text()
    file.write_text(BAD)
    assert run("fmt", "library.yaml").exit_code == 1
    assert file.read_text() == BAD


def test_serve_says_what_is_missing(here):
    result = run("serve", "nothing.yaml")
    assert result.exit_code == 1
    assert "espalier new nothing" in result.output
    assert run("serve", ".").exit_code == 1
    (here / FILE).write_text("port = 'many'\n")
    (here / "library.yaml").write_text(GOOD)
    result = run("serve", "library.yaml")
    assert result.exit_code == 1
    assert "`port` from espalier.toml" in result.output


def test_serves_and_stops(here):
    (here / "library.yaml").write_text(GOOD)
    command = [sys.executable, "-m", "espalier.cli", "serve", "library.yaml", "--port", "0", "--data", "data"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            said = ""
            while "/welcome/" not in said:
                line = server.stderr.readline()
                assert line, said
                said += line
            address = re.search(r"http://localhost:\d+/", said)[0]
            with urllib.request.urlopen(address) as page:
                assert "Library" in page.read().decode()
                assert "uvicorn" not in str(page.headers).lower()
            link = re.search(r"http://\S+/welcome/\S+", said)[0]
            with urllib.request.urlopen(link) as page:
                assert "Make it mine" in page.read().decode()
            (here / "library.yaml").write_text(GOOD.replace("app: Library", "app: Reading Room"))
            while "Reloaded" not in said:
                line = server.stderr.readline()
                assert line, said
                said += line
            with urllib.request.urlopen(address) as page:
                assert "Reading Room" in page.read().decode()
        finally:
            server.send_signal(signal.SIGINT)
            rest = server.communicate(timeout=20)[1]
    assert server.returncode == 0
    assert "Stopped." in rest
    assert "Traceback" not in said + rest
    # The link for the owner is one for where the app was served.
    link = run("login", "library.yaml", "--data", "data").output.strip()
    assert link.startswith(address + "welcome/")


def test_login_needs_an_app_that_was_served(here):
    (here / "library.yaml").write_text(GOOD)
    result = run("login", "library.yaml")
    assert result.exit_code == 1
    assert "Serve it first" in result.output


def test_settings_come_from_file_then_environment_then_command(tmp_path):
    (tmp_path / FILE).write_text('port = 9000\nhost = "0.0.0.0"\ndata = "apps"\n')
    settings = load(tmp_path, {"ESPALIER_PORT": "9001", "ESPALIER_SMTP_PASSWORD": "hush"}, host="127.0.0.1")
    assert (settings.port, settings.host, settings.data) == (9001, "127.0.0.1", tmp_path / "apps")
    assert "hush" not in repr(settings)
    assert "hush" not in str(settings.model_dump())


@pytest.mark.parametrize(("text", "words"), [
    ("prot = 9000", "`prot` in .*is not a setting"),
    ("port = 99999", "`port` from .*espalier.toml"),
    ("port = ", "cannot be read"),
    ("base_url = 'example.com'", "must begin with http"),
])  # fmt: skip
def test_settings_that_cannot_be(tmp_path, text, words):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(SettingsError, match=words):
        load(tmp_path, {})


def test_every_setting_is_documented():
    said = (ROOT / "docs" / "settings.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| .*? \| (.*) \|$", said, re.MULTILINE))
    assert rows == {name: field.description for name, field in Settings.model_fields.items()}


def test_a_patch_takes_the_data_along(here):
    from espalier.runtime.access import Visitor
    from espalier.runtime.app import App
    from espalier.runtime.visit import Visit

    def titles(field: str, entity: str) -> list[str]:
        app = App(read(Path("library.yaml").read_text()), here / "espalier-data" / "library")
        records = Visit(app, visitor=Visitor(id=1, role="admin")).records
        found = [record[field] for record in records.query(entity)]
        app.close()
        return found

    Path("library.yaml").write_text(GOOD + "seed:\n  Book:\n    - Emma\n    - Persuasion\n")
    assert titles("title", "Book") == ["Emma", "Persuasion"]
    Path("change.yaml").write_text("rename: {Book: Novel, Book.title: name}\ndata:\n  Novel:\n    pages: int\n")
    only_said = run("patch", "library.yaml", "change.yaml", "--dry-run")
    assert only_said.exit_code == 0 and "2 stay" in only_said.output and "Nothing was changed" in only_said.output
    assert titles("title", "Book") == ["Emma", "Persuasion"]
    done = run("patch", "library.yaml", "change.yaml")
    assert done.exit_code == 0
    assert titles("name", "Novel") == ["Emma", "Persuasion"]


def test_a_patch_that_would_lose_values_changes_nothing(here):
    from espalier.runtime.app import App

    Path("library.yaml").write_text(GOOD + "seed:\n  Book:\n    - Emma\n")
    App(read(Path("library.yaml").read_text()), here / "espalier-data" / "library").close()
    before = Path("library.yaml").read_text()
    Path("change.yaml").write_text("data: {Book: {title: int!}}\nseed: null\n")
    refused = run("patch", "library.yaml", "change.yaml")
    assert refused.exit_code == 1 and "Emma" in refused.output
    assert Path("library.yaml").read_text() == before


def test_the_schema_and_the_card_can_be_had(here):
    from espalier.blueprint.card import card
    from espalier.blueprint.json_schema import json_schema

    assert json.loads(run("schema").output) == json_schema()
    assert run("card").output == card()
