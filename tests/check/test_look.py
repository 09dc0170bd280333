"""The measures of look: what each of them sees on small made-up captures, how they agree with an eye, and the real thing."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from espalier.blueprint.reader import read
from espalier.check.browser.capture import Box, Capture, Flaw, captures
from espalier.check.checks import checks
from espalier.check.look import MEASURES, score
from espalier.check.look.measured import content
from espalier.check.subject import Subject

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "look"


# --- made-up captures --------------------------------------------------------------------------------------------------


def text(x: float, y: float, words: str = "Some words of a page", size: float = 16, **more: object) -> Box:
    lines = int(more.pop("lines", 1))  # type: ignore[call-overload]
    width = float(more.pop("width", 0) or min(600, 0.5 * size * len(words)))  # type: ignore[arg-type]
    said = {"tag": "p", "font_weight": 400, "color": "#222222", "background": "#ffffff", "block": 0, **more}
    height = size * 1.2 + (lines - 1) * size * 1.5
    return Box("text", x=x, y=y, width=width, height=height, text=words, font_size=size, lines=lines, **said)  # type: ignore[arg-type]


def card(x: float, y: float, width: float, height: float, background: str = "#f4f4f4", block: int = 0) -> Box:
    return Box("card", "div", x, y, width, height, block=block, background=background)


def image(x: float, y: float, width: float, height: float, block: int = 0) -> Box:
    return Box("image", "img", x, y, width, height, block=block)


def button(x: float, y: float, words: str, pad: float = 16) -> list[Box]:
    label = text(x + pad, y + 10, words, tag="button")
    frame = Box("control", "button", x, y, label.width + 2 * pad, 40, block=0, text=words, background="#225588")
    return [frame, replace(label, background="#225588", color="#ffffff")]


def tidy(width: int = 1440) -> Capture:
    """A page as it should be: a heading, words, a button, a row of cards with pictures, a list."""
    left, step = (144, 300) if width > 600 else (18, 0)
    boxes = [text(left, 120, "A page as it should be", 44, tag="h1", font_weight=600)]
    boxes += [text(left, 190, "A sentence that says what it is for", 18), *button(left, 240, "Begin")]
    boxes.append(text(left, 360, "What there is", 28, tag="h2", block=1))
    for at in range(3):
        x, y = left + at * step, 410 + (0 if step else at * 330)
        boxes += [card(x, y, 280, 300, block=1), image(x, y, 280, 200, block=1)]
        boxes += [
            text(x + 16, y + 214, f"Card {at}", 20, tag="h3", font_weight=600, background="#f4f4f4", block=1),
            text(x + 16, y + 246, "What it is about", background="#f4f4f4", block=1),
        ]
    end = max(box.y + box.height for box in boxes)
    boxes.append(text(left, end + 80, "What was said", 28, tag="h2", block=2))
    boxes += [text(left, end + 130 + 44 * at, f"Line {at} of the list", block=2) for at in range(6)]
    boxes = [replace(box, width=min(box.width, width - 2 * left)) for box in boxes]
    return Capture("/", "anyone", width, int(end + 480), boxes=boxes)


def shares(capture: Capture) -> dict[str, float]:
    found = {name: measure(capture) for name, measure in MEASURES.items()}
    return {name: measured.share for name, measured in found.items() if measured is not None}


def changed(capture: Capture, change: object) -> Capture:
    boxes = [change(at, box) for at, box in enumerate(capture.boxes)]  # type: ignore[operator]
    return replace(capture, boxes=[box for box in boxes if box is not None])


@pytest.mark.parametrize("width", [1440, 375])
def test_a_tidy_page_has_nothing_wrong(width: int) -> None:
    for name, share in shares(tidy(width)).items():
        assert share > 0.95, (name, MEASURES[name](tidy(width)))


def worse(name: str) -> Capture:
    """The tidy page with one thing wrong."""
    page = tidy()
    words = " ".join(["We say everything at once and never stop."] * 60)
    colours = ("#ff2200", "#00c800", "#00a0ff", "#ffd400", "#d000ff", "#ff8800", "#00ffd0")
    if name == "crooked":
        return changed(page, lambda at, box: replace(box, x=box.x + 17 * (at % 5), y=box.y + 9 * (at % 3)))
    if name == "too wide":
        return replace(page, too_wide=700)
    if name == "on top of each other":
        lines = [box.text for box in page.boxes if box.kind == "text"]
        return replace(page, flaws=[Flaw("overlaps", one, other=two) for one, two in pairwise(lines)])
    if name == "under a picture":
        lines = [box for box in page.boxes if box.block == 2]
        return replace(page, boxes=[*page.boxes, *(image(box.x + 20, box.y + 6, 300, 60, 2) for box in lines)])
    if name == "one size":
        return changed(page, lambda at, box: replace(box, font_size=16.0) if box.kind == "text" else box)
    if name == "small headings":
        return changed(page, lambda at, box: replace(box, font_size=9.0) if box.tag in ("h1", "h2", "h3") else box)
    if name == "no main heading":
        return changed(page, lambda at, box: replace(box, tag="p") if box.tag == "h1" else box)
    if name == "all colours":
        return changed(page, lambda at, box: replace(box, background=colours[at % 7], color=colours[(at + 3) % 7]))
    if name == "loud ground":
        return changed(page, lambda at, box: replace(box, background="#ff4fd8", color="#3b00ff"))
    if name == "bare panels":
        return changed(page, lambda at, box: None if box.kind == "image" or box.tag == "h3" else box)
    if name == "hardly anything":
        return replace(page, boxes=page.boxes[:2], height=900)
    if name == "tiny":
        return changed(page, lambda at, box: replace(box, font_size=8.0) if box.kind == "text" else box)
    if name == "faint":
        return changed(page, lambda at, box: replace(box, color="#e2e2e2") if box.kind == "text" else box)
    if name == "wall":
        return replace(page, boxes=[*page.boxes, text(144, 1100, words, lines=40, width=560, block=3)], height=2600)
    if name == "overlong lines":
        return replace(page, boxes=[*page.boxes, text(20, 1200, words, lines=9, width=1400, block=3)], height=2000)
    if name == "uneven gaps":
        return changed(page, lambda at, box: replace(box, y=box.y + 37 * (at * at % 7)) if box.block == 2 else box)
    if name == "far headings":
        return changed(page, lambda at, box: replace(box, y=box.y - 66) if box.tag == "h2" else box)
    if name == "void":
        return changed(page, lambda at, box: replace(box, y=box.y + 700) if box.block == 2 else box)
    if name == "no padding":
        return replace(page, boxes=[one for at in range(6) for one in button(144, 120 + 60 * at, "Begin", 1)])
    if name == "no margin":
        return changed(page, lambda at, box: replace(box, x=box.x - 143))
    raise KeyError(name)


@pytest.mark.parametrize(
    ("measure", "wrong"),
    [
        ("alignment", "crooked"),
        ("fit", "too wide"),
        ("fit", "on top of each other"),
        ("fit", "under a picture"),
        ("hierarchy", "one size"),
        ("hierarchy", "small headings"),
        ("hierarchy", "no main heading"),
        ("palette", "all colours"),
        ("palette", "loud ground"),
        ("pictures", "bare panels"),
        ("pictures", "hardly anything"),
        ("reading", "tiny"),
        ("reading", "faint"),
        ("reading", "wall"),
        ("reading", "overlong lines"),
        ("rhythm", "uneven gaps"),
        ("rhythm", "far headings"),
        ("whitespace", "void"),
        ("whitespace", "no padding"),
        ("whitespace", "no margin"),
    ],
)
def test_each_measure_sees_what_it_is_for_and_says_so(measure: str, wrong: str) -> None:
    measured = MEASURES[measure](worse(wrong))
    assert measured is not None
    assert measured.share < 0.85
    assert measured.why
    assert measured.suggestion
    assert score(shares(worse(wrong))) < score(shares(tidy()))


def test_an_empty_page_is_not_beautiful() -> None:
    assert score(shares(Capture("/", "anyone", 375, 812))) < 0.5


def test_head_and_foot_are_not_looked_at() -> None:
    page = tidy()
    bar = Box("control", "a", 300, 12, 60, 20, text="Pages")
    foot = Box("control", "a", 300, page.height - 40, 60, 20, text="Pages")
    words = [
        replace(text(144, 12, "The app", 9), block=-1),
        replace(text(300, 12, "Pages", 9, width=60), tag="a", block=-1),
        replace(text(144, page.height - 40, "The app", 9), block=-1),
        replace(text(300, page.height - 40, "Pages", 9, width=60), tag="a", block=-1),
    ]
    around = replace(page, boxes=[bar, foot, *words, *page.boxes])
    assert {box.text for box in content(around).texts} == {box.text for box in content(page).texts}


# --- the agreement with an eye -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def agreement() -> ModuleType:
    spec = importlib.util.spec_from_file_location("look_agreement", ROOT / "benchmarks" / "look.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_score_agrees_with_the_eye_on_pages_it_was_not_fitted_to(agreement: ModuleType) -> None:
    held = [row for row in agreement.load() if row["part"] == "held"]
    assert len(held) >= 70
    assert all(set(row["shares"]) == set(MEASURES) for row in held)
    scores, eye = [score(row["shares"]) for row in held], [row["eye"] for row in held]
    right, of = agreement.pairs(scores, eye)
    assert agreement.spearman(scores, eye) > 0.7
    assert right / of > 0.87
    as_it_is, both = agreement.twins(agreement.load())
    assert as_it_is >= both - 1


def test_no_app_is_on_both_sides() -> None:
    pages = json.loads((DATA / "pages.json").read_text())
    sources = {part: {page["source"] for page in pages if page["part"] == part} for part in ("fit", "held")}
    assert not sources["fit"] & sources["held"]


def test_every_weight_is_seen_in_the_score() -> None:
    assert {check.name for check in checks("look")} == set(MEASURES)
    for name in MEASURES:
        one_wrong = {**dict.fromkeys(MEASURES, 1.0), name: 0.0}
        assert score(one_wrong) < 1


# --- the real thing ----------------------------------------------------------------------------------------------------

APP = """
app: Loaf
about: A bakery
theme: {primary: sienna, background: linen, style: friendly}
data:
  Bread:
    name: text!
    price: money!
    about: long
access:
  Bread: {read: anyone, write: nobody}
pages:
  Home:
    - hero: Warm by seven
      text: Sourdough from one oven and two people
      button: See them -> Breads
    - gallery: Bread
  Breads:
    - cards: Bread
seed:
  Bread:
    - Country loaf | 6 | Two days in the making
    - Rye | 5 | Dark and patient
    - Brioche | 4 | For Sundays
"""


@pytest.mark.browser
def test_a_real_app_looks_better_than_one_without_anything_on_it() -> None:
    full, bare = looked_at(APP), looked_at(APP.partition("seed:")[0])
    assert set(full) == set(MEASURES)
    assert all(share > 0.6 for share in full.values()), full
    assert full["pictures"] > bare["pictures"]
    assert score(full) > score(bare)


def looked_at(blueprint: str) -> dict[str, float | None]:
    subject = Subject(read(blueprint), seconds=60)
    try:
        assert {capture.width for capture in captures(subject)} == {375, 1440}
        return {check.name: check.run(subject).share for check in checks("look")}
    finally:
        subject.close()
