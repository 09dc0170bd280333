"""A small suite of apps and one of edits, and recorded answers to them: what the tests of runs and reports use."""

import json
from pathlib import Path

from espalier.evals.suites import load

DOGS = """\
app: Kennel Book
roles: [guest, keeper]
data:
  Dog:
    name: text!
    breed: text
    weight: number kg
  Stay:
    dog: Dog!
    arrives: date!
    leaves: date!
access:
  Dog: {read: own or keeper, write: own or keeper}
  Stay: {read: own or keeper, create: guest, write: keeper}
pages:
  Stays (user):
    - calendar: Stay by arrives
    - form: Stay
  Dogs (user):
    - table: Dog
    - form: Dog
seed:
  Dog:
    - Bruno | Boxer | 31
    - Tilly | Whippet | 12
"""
SHOP = """\
app: Corner Shop
data:
  Product:
    name: text!
    price: money!
access:
  Product: {read: anyone, write: admin}
pages:
  Shop:
    - cards: Product
seed:
  Product:
    - Bread | 3
    - Milk | 2
"""
PROMPTS = {
    "dogs": "a book for our kennels: dogs with breed and weight, stays with dates, a calendar",
    "shop": "products with prices for <script>alert(1)</script> our corner shop",
}
RUBRICS = {
    "dogs": [
        {"kind": "entity", "like": "dog"},
        {"kind": "field", "entity": "dog", "like": "weight", "types": ["number"]},
        {"kind": "block", "any": ["calendar"], "weight": 2},
    ],
    "shop": [{"kind": "entity", "like": "product"}, {"kind": "field", "like": "price"}, {"kind": "public"}],
}
ASKED = {
    "breed": ("drop the breed", "data: {Dog: {breed: null}}\nseed: {Dog: [Bruno | 31, Tilly | 12]}", [{"at": "data > Dog > breed", "gone": True}], ["data > Dog > breed", "seed"]),
    "name": ("call it Barking Book", "app: Barking Book", [{"at": "app", "is": "Barking Book"}], ["app"]),
}  # fmt: skip


def write(file: Path, lines: list[dict]) -> Path:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def suites(folder: Path) -> tuple[Path, Path]:
    """The two files of questions."""
    apps = [
        {"id": id_, "prompt": prompt, "rubric": {"requirements": RUBRICS[id_]}, "style": "short", "domain": id_}
        for id_, prompt in PROMPTS.items()
    ]
    edits = [
        {"id": id_, "prompt": PROMPTS["dogs"], "blueprint": DOGS, "request": request, "patch": patch, "checks": {"done": done, "may_touch": touch}}
        for id_, (request, patch, done, touch) in ASKED.items()
    ]  # fmt: skip
    return write(folder / "apps.jsonl", apps), write(folder / "edits.jsonl", edits)


def loaded(folder: Path) -> list:
    return [load(str(file)) for file in suites(folder)]


def answers(folder: Path, name: str, /, **given: str) -> str:
    """The name of an endpoint that gives these answers: dogs, shop, breed, name; what is not given it cannot answer."""
    lines = [
        {"prompt": PROMPTS[id_], "answer": text, "tokens_out": len(text) // 4} if id_ in PROMPTS else {"request": ASKED[id_][0], "answer": text}
        for id_, text in given.items()
    ]  # fmt: skip
    return f"replay:{write(folder / f'{name}.jsonl', lines)}"


def right(folder: Path, name: str = "right") -> str:
    return answers(folder, name, dogs=DOGS, shop=SHOP, breed=ASKED["breed"][1], name=ASKED["name"][1])


def wrong(folder: Path, name: str = "wrong") -> str:
    return answers(
        folder, name, dogs=SHOP, shop="a poem about shops", breed="app: Barking Book", name="data: {Cat: null}"
    )
