"""`espalier rubric`: what a prompt demands, for people and as a file for `espalier check --rubric`."""

import json

from typer.testing import CliRunner

from espalier.check.requirements import Rubric, draw
from espalier.cli import cli

from .test_draw import completion, server

PROMPT = "A kanban board for tasks. Use teal for the background."


def run(*arguments: str, **more: object):
    return CliRunner().invoke(cli, ["rubric", *arguments], env={"COLUMNS": "200"}, **more)


def test_it_says_what_is_demanded():
    said = run(PROMPT)
    assert said.exit_code == 0
    assert "teal" in said.output and "keeps tasks" in said.output


def test_its_json_is_a_rubric():
    assert Rubric.model_validate_json(run("-", "--json", input=PROMPT).stdout) == draw(PROMPT)


def test_a_model_is_asked_too():
    heard = []

    def answer(asked):
        heard.append(asked["model"])
        return 200, completion(json.dumps({"requirements": [{"kind": "entity", "like": "sprint"}]}))

    with server(answer) as base:
        said = run(PROMPT, "--endpoint", base, "--model", "helper")
    assert heard == ["helper"]
    assert "keeps sprints" in said.output and "counts 0.5" in said.output


def test_an_endpoint_needs_a_model():
    assert run(PROMPT, "--endpoint", "http://127.0.0.1:9/v1").exit_code == 2


def test_a_prompt_that_says_nothing():
    assert "Nothing in it" in run("hello").output
