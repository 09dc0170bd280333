"""What is counted of outcomes, what it costs, and how outcomes are kept."""

import pytest

from espalier.evals import metrics
from espalier.evals.metrics import spell
from espalier.evals.outcome import Fault, Outcome, append, read
from espalier.evals.prices import price_of

APP = Outcome(
    "s", "a", "e", text="app: A", score=0.5, met=(True, False, True), weights=(1, 2, 1), seconds={"total": 3.0, "section": 1.0}, tokens_in=10,
    tokens_out=100,
)  # fmt: skip
SILENT = Outcome("s", "b", "e", error="no", met=(False, False), weights=(1, 1))
EDIT = Outcome("s", "c", "e", text="about: x", after="app: A", done=True, clean=False, seconds={"total": 1.0})


def named(name: str) -> metrics.Metric:
    return next(one for one in (*metrics.APPS, *metrics.EDITS, *metrics.COSTS) if one.name == name)


def test_what_a_rubric_demands_counts_by_its_weight() -> None:
    assert metrics.met(APP) == 0.5
    assert metrics.all_met(APP) == 0
    assert metrics.met(SILENT) == 0 and metrics.all_met(SILENT) == 0 and metrics.reads(SILENT) == 0


def test_everything_met_but_not_readable_is_not_all_met() -> None:
    broken = Outcome("s", "a", "e", problems=("no YAML",), met=(), weights=())
    assert metrics.all_met(broken) == 0 and metrics.reads(broken) == 0


def test_an_edit_is_exact_when_just_that_was_done() -> None:
    assert (metrics.done(EDIT), metrics.exact(EDIT), metrics.met(EDIT), metrics.score(EDIT)) == (1, 0, None, None)
    assert metrics.exact(Outcome("s", "c", "e", done=True, clean=True)) == 1
    assert metrics.exact(Outcome("s", "c", "e", done=False, clean=True)) == 0


def test_silence_has_no_time_but_costs_its_points() -> None:
    assert named("seconds").numbers([APP, SILENT]) == [3.0]
    assert named("met").figure([APP, SILENT]).value == 0.25


def test_only_cases_that_both_were_asked_are_compared() -> None:
    other = Outcome("s", "a", "f", score=0.2, met=(False, False, False), weights=(1, 2, 1))
    found = named("met").compare([APP, SILENT], [other])
    assert found.value == 0.5 and found.count == 1


def test_what_a_thousand_cost() -> None:
    own = price_of("small", 0.05, 2)
    assert metrics.cost(own).of(APP) == pytest.approx(1000 * 3.0 * 2 * 0.05 / 3600)
    assert "2 cores at 0.05 dollars" in own.words
    assert metrics.cost(own).of(SILENT) is None
    near = price_of("http://127.0.0.1:8080/v1#gpt-4o-mini", 0.05, 2)
    assert near.second == own.second, "what runs on this machine costs its cores, whatever it is called"
    rented = price_of("https://api.openai.com/v1#gpt-4o-mini", 0.05, 2)
    assert rented.second == 0 and rented.tokens_out > rented.tokens_in > 0
    assert metrics.cost(rented).of(APP) == pytest.approx(1000 * (10 * rented.tokens_in + 100 * rented.tokens_out) / 1e6)
    assert price_of("https://models.example.com/v1#our-own", 0.05, 2).second == own.second


def test_spelling() -> None:
    said = [
        spell("share", 0.853),
        spell("s", 3.456),
        spell("s", 22.5),
        spell("dollars", 0.0456),
        spell("tokens", 1234.4),
    ]
    assert said == ["85.3 %", "3.46 s", "22.5 s", "$0.046", "1,234"]
    assert spell("share", float("nan")) == "–"


def test_outcomes_are_kept_as_they_are(tmp_path) -> None:
    file = tmp_path / "answers" / "e.jsonl"
    told = Outcome(
        "s", "d", "e", text="ä\n\u2028", faults=(Fault("field_1", "says", "found"),), undone=("x",), notes=("n",)
    )
    for one in (APP, EDIT, told):
        append(file, one)
    assert list(read(file)) == [APP, EDIT, told]


def test_a_line_that_was_broken_off_is_written_anew(tmp_path) -> None:
    file = tmp_path / "e.jsonl"
    append(file, APP)
    append(file, EDIT)
    file.write_bytes(file.read_bytes()[:-40])
    assert list(read(file)) == [APP]
    append(file, EDIT)
    assert list(read(file)) == [APP, EDIT]


def test_damage_in_the_middle_is_told(tmp_path) -> None:
    file = tmp_path / "e.jsonl"
    append(file, APP)
    file.write_text(file.read_text() + "nonsense\n" + APP.line() + "\n")
    with pytest.raises(ValueError, match="line 2 is damaged"):
        list(read(file))
    assert list(read(tmp_path / "none.jsonl")) == []
