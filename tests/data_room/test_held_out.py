"""The generated half of the held-out suite."""

from __future__ import annotations

import json

from espalier.check.requirements import Rubric
from espalier.data.decontaminate import suites
from espalier.data.generate.held_out import suite
from espalier.data.generate.taxonomy import domains
from espalier.data.proof import Court


def test_a_few_lines_are_made_as_they_stand_in_the_suite(memory):
    with Court(memory) as court:
        lines = suite(6, court)
    assert len({line["domain"] for line in lines}) == 6
    assert len({line["style"] for line in lines}) == 5
    file = next(file for file in suites() if file.stem == "heldout_generated")
    written = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert written[:6] == lines, "made anew with `espalier data heldout` whenever the generator changes"


def test_the_suite_covers_every_held_out_domain_and_style():
    file = next(file for file in suites() if file.stem == "heldout_generated")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(lines) >= 60
    assert {line["domain"] for line in lines} == {domain.key for domain in domains(held=True)}
    assert {line["style"] for line in lines} == {"short", "messy", "formal", "list", "chatty"}
    assert len({line["id"] for line in lines}) == len(lines)
    assert all(len(Rubric.model_validate(line["rubric"]).requirements) >= 4 for line in lines)
