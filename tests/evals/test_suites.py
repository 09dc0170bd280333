"""The suites: they load, they can be met, and what has nothing to do with them does not meet them."""

import json
from functools import cache
from itertools import groupby

import pytest

from espalier.blueprint import read
from espalier.check.judge import judge
from espalier.check.requirements import Outline
from espalier.evals.suites import FOLDER, KNOWN, Suite, SuiteError, load

DOMAINS = {
    "vineyard", "ferry line", "volunteer fire brigade", "orchestra", "genealogy", "tailor", "falconry", "circus", "glassblowing",
    "caving", "hot-air balloon", "blacksmith", "seed bank", "stage-lighting rental",
}  # fmt: skip
WRITTEN = load("heldout_written")


@cache
def answers() -> dict[str, str]:
    """Blueprints that answer prompts of heldout in full, by the case's id: those that the edits begin from."""
    by_prompt = {case.prompt: case.id for case in WRITTEN.cases}
    return {by_prompt[case.prompt]: case.blueprint for case in load("edits").cases}


def test_every_suite_that_comes_with_the_package_loads() -> None:
    for name, known in KNOWN.items():
        if known.elsewhere or any(not (FOLDER / file).is_file() for file in known.files if not file.endswith("?")):
            continue
        suite = load(name)
        assert len(suite.cases) >= 12 and suite.name == name and len(suite.digest) == 16
        for case in suite.cases:
            assert case.prompt and (case.wishes or (case.rubric and case.rubric.requirements)), case.id


def test_the_written_part_of_heldout_is_what_it_says() -> None:
    assert len(WRITTEN.cases) == 60
    assert {case.domain for case in WRITTEN.cases} == DOMAINS
    for _, group in groupby(sorted(WRITTEN.cases, key=lambda case: case.domain), key=lambda case: case.domain):
        assert 4 <= len(list(group)) <= 5
    styles = [case.style for case in WRITTEN.cases]
    assert all(styles.count(style) >= 9 for style in ("short", "messy", "formal", "list", "chatty"))
    assert sum(case.language != "en" for case in WRITTEN.cases) >= 6
    for case in WRITTEN.cases:
        assert case.rubric and 8 <= len(case.rubric.requirements) <= 14, case.id
        said = [json.dumps(one.model_dump(), sort_keys=True, default=str) for one in case.rubric.requirements]
        assert len(set(said)) == len(said), f"{case.id} demands the same twice"


def test_heldout_is_the_written_part_and_the_generated_one_when_there_is_one() -> None:
    both = load("heldout")
    assert [case.id for case in both.cases[:60]] == [case.id for case in WRITTEN.cases]


@pytest.mark.parametrize("id_", sorted(answers()))
def test_a_rubric_can_be_met_in_full_by_a_sound_app(id_: str) -> None:
    case = next(case for case in WRITTEN.cases if case.id == id_)
    report = judge(answers()[id_], case.prompt, case.rubric)
    assert report.asked == 1, [result.says for result in report.failed]
    assert report.works >= 0.98, [(result.name, result.findings) for result in report.failed]


def test_fifteen_answers_in_all_domains() -> None:
    assert len(answers()) == 15
    assert {case.domain for case in WRITTEN.cases if case.id in answers()} == DOMAINS


def test_an_app_for_something_else_does_not_meet_a_rubric() -> None:
    shares = []
    for id_, text in answers().items():
        outline = Outline(read(text))
        own = next(case.domain for case in WRITTEN.cases if case.id == id_)
        for case in WRITTEN.cases:
            if case.domain != own and case.rubric:
                met = [one.met_by(outline) for one in case.rubric.requirements]
                assert not all(met), (id_, case.id)
                shares.append(sum(met) / len(met))
    assert sum(shares) / len(shares) < 0.2


def test_a_rubric_notices_what_is_taken_out() -> None:
    """An app of the same name, people and look, but of something else, meets little."""
    for id_, text in answers().items():
        case = next(case for case in WRITTEN.cases if case.id == id_)
        tree = read(text).model_dump()
        theme_and_words = {key: tree[key] for key in ("app", "theme", "roles", "signup") if key in tree}
        bare = read(
            json.dumps(
                {**theme_and_words, "data": {"Thing": {"name": "text!"}}, "pages": {"Home": [{"table": "Thing"}]}}
            )
        )
        assert case.rubric
        met = [one.met_by(Outline(bare)) for one in case.rubric.requirements]
        assert sum(met) / len(met) <= 0.4, id_


def write(folder, name: str, *lines: dict) -> str:
    file = folder / name
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(file)


def test_a_suite_of_ones_own(tmp_path) -> None:
    rubric = {"requirements": [{"kind": "entity", "like": "dog"}]}
    own: Suite = load(
        write(
            tmp_path,
            "mine.jsonl",
            {"id": "a", "prompt": "dogs", "rubric": rubric},
            {"id": "b", "prompt": "a cat register"},
        )
    )
    assert own.name == "mine" and [case.id for case in own.cases] == ["a", "b"]
    assert own.cases[1].rubric and own.cases[1].rubric.source == "drawn"


@pytest.mark.parametrize(("line", "words"), [
    ({"id": "a"}, "`prompt` is missing"),
    ({"id": "a", "prompt": "x", "rubric": {"requirements": [{"kind": "wish"}]}}, "no kind of requirement"),
    ({"id": "a", "prompt": "x", "request": "y", "blueprint": "z"}, "an edit needs `checks`"),
])  # fmt: skip
def test_a_line_that_cannot_be_read_says_which_and_why(tmp_path, line: dict, words: str) -> None:
    with pytest.raises(SuiteError, match=f"(?s)line 1.*{words}"):
        load(write(tmp_path, "mine.jsonl", line))


def test_a_suite_that_is_not_there_says_what_to_do(tmp_path) -> None:
    with pytest.raises(SuiteError, match="no suite and no file"):
        load("helout")
    with pytest.raises(SuiteError, match="setting `eval_data`"):
        load("dev", tmp_path)
    with pytest.raises(SuiteError, match="two cases of the same id"):
        load(write(tmp_path, "mine.jsonl", {"id": "a", "prompt": "x"}, {"id": "a", "prompt": "y"}))


def test_dev_and_webgen_are_read_from_where_they_are(tmp_path) -> None:
    dark = {"kind": "colour", "any": ["dark", "black", "#[0-2]{3}$"], "slot": ["style", "background"]}
    green = {"kind": "colour", "any": ["darkgreen", "green", "olive"], "slot": ["primary", "accent"]}
    write(tmp_path, "dev.jsonl", {"id": "e1", "style": "short", "prompt": "dark", "checks": [dark, green]})
    write(
        tmp_path,
        "webgen-dev.jsonl",
        {"id": "000001", "instruction": "A site for booking rooms", "application_type": "Booking"},
    )
    (dev,), (webgen,) = load("dev", tmp_path).cases, load("webgen", tmp_path).cases
    assert dev.rubric and dev.rubric.source == "given" and webgen.rubric and webgen.rubric.source == "drawn"
    app = "app: A\ntheme: {{{}}}\ndata: {{Dog: {{name: text!}}}}\npages:\n  Home:\n    - table: Dog\n"
    for theme, met in (
        ("background: black, accent: olive", [True, True]),
        ("mode: dark", [True, False]),
        ("primary: red", [False, False]),
    ):
        outline = Outline(read(app.format(theme)))
        assert [one.met_by(outline) for one in dev.rubric.requirements] == met
