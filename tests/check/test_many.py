"""Many apps: lines in, reports out in order, taken up where a run was broken off, over workers and over a local Ray."""

from __future__ import annotations

import importlib.util
import io
import json
import os
from pathlib import Path

import pytest

from espalier.check.bounded import Case
from espalier.check.judge import judge
from espalier.check.many import (
    LONGEST_LINE,
    Line,
    Tally,
    done_before,
    judge_lines,
    on_pool,
    on_ray,
    read_file,
    read_folder,
    read_lines,
    with_options,
)

HOUSE = Path(__file__).parents[2]
APPS = HOUSE / "apps"
SMALL = (HOUSE / "src/espalier/starter.yaml").read_text()
LINES = [
    {"id": "one", "blueprint": SMALL},
    {"blueprint": "app: x", "prompt": "a shop"},
    {"id": 3, "blueprint": SMALL, "rubric": {"requirements": []}},
]


def stream(*lines: object) -> io.StringIO:
    return io.StringIO("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines))


def test_lines_are_cases():
    one, two, three = read_lines(stream(*LINES))
    assert (one.case.id, one.case.blueprint, one.case.prompt, one.fault) == ("one", SMALL, "", "")
    assert (two.case.id, two.case.prompt) == ("2", "a shop")
    assert (three.case.id, three.case.rubric) == ("3", {"requirements": []})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{nothing\n", "line 1 is not JSON"),
        ("[" * 100_000 + "\n", "line 1 is not JSON"),
        ("7\n", "has no blueprint"),
        ({"blueprint": 7}, "has no blueprint"),
        ({"blueprint": "app: x", "prompt": ["a"]}, "the prompt should be a text"),
        ({"blueprint": "app: x", "rubric": "a"}, "the rubric should be an object"),
        ('{"blueprint": "' + "x" * LONGEST_LINE + '"}\n', "is longer than"),
    ],
)
def test_a_faulty_line_is_a_fault_and_the_next_is_read(line, words):
    first, second = read_lines(stream(line, {"id": "good", "blueprint": "app: x"}))
    assert words in first.fault
    assert (first.case.id, second.case.id, second.fault) == ("1", "good", "")


def test_empty_lines_are_passed_over_and_counted():
    assert [line.case.id for line in read_lines(stream("\n", {"blueprint": "a"}, "  \n", {"blueprint": "b"}))] == [
        "2",
        "4",
    ]


def test_a_folder_is_its_blueprints(tmp_path):
    (tmp_path / "b.yaml").write_text(SMALL)
    (tmp_path / "a.yml").write_bytes(b"\xff\xfe\x00binary")
    (tmp_path / "c.txt").write_text("not one")
    (tmp_path / "d.yaml").mkdir()
    a, b, d = read_folder(tmp_path)
    assert [line.case.id for line in (a, b, d)] == ["a.yml", "b.yaml", "d.yaml"]
    assert "not text in UTF-8" in a.fault
    assert b.case.blueprint == SMALL
    assert "cannot be read: Is a directory" in d.fault


def test_a_huge_or_missing_file_is_a_fault(tmp_path):
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    assert "too large for a blueprint: 100,000,000 bytes" in read_file(huge).fault
    assert "does not exist" in read_file(tmp_path / "none.yaml").fault


def test_a_mark_changes_with_all_that_a_report_depends_on():
    case = Case(SMALL, "a shop", {"requirements": []}, "one")
    marks = {
        Line(one).mark
        for one in (
            case,
            Case(SMALL + "\n", "a shop", {"requirements": []}, "one"),
            Case(SMALL, "a stall", {"requirements": []}, "one"),
            Case(SMALL, "a shop", None, "one"),
            Case(SMALL, "a shop", {"requirements": []}, "one", thorough=True),
            Case(SMALL, "a shop", {"requirements": []}, "one", salt="x"),
            Case(SMALL, "a shop", {"requirements": []}, "one", browser=True),
        )
    }
    assert len(marks) == 7
    assert Line(Case(SMALL, "a shop", {"requirements": []}, "other")).mark == Line(case).mark


def test_options_are_for_those_without_their_own(tmp_path):
    lines = read_lines(stream({"blueprint": "a", "prompt": "own"}, {"blueprint": "b", "id": "../b.yaml"}))
    own, given = with_options(lines, prompt="given", thorough=True, screenshots=tmp_path)
    assert (own.case.prompt, own.case.thorough) == ("own", True)
    assert (given.case.prompt, given.case.screenshots) == ("given", tmp_path / "b")


def test_reports_come_in_order_with_the_judges_scores():
    lines = [*read_lines(stream(*LINES, "no JSON\n")), *list(read_folder(APPS))[-3:]]
    with on_pool(2) as judged:
        found = list(judge_lines(lines, judged))
    assert [line for line, _ in found] == lines
    by_id = {line.case.id: report for line, report in found}
    assert by_id["one"].score == judge(SMALL).score > 0
    assert by_id["2"].problems
    assert by_id["4"].problems[0].startswith("line 4 is not JSON")
    assert by_id["salon.yaml"].app == "Coil & Crown"
    assert all(not report.unfinished for report in by_id.values())


def test_what_is_done_is_known_and_half_a_line_is_cut_off(tmp_path):
    out = tmp_path / "out.jsonl"
    assert done_before(out) == set()
    whole = '{"id": "a", "mark": "m"}\nno JSON\n{"id": "b"}\n{"id": "c", "mark": "n"}\n'
    out.write_text(whole + '{"id": "d", "mark": "o", "sco')
    assert done_before(out) == {("a", "m"), ("c", "n")}
    assert out.read_text() == whole


def test_the_tally():
    tally = Tally()
    assert str(tally) == "Nothing to judge."
    tally.add(judge(SMALL))
    tally.add(judge("no app"))
    assert str(tally).startswith("2 judged, ")
    assert tally.failed >= 1


@pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="needs the extra `ray`")
def test_over_a_local_ray(monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    lines = [*read_lines(stream(*LINES, "no JSON\n")), *list(read_folder(APPS))[:1]]
    with on_ray(workers=1) as judged:
        found = list(judge_lines(lines, judged))
    assert [line for line, _ in found] == lines
    reports = [report for _, report in found]
    assert reports[0].score == judge(SMALL).score > 0
    assert [bool(report.problems) for report in reports[1:4]] == [True, False, True]
    assert reports[4].app == "Oxbow"
    import ray

    assert not ray.is_initialized()
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
