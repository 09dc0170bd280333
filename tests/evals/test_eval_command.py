"""`espalier eval` as a person meets it."""

from typer.testing import CliRunner

from espalier.cli import cli

from .asked import DOGS, answers, right, suites, wrong


def run(*words: str):
    return CliRunner().invoke(cli, ["eval", *words])


QUICK = ("--no-grammar", "--no-repair", "--no-mend", "--pictures", "0")


def test_from_a_question_to_a_report(tmp_path) -> None:
    apps, edits = suites(tmp_path)
    good, bad, to = right(tmp_path), wrong(tmp_path), tmp_path / "run"
    asked = ["--suite", str(apps), "--suite", str(edits), "--endpoint", good, "--endpoint", bad, "--out", str(to)]
    done = run(*asked, *QUICK)
    assert done.exit_code == 0, done.output
    assert "| Rubric met |" in done.output.replace("|  ", "| ") and "report.html" in done.output
    assert bad in (to / "report.html").read_text()
    before = (to / "answers").stat()
    again = run("--out", str(to), "--report-only", "--pictures", "0")
    assert again.exit_code == 0 and (to / "answers").stat() == before


def test_a_run_that_cannot_go_on_says_so_and_goes_on_later(tmp_path) -> None:
    apps, edits = suites(tmp_path)
    endpoint = answers(tmp_path, "some", dogs=DOGS)
    words = [
        "--suite",
        str(apps),
        "--suite",
        str(edits),
        "--endpoint",
        endpoint,
        "--out",
        str(tmp_path / "run"),
        *QUICK,
    ]
    stopped = run(*words)
    assert stopped.exit_code == 1 and "the same command goes on" in stopped.output
    right(tmp_path, "some")
    assert run(*words).exit_code == 0


def test_what_cannot_be_done_is_said(tmp_path) -> None:
    apps, _ = suites(tmp_path)
    to = ["--out", str(tmp_path / "run")]
    assert "--suite heldout --endpoint small" in " ".join(run(*to).output.replace("│", "").split())
    assert "no suite and no file" in run("--suite", "helout", "--endpoint", "small", *to).output
    assert (
        "is none of the endpoints"
        in run("--suite", str(apps), "--endpoint", right(tmp_path), "--baseline", "x", *to).output
    )
    missing = run("--suite", str(apps), "--endpoint", f"replay:{tmp_path}/none.jsonl", *to, *QUICK)
    assert missing.exit_code == 1 and "cannot be read" in missing.output
    assert run("--suite", str(apps), "--endpoint", right(tmp_path), *to, *QUICK).exit_code == 0
    other = run("--suite", str(apps), "--endpoint", right(tmp_path), "--limit", "1", *to, *QUICK)
    assert other.exit_code == 1 and "another folder" in other.output


def test_the_help_reads_like_documentation() -> None:
    said = " ".join(run("--help").output.split())
    for words in (
        "same questions",
        "taken up" if "taken up" in said else "goes on with the same command",
        "replay:FILE",
        "docs/evals.md",
    ):
        assert words in said
