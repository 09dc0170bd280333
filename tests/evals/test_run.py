"""Runs: the same questions for all, judged by the suite's rubric, taken up where they were stopped."""

import asyncio
from pathlib import Path

import pytest

from espalier.config import Settings
from espalier.evals.folder import Folder, OtherRun
from espalier.evals.outcome import Outcome, read
from espalier.evals.run import judge_again, limited, plan_of, questions, run
from espalier.evals.suites import Suite, load
from espalier.model.build import How
from espalier.model.errors import EndpointDown, ModelDamaged, ModelMissing

from .asked import DOGS, PROMPTS, SHOP, answers, loaded, right, write, wrong

HOW = How(grammar=False, repair=False, mend=False)


def ran(path: Path, chosen: list[Suite], *endpoints: str) -> tuple[Folder, list[Outcome]]:
    """The folder, and what was asked now, in its order."""
    folder, told = Folder(path, plan_of(chosen, HOW, 0, 0), endpoints), []
    asyncio.run(run(folder, chosen, endpoints, HOW, Settings(), lambda outcome, done, total: told.append(outcome)))
    return folder, told


def test_a_run_asks_everybody_everything_and_judges_it(tmp_path) -> None:
    chosen = loaded(tmp_path)
    good, bad = right(tmp_path), wrong(tmp_path)
    folder, told = ran(tmp_path / "run", chosen, good, bad)
    assert [(one.case, one.endpoint) for one in told] == [
        ("dogs", good), ("dogs", bad), ("shop", bad), ("shop", good), ("breed", good), ("breed", bad), ("name", bad), ("name", good),
    ]  # fmt: skip
    kept = folder.kept(good, chosen)
    dogs, breed = kept["apps", "dogs"], kept["edits", "breed"]
    assert dogs.met == (True, True, True) and dogs.weights == (1, 1, 2) and dogs.reads
    assert dogs.score > 0.9 and dogs.text.startswith("app: Kennel Book") and dogs.tokens_out == len(DOGS) // 4
    assert breed.done and breed.clean and "breed" not in breed.after
    kept = folder.kept(bad, chosen)
    assert kept["apps", "dogs"].met == (False, False, False) and kept["apps", "dogs"].reads
    assert any(fault.name == "entity_1" for fault in kept["apps", "dogs"].faults)
    assert not kept["apps", "shop"].reads and kept["apps", "shop"].problems and kept["apps", "shop"].score == 0
    breed, name = kept["edits", "breed"], kept["edits", "name"]
    assert (breed.done, breed.clean) == (False, False) and breed.strayed == ("changed: app",)
    assert (name.done, name.clean, name.reads) == (False, False, False)


def test_a_run_that_was_stopped_goes_on(tmp_path) -> None:
    """The endpoint gives three questions in a row no answer; the next time it knows the answers."""
    chosen = loaded(tmp_path)
    endpoint = answers(tmp_path, "right", dogs=DOGS)
    with pytest.raises(EndpointDown, match="3 questions in a row"):
        ran(tmp_path / "run", chosen, endpoint)
    assert right(tmp_path) == endpoint
    folder, told = ran(tmp_path / "run", chosen, endpoint)
    assert [one.case for one in told] == ["shop", "breed", "name"] and not any(one.error for one in told)
    assert len(folder.kept(endpoint, chosen)) == 4
    assert ran(tmp_path / "run", chosen, endpoint)[1] == []


def test_an_answer_that_was_cut_off_while_it_was_written_down_is_asked_again(tmp_path) -> None:
    chosen, endpoint = loaded(tmp_path), right(tmp_path)
    folder, _ = ran(tmp_path / "run", chosen, endpoint)
    file = folder.file(endpoint)
    file.write_bytes(file.read_bytes()[:-30])
    assert [one.case for one in ran(tmp_path / "run", chosen, endpoint)[1]] == ["name"]
    assert len(list(read(file))) == 4


def test_a_question_without_an_answer_counts_and_is_asked_again(tmp_path) -> None:
    chosen, endpoint = loaded(tmp_path), answers(tmp_path, "right", dogs=DOGS, breed="about: x", name="about: x")
    folder, _ = ran(tmp_path / "run", chosen, endpoint)
    shop = folder.kept(endpoint, chosen)["apps", "shop"]
    assert "no recorded answer" in shop.error and not shop.reads and shop.met == (False, False, False)
    answers(tmp_path, "right", shop=SHOP)
    assert [one.case for one in ran(tmp_path / "run", chosen, endpoint)[1]] == ["shop"]
    assert folder.kept(endpoint, chosen)["apps", "shop"].met == (True, True, True)


def test_an_endpoint_may_join_later(tmp_path) -> None:
    chosen = loaded(tmp_path)
    ran(tmp_path / "run", chosen, right(tmp_path))
    folder, told = ran(tmp_path / "run", chosen, right(tmp_path), wrong(tmp_path))
    assert {one.endpoint for one in told} == {wrong(tmp_path)}
    assert Folder.told(folder.path)["endpoints"] == [right(tmp_path), wrong(tmp_path)]


def test_a_folder_holds_one_run(tmp_path) -> None:
    chosen, endpoint = loaded(tmp_path), right(tmp_path)
    ran(tmp_path / "run", chosen, endpoint)
    with pytest.raises(OtherRun, match=r"other how: .*Choose another folder"):
        Folder(tmp_path / "run", plan_of(chosen, How(samples=4), 0, 0), [endpoint])
    with pytest.raises(OtherRun, match="other limit"):
        Folder(tmp_path / "run", plan_of(chosen, HOW, 1, 0), [endpoint])
    changed = load(str(write(tmp_path / "apps.jsonl", [{"id": "dogs", "prompt": PROMPTS["dogs"]}])))
    with pytest.raises(OtherRun, match="other suites"):
        Folder(tmp_path / "run", plan_of([changed, chosen[1]], HOW, 0, 0), [endpoint])


def test_what_was_answered_is_judged_again_by_the_rubric_of_today(tmp_path) -> None:
    chosen, endpoint = loaded(tmp_path), right(tmp_path)
    folder, _ = ran(tmp_path / "run", chosen, endpoint)
    demand = {"requirements": [{"kind": "entity", "like": "boat"}]}
    apps = write(tmp_path / "apps.jsonl", [{"id": "dogs", "prompt": PROMPTS["dogs"], "rubric": demand}])
    today = [load(str(apps)), chosen[1]]
    asyncio.run(judge_again(folder, today, [endpoint], lambda *_: None))
    kept = folder.kept(endpoint, today)
    assert kept["apps", "dogs"].met == (False,) and kept["apps", "dogs"].text.startswith("app: Kennel Book")
    assert kept["edits", "breed"].done


def test_limits_are_drawn_by_the_seed() -> None:
    whole = load("heldout_written")
    ten = limited(whole, 10, 3)
    assert len(ten.cases) == 10 and ten == limited(whole, 10, 3) != limited(whole, 10, 4)
    places = [whole.cases.index(case) for case in ten.cases]
    assert places == sorted(places)
    assert limited(whole, 0, 3) is whole is limited(whole, 99, 3)


def test_who_is_asked_first_changes(tmp_path) -> None:
    asked = [(case.id, name) for _, case, name in questions(loaded(tmp_path)[:1], ["a", "b"])]
    assert asked == [("dogs", "a"), ("dogs", "b"), ("shop", "b"), ("shop", "a")]


def test_recorded_answers_that_cannot_be_used(tmp_path) -> None:
    from espalier.evals.replay import Replay

    with pytest.raises(ModelMissing, match="cannot be read"):
        Replay(tmp_path / "none.jsonl")
    with pytest.raises(ModelDamaged, match="line 1 is no recorded answer"):
        Replay(write(tmp_path / "bad.jsonl", [{"prompt": "x"}]))
