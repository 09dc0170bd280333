"""The generated half of the held-out suite."""

from __future__ import annotations

import json

from espalier.check.requirements import Rubric
from espalier.data.decontaminate import suites
from espalier.data.generate.held_out import suite
from espalier.data.generate.taxonomy import domains
from espalier.data.proof import Court


def test_a_few_lines_are_made_in_the_form_of_the_suite(memory):
    """The suite itself stays as it was made: what is measured with it must not change when the generator does."""
    with Court(memory) as court:
        lines = suite(5, court)
    assert len({line["domain"] for line in lines}) == 5
    assert len({line["style"] for line in lines}) == 5
    file = next(file for file in suites() if file.stem == "heldout_generated")
    written = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line.keys() for line in lines] == [line.keys() for line in written[:5]]
    assert {line["domain"] for line in lines} <= {line["domain"] for line in written}
    for line in lines:
        assert len(Rubric.model_validate(line["rubric"]).requirements) >= 4


def test_the_suite_covers_every_held_out_domain_and_style():
    file = next(file for file in suites() if file.stem == "heldout_generated")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(lines) >= 60
    assert {line["domain"] for line in lines} == {domain.key for domain in domains(held=True)}
    assert {line["style"] for line in lines} == {"short", "messy", "formal", "list", "chatty"}
    assert len({line["id"] for line in lines}) == len(lines)
    assert all(len(Rubric.model_validate(line["rubric"]).requirements) >= 4 for line in lines)
