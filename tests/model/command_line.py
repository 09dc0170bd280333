"""The commands, as people give them."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from espalier.cli import cli


def espalier(*arguments: str, stdin: str | bytes = "") -> Result:
    """The command with these arguments, on a wide terminal."""
    return CliRunner().invoke(cli, arguments, input=stdin, env={"COLUMNS": "200"})


def flat(result: Result) -> str:
    """All that it said, on one line."""
    return " ".join(result.output.split())
