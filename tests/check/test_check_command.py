"""`espalier check`, run as people run it."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from espalier.check.checks import checks
from espalier.check.judge import judge
from espalier.check.report import GROUPS, Report
from espalier.cli import cli

HOUSE = Path(__file__).parents[2]
SMALL = (HOUSE / "src/espalier/starter.yaml").read_text()
NO_HOME = "app: Bare\ndata:\n  Book:\n    title: text!\naccess:\n  Book: {read: nobody, write: nobody}\npages:\n  Home:\n    - table: Book\n"


def run(*arguments: object, **more: object):
    return CliRunner().invoke(cli, ["check", *map(str, arguments)], env={"COLUMNS": "200"}, **more)


@pytest.fixture
def app(tmp_path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    return file


@pytest.fixture
def bare(tmp_path) -> Path:
    file = tmp_path / "bare.yaml"
    file.write_text(NO_HOME)
    return file


def test_help_reads_like_documentation():
    words = " ".join(run("--help").output.replace("│", " ").split())
    assert "The exit code is 0 when nothing failed, 1 when something did, and 2 when the command itself" in words
    assert "with limits on time and memory" in words
    for option in ("--prompt", "--rubric", "--browser", "--thorough", "--json", "--screenshots", "--many", "--workers"):
        assert option in words
    for option in ("--out", "--ray", "--ray-address", "--seconds", "--times", "--all"):
        assert option in words


def test_a_report_for_people(app):
    report = judge(SMALL)
    result = run(app, "--times")
    assert result.exit_code == (0 if report.fine else 1)
    assert f"{report.score:.2f}" in result.output
    assert " passed (static " in result.output
    assert "The app started in " in result.output
    for one in report.failed:
        assert one.says in result.output


def test_what_failed_is_said_with_where_why_and_what_to_do(bare):
    report = judge(NO_HOME)
    result = run(bare, "--all")
    assert result.exit_code == 1
    assert report.failed
    text = " ".join(result.output.split())
    for one in report.failed:
        assert one.says in text
        for finding in one.findings:
            assert " ".join(finding.why.split()) in text
            assert " ".join(finding.suggestion.split()) in text


def test_json_is_the_report(bare):
    result = run(bare, "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said.pop("file") == str(bare)
    assert Report.from_json(said).score == pytest.approx(judge(NO_HOME).score)


def test_a_folder_gives_a_list(app, bare):
    result = run(app.parent, "--json", "--workers", "1")
    assert [one["app"] for one in json.loads(result.stdout)] == ["Bare", judge(SMALL).app]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00\x01", "is not text in UTF-8"),
        (b"app: Half\n", "`pages` is missing"),
        (b"", "the blueprint is empty"),
    ],
)
def test_what_is_no_app_gets_a_report_that_says_so(tmp_path, content, words):
    file = tmp_path / "app.yaml"
    file.write_bytes(content)
    result = run(file)
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_huge_file_is_not_read(tmp_path):
    file = tmp_path / "huge.yaml"
    with file.open("wb") as made:
        made.truncate(100_000_000)
    result = run(file)
    assert result.exit_code == 1
    assert "too large for a blueprint" in result.output


def test_a_missing_file_is_said(tmp_path):
    result = run(tmp_path / "none.yaml")
    assert result.exit_code == 1
    assert "does not exist" in result.output


def test_a_prompt_is_compared(app):
    asked = json.loads(run(app, "--json", "--prompt", "A forum with a green look where members vote on polls").stdout)
    alone = json.loads(run(app, "--json").stdout)
    assert [one for one in asked["results"] if one["group"] == "asked"]
    assert not [one for one in alone["results"] if one["group"] == "asked"]


def test_time_is_up(tmp_path):
    from .test_bounded import heavy

    file = tmp_path / "heavy.yaml"
    file.write_text(heavy())
    result = run(file, "--seconds", "0.5")
    assert result.exit_code == 1
    assert "Not finished: out of time: more than 0.5 s, at " in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("x.yaml", "--out", "y"), "go with --many"),
        (("x.yaml", "--ray"), "go with --many"),
        (("x.yaml", "--screenshots", "y"), "add --browser"),
        (("x.jsonl", "y.jsonl", "--many"), "takes one file"),
        (("x.jsonl", "--many"), "does not exist"),
        (("x.yaml", "--rubric", "none.json"), "cannot be read"),
        (("x.yaml", "--seconds", "0"), "0.1"),
        (("x.yaml", "--workers", "0"), "1"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_understood(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.output.replace("│", " ").split())


def test_a_rubric_that_is_none(app, tmp_path):
    rubric = tmp_path / "rubric.json"
    rubric.write_text('{"requirements": [{"kind": "nothing like it"}]}')
    result = run(app, "--rubric", rubric)
    assert result.exit_code == 2
    assert "is not a rubric" in " ".join(result.output.replace("│", " ").split())


def test_an_empty_folder(tmp_path):
    assert run(tmp_path).exit_code == 2


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_many_lines_and_the_rest_another_time(tmp_path):
    cases, out = tmp_path / "cases.jsonl", tmp_path / "out.jsonl"
    some = [{"id": f"n{at}", "blueprint": SMALL} for at in range(3)]
    cases.write_text("".join(json.dumps(one) + "\n" for one in some[:2]))
    result = run(cases, "--many", "--out", out, "--workers", "1")
    assert "2 judged" in result.stderr
    first = out.read_text()
    assert [one["id"] for one in lines(out)] == ["n0", "n1"]
    assert set(lines(out)[0]) >= {"id", "mark", "score", "results", "problems", "unfinished"}
    # Broken off in the middle of a line, one case more, and one that has changed since.
    out.write_text(first + '{"id": "n2", "ma')
    some[1] = {"id": "n1", "blueprint": NO_HOME}
    cases.write_text("".join(json.dumps(one) + "\n" for one in some))
    result = run(cases, "--many", "--out", out, "--workers", "1")
    assert "2 are there already" in result.stderr
    assert "2 judged" in result.stderr
    assert out.read_text().startswith(first)
    assert [(one["id"], one["app"]) for one in lines(out)[2:]] == [("n1", "Bare"), ("n2", judge(SMALL).app)]
    result = run(cases, "--many", "--out", out, "--workers", "1")
    assert "Nothing to judge." in result.stderr
    assert result.exit_code == 0


def test_many_from_a_pipe_prints_a_line_each():
    said = json.dumps({"blueprint": SMALL}) + "\n" + "no JSON\n" + '{"blueprint": "\\ud800", "id": "\\ud800"}\n'
    result = run("-", "--many", "--workers", "1", input=said)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["id"] for one in found][:2] == ["1", "2"]
    assert found[0]["score"] > 0
    assert found[1]["problems"]
    assert found[2]["problems"]
    assert result.exit_code == 1


def test_a_folder_of_many(app, bare):
    result = run(app.parent, "--many", "--workers", "1")
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["bare.yaml", "small.yaml"]


def test_the_installed_command_and_what_it_leaves_behind(app):
    ran = subprocess.run(
        [sys.executable, "-m", "espalier.cli", "check", str(app), "--json"], capture_output=True, text=True, timeout=120
    )
    assert json.loads(ran.stdout)["score"] == pytest.approx(judge(SMALL).score, abs=1e-4)
    assert ran.stderr == ""


def test_every_group_has_a_title():
    from espalier.check.readable import TITLES

    assert set(TITLES) == set(GROUPS)


def test_without_a_browser_it_is_said_what_to_install(app, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    ran = subprocess.run(
        [sys.executable, "-m", "espalier.cli", "check", str(app), "--browser"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 2, ran.stdout
    assert "apt-get install chromium" in " ".join(ran.stderr.replace("│", " ").split())


def test_the_page_about_checks_tells_of_every_check_and_option():
    spec = importlib.util.spec_from_file_location("checks_page", HOUSE / "tools" / "checks_page.py")
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    text = page.PAGE.read_text("utf-8")
    assert page.written(text) == text, "run .venv/bin/python tools/checks_page.py"
    for group in GROUPS:
        assert all(f"| `{check.name}` | {check.says} |" in text for check in checks(group))
    for option in re.findall(r"--[a-z-]+", run("--help").output):
        assert option == "--help" or f"`{option}" in text, option
