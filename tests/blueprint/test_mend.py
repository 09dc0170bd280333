"""What is mended reads; what reads is left alone; what was plainly meant is kept."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from espalier.blueprint import read_all
from espalier.blueprint.mend import mend

CORPUS = Path(__file__).parents[2] / "corpus" / "seed"
SHOP = """\
app: Bike Shop
about: Repairs and sales
theme: {primary: teal, style: bold}
roles: [mechanic, customer]
data:
  Bike:
    name: text!
    kind: City | Road | Child
  Repair:
    bike: Bike!
    status: New | In work | Done = New
    price: money
    due: date
    actions:
      Finish (mechanic): status = Done
access:
  Repair: {read: own or mechanic, create: customer, write: mechanic}
pages:
  Home:
    - hero: We mend bikes
      button: Tell us -> Ask
    - board: Repair by status
      show: [bike, due]
  Ask (customer):
    - form: Repair
seed:
  Bike:
    - Old red | City
  Repair:
    - Old red | New | 40 | +3 days
"""


def seeds() -> list[str]:
    lines = [
        line for name in ("pairs_2", "pairs_5") for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    return [json.loads(line)["blueprint"] for line in lines if line]


def changed(text: str, rng: random.Random, words: list[str]) -> str:
    """The text with one slip, of the kinds that models and people make."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    place = rng.randrange(len(text))
    match rng.randrange(10):
        case 0:
            return text[:place]
        case 1:
            return text[:place] + text[place + rng.randrange(1, 6) :]
        case 2:
            del lines[at]
        case 3:
            lines.insert(at, lines[at])
        case 4:
            other = rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 5:
            return text[:place] + rng.choice("{}[]:|\"'#!&*%@-\n\t,()") + text[place:]
        case 6:
            lines[at] = " " * rng.choice([1, 2, 4]) + lines[at]
        case 7:
            lines[at] = re.sub(r"\w+", rng.choice(words), lines[at], count=1)
        case 8:
            return f"Sure! Here it is:\n\n```yaml\n{text}```\nTell me: what else?\n"
        case _:
            found = rng.choice(list(re.finditer(r"\w+", text)) or [re.search("", text)])
            return text[: found.start()] + rng.choice(words) + text[found.end() :]
    return "\n".join(lines) or "x"


@pytest.mark.parametrize("seed", range(120))
def test_what_comes_out_reads(seed: int) -> None:
    rng = random.Random(seed)
    texts = seeds()
    text = rng.choice(texts)
    words = re.findall(r"\w+", rng.choice(texts))
    for _ in range(rng.randrange(1, 6)):
        text = changed(text, rng, words)
    sound = read_all(text).blueprint is not None
    mended = mend(text)
    assert mended.text == "" or read_all(mended.text).blueprint is not None
    assert mended.text == text if sound else mended.text != text
    if not sound and mended.text:
        assert mended.fixes


def test_a_sound_text_is_left_alone() -> None:
    for text in (SHOP, SHOP.rstrip("\n"), f"# mine\n{SHOP}", "app: Hello\npages: {Home: [{text: Hi}]}"):
        assert mend(text).text == text
        assert not mend(text).fixes


@pytest.mark.parametrize("end", range(len("app: Bike"), len(SHOP), 7))
def test_a_text_cut_off_anywhere_keeps_what_was_whole(end: int) -> None:
    text = mend(SHOP[:end]).text
    if "name: text!\n" in SHOP[:end]:
        blueprint = read_all(text).blueprint
        assert blueprint is not None
        assert blueprint.app == "Bike Shop"
        assert "Bike" in blueprint.data and blueprint.pages
    else:
        assert text == "" or read_all(text).blueprint is not None


@pytest.mark.parametrize(
    "text",
    ["", "   ", "Hello!", "app: X", "I cannot do that.", "{", "- a\n- b", "\x00\x01", "data: 3", "pages:\n  - 3"],
)
def test_a_text_with_nothing_usable_gives_nothing(text: str) -> None:
    assert mend(text).text == ""


@pytest.mark.parametrize(
    ("right", "wrong", "kept"),
    [
        ("Repair by status", "Repair by state", "Repair by status"),
        ("Repair by status", "Repairs by status", "board: Repair by status"),
        ("show: [bike, due]", "show: [bike, due_date, colour]", "show: [bike]"),
        ("bike: Bike!", "bike: Bycicle!", "bike: text!"),
        ("bike: Bike!", "bike: Bikes!", "bike: Bike!"),
        ("due: date", "due: dat", "due: date"),
        ("price: money", "price: money = amount * 2", "price: money"),
        ("= New\n    price", "= Nwe\n    price", "status: New | In work | Done = New"),
        ("Done = New", "Done = Lost", "status: New | In work | Done\n"),
        ("Finish (mechanic)", "Finish (mechanics)", "Finish (mechanic)"),
        ("Ask (customer)", "Ask (visitors)", "roles: [mechanic, customer, visitors]"),
        ("create: customer", "create: custommer", "create: customer"),
        ("create: customer", "create: colour > 3", "create: nobody"),
        ("Tell us -> Ask", "Tell us -> Ask us", "Tell us -> Ask\n"),
        ("style: bold", "style: boldly", "style: bold"),
        ("hero: We mend", "heroo: We mend", "hero: We mend"),
        ("      show: [bike", "      shows: [bike", "      show: [bike"),
        ("      show: [bike", "      wide: [bike", "board: Repair by status\n  Ask"),
        ("Old red | New | 40", "Old red | Newly | 40", "Old red | New | 40"),
        ("Old red | New | 40 |", "Old red | New | 40 EUR or so |", "Old red | New | 40 |"),
        ("| 40 | +3 days", "| 40 | +3 days | again | and again", "| 40 | +3 days\n"),
        ("    - Old red | New", "    - Green one | New", "  Bike:\n    - Old red | City\n"),
        ("  Repair:\n    bike", "  Repair:\n    bike: Bike!\n    bike", "bike: Bike!\n    status"),
        ("theme: {primary: teal, style: bold}", "theme: {primary: teal, style", "roles: [mechanic, customer]"),
        ("theme: {primary", "colour: blue\ntheme: {primary", "theme: {primary: teal"),
    ],
)  # fmt: skip
def test_the_smallest_part_is_changed(right: str, wrong: str, kept: str) -> None:
    assert right in SHOP
    text = SHOP.replace(right, wrong, 1)
    if read_all(text).blueprint is None:
        text = mend(text).text
    blueprint = read_all(text).blueprint
    assert blueprint is not None
    from espalier.blueprint import print_blueprint

    said = print_blueprint(blueprint)
    assert kept in said, said
    assert len(said) > len(SHOP) * 0.75


def test_what_nobody_understands_opens_no_door() -> None:
    text = mend(SHOP.replace("read: own or mechanic", "read: colour = red")).text
    assert "Repair: {read: nobody" in text
    page = mend(SHOP.replace("Ask (customer)", "Ask (colour = 3)")).text
    assert "Ask (admin)" in page


def test_a_blueprint_is_taken_out_of_talk() -> None:
    fenced = f"Here is your app:\n\n```yaml\n{SHOP.replace('by status', 'by stat')}```\n\nAsk me: anything!\n"
    mended = mend(fenced)
    assert mended.text == SHOP
    assert any("code fence" in fix for fix in mended.fixes)


def test_a_line_that_slipped_is_moved_back() -> None:
    text = SHOP.replace("    price: money", "  price: money").replace("    - board", "   - board")
    mended = mend(text).text
    assert "    price: money" in mended and "- board: Repair by status" in mended


def test_long_rubbish_ends() -> None:
    rng = random.Random(1)
    rubbish = "".join(rng.choice("ab :\n-[]{}|\"'#") for _ in range(20_000))
    for text in (rubbish, f"app: X\n{rubbish}", "app: X\ndata:\n" + "  A:\n" * 3000, "app: " + "[" * 5000):
        mended = mend(text).text
        assert mended == "" or read_all(mended).blueprint is not None
