"""The reference card and what is made from the schema: true, short, and complete."""

import gzip
import json
import re
from functools import lru_cache

import pytest
from tokenizers import Tokenizer

from espalier.blueprint import read, read_all
from espalier.blueprint.blocks import KINDS
from espalier.blueprint.card import EXAMPLE, card
from espalier.blueprint.fields import SHAPED, TYPES
from espalier.blueprint.json_schema import json_schema
from tests.samples import GALLERY, ROOT


@lru_cache
def tokenizer() -> Tokenizer:
    return Tokenizer.from_str(gzip.open(ROOT / "tests/data/smollm2-tokenizer.json.gz", "rt").read())


def test_the_card_fits_two_thousand_tokens():
    assert len(tokenizer().encode(card()).ids) <= 2000


def test_every_whole_snippet_of_the_card_reads_without_a_slip():
    snippets = re.findall(r"```yaml\n(.*?)```", card(), re.DOTALL)
    assert snippets == [EXAMPLE]
    for snippet in snippets:
        reading = read_all(snippet)
        assert reading.problems == [] and reading.fixes == []


def test_the_card_names_every_type_and_block():
    for name in [name for name in TYPES if name not in SHAPED] + list(KINDS):
        assert re.search(rf"\b{name}\b", card()), name


# The world in which the samples of all blocks can stand.
WORLD = """\
app: World
roles: [client, agent]
data:
  Customer: {name: text!}
  Doctor: {name: text!}
  Room: {name: text!}
  Shop: {name: text!, address: location}
  Player: {name: text!, points: int}
  Goal: {name: text!, saved: money, wanted: money}
  Review: {text: long, stars: rating}
  Product: {name: text!, kind: A | B, price: money, photo: image, address: text}
  Post: {text: long!, photo: image, likes: marks}
  Message: {text: long!, room: Room}
  Question: {text: text!, level: Easy | Hard}
  Poll: {question: text!}
  Visit: {name: text!, starts: datetime, ends: datetime, doctor: Doctor}
  Ticket:
    title: text!
    text: long
    customer: Customer
    status: Open | Closed = Open
    due: date
    hours: number
    agent: User
pages:
  Book:
    - text: Here
  Tickets:
    - text: Here
  Home:
"""


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_block_has_a_sample_that_reads(kind):
    lines = KINDS[kind].sample.splitlines()
    reading = read_all(WORLD + "".join(f"    {line}\n" for line in lines))
    assert reading.problems == []
    assert reading.blueprint.pages["Home"][0].kind == kind


def test_the_json_schema_knows_every_block_and_key():
    schema = json_schema()
    said = json.dumps(schema)
    assert list(schema["properties"]) == [
        "app",
        "about",
        "theme",
        "roles",
        "signup",
        "data",
        "access",
        "pages",
        "seed",
        "automations",
    ]
    for kind in KINDS:
        assert f'"{kind}"' in said
    assert "fields" not in schema["$defs"]["Entity"]["properties"]


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_json_schema_accepts_what_the_reader_accepts(path):
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(json_schema())
    tree = read(path.read_text()).model_dump()
    assert [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(tree)] == []


def test_the_json_schema_refuses_an_unknown_key():
    import jsonschema_rs

    tree = read(EXAMPLE).model_dump() | {"extra": "x"}
    assert not jsonschema_rs.validator_for(json_schema()).is_valid(tree)
