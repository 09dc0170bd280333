"""The score: what it is made of, and that nothing which is added can raise it but what was asked for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from espalier.blueprint import read
from espalier.check.checks import Check
from espalier.check.report import KEPT, MOST_FINDINGS, MOST_MET, Finding, Report, Result, fine, wrong
from espalier.check.subject import Subject
from tests.samples import SMALL


def result(*shares: float, name: str = "one", group: str = "use", **more) -> Result:
    findings = [Finding(share >= 1, "here", "" if share >= 1 else "why", part=share) for share in shares]
    return Result.of(name, group, "It is so.", findings, **more)


SHARES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=30)
RESULTS = st.builds(
    lambda shares, weight, gate, strict, group: result(*shares, weight=weight, gate=gate, strict=strict, group=group),
    SHARES,
    st.sampled_from([0.5, 1, 3, 5]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["static", "use", "asked", "browser", "look"]),
)
FIXED = settings(derandomize=True, max_examples=60, deadline=None)


def test_a_check_that_looked_at_nothing_is_not_applicable():
    none = result()
    assert (none.share, none.state) == (None, "not applicable")
    assert Report((none, result(1))).score == 1


def test_the_share_is_the_mean():
    assert result(1, 1, 1).share == 1
    assert result(1, 0, 0.5, 1).share == approx(2.5 / 4)
    assert result(0).share == 0


def test_what_is_met_beyond_a_dozen_makes_nothing_good():
    assert result(0, *[1] * MOST_MET).share == result(0, *[1] * 200).share == approx(MOST_MET / (MOST_MET + 1))
    assert result(0, 0, *[1] * 500).share < result(0, *[1] * 500).share


def test_strict_halves_for_each_miss_however_many_are_met():
    assert result(*[1] * 200, 0, strict=True).share == 0.5
    assert result(0, 0, 1, strict=True).share == 0.25
    assert result(0.5, 1, strict=True).share == 0.75


def test_the_score_is_gates_times_works_times_asked():
    report = Report((
        result(1, 0, weight=4),  # loses 2
        result(1, weight=9),
        result(0.5, gate=True, weight=7),
        result(1, group="asked", weight=3),
        result(0, group="asked", weight=1),
    ))  # fmt: skip
    assert report.lost == 2
    assert report.works == approx(KEPT**2)
    assert report.asked == 0.75
    assert report.gates == 0.5
    assert report.score == approx(0.5 * KEPT**2 * 0.75)


def test_gates_do_not_count_twice():
    gate = result(0, gate=True, weight=5)
    assert Report((gate, result(1))).works == 1
    assert Report((result(0.5, gate=True, group="asked"), result(1, group="asked"))).asked == 1


def test_what_cannot_be_read_or_ended_is_worth_nothing():
    assert Report().score == 0
    assert Report((result(1),), problems=("no",)).score == 0
    assert Report((result(1),), unfinished="out of time").score == 0


@FIXED
@given(st.lists(RESULTS, min_size=1, max_size=12), st.lists(RESULTS, max_size=6))
def test_the_score_is_within_bounds_and_what_passes_buys_nothing(results, others):
    report = Report(tuple(results))
    assert 0 <= report.score <= 1
    passing = [one for one in others if one.group != "asked" and one.share in (None, 1)]
    assert report.with_results(passing).score == approx(report.score)
    failing = [one for one in others if one.group != "asked"]
    assert report.with_results(failing).score <= report.score + 1e-12


@FIXED
@given(SHARES.filter(bool), st.integers(0, 40), st.booleans())
def test_more_that_is_met_never_hides_a_miss(shares, more, strict):
    before = result(*shares, strict=strict).share
    after = result(*shares, *[1] * more, strict=strict).share
    assert after >= before - 1e-12
    if min(shares) < 1:
        assert after < 1


@FIXED
@given(st.lists(RESULTS, max_size=8), st.text(max_size=20), st.text(max_size=20))
def test_json_and_back(results, app, unfinished):
    report = Report(tuple(results), (), unfinished, app, 0.25, {"visits": 3})
    said = json.loads(report.json())
    again = Report.from_json(said)
    assert again.as_json() == said == json.loads(json.dumps(report.as_json()))
    assert again.score == approx(report.score)
    assert [one.findings for one in again.results] == [one.findings for one in report.results]


def test_findings_shown_are_bounded_and_the_share_is_not():
    many = Result.of("one", "use", "So.", [wrong(str(at), "why", "do") for at in range(100)])
    assert len(many.findings) == MOST_FINDINGS
    assert (many.share, many.looked_at) == (0, 100)
    assert str(many.findings[0]) == "0: why (do)"


def test_results_by_name_and_group():
    report = Report((result(1, name="a"), result(0, name="b", group="static")))
    assert report["b"].state == "failed"
    assert "c" not in report
    assert [one.name for one in report.failed] == ["b"]
    assert [one.name for one in report.group("use")] == ["a"]
    assert fine("x").met


@pytest.mark.parametrize("strict", [False, True])
def test_a_check_that_stumbles_has_no_share(strict):
    def stumbles(subject):
        yield fine()
        yield fine()
        raise RuntimeError("oh")

    found = Check("one", "static", "So.", stumbles, 1, False, strict, 0).run(Subject(read(SMALL)))
    assert found.share == 0
    assert "the check stumbled: RuntimeError: oh" in str(found.findings[0])


def test_what_was_only_heard_has_the_benefit_of_the_doubt():
    missed = (result(0, group="asked"),)
    assert Report(missed).asked == 0
    assert Report(missed, doubt=1).asked == 0.5
    assert Report(missed, doubt=1).score == 0.5
    assert Report.from_json(Report(missed, doubt=1).as_json()).asked == 0.5


def test_a_drawn_rubric_is_doubted_and_a_given_one_is_not():
    from espalier.check.judge import judge
    from espalier.check.requirements import draw

    prompt = "An app for dentists with appointments in crimson"
    text = "app: A\ndata:\n  Note:\n    name: text!\npages:\n  Home:\n    - table: Note\n"
    assert judge(text, prompt).doubt == 1
    assert judge(text, rubric=draw(prompt).model_copy(update={"source": "given"})).doubt == 0
    assert judge(text).doubt == 0


def test_looks_are_measured_not_right_or_wrong():
    assert [result(share, group="look").state for share in (0.7, 0.9)] == ["failed", "passed"]
    assert result(0.9).state == "failed"
