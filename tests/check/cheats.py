"""Blueprints that want a score without deserving it. Each takes a prompt and an honest app for it, and makes its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import yaml

from espalier.blueprint import read
from espalier.blueprint.blocks import KINDS

Document = dict[str, Any]
Cheat = Callable[
    [str, Document], Document | None
]  # None where the honest app has nothing that could be spoilt that way
CHEATS: dict[str, Cheat] = {}


def cheat(function: Cheat) -> Cheat:
    CHEATS[function.__name__] = function
    return function


def load(text: str) -> Document:
    """The document as plain dicts, lists and texts."""
    return read(text).model_dump()


def dump(document: Document) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


class _Dumper(yaml.SafeDumper):
    """Writes out what stands there twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def spoilt(name: str, prompt: str, honest: str) -> str | None:
    """The cheat's blueprint as text."""
    document = CHEATS[name](prompt, load(honest))
    return None if document is None else dump(document)


def shell(document: Document, **pages: list[Document]) -> Document:
    return {"app": document["app"], "about": document.get("about", ""), "pages": pages}


def words(prompt: str) -> list[str]:
    return re.findall(r"[A-Za-z]{3,}", prompt)


@cheat
def empty(prompt: str, document: Document) -> Document:
    return shell(document, Home=[{"footer": "Thank you for your visit"}])


@cheat
def only_a_hero(prompt: str, document: Document) -> Document:
    return shell(document, Home=[{"hero": document["app"], "text": document.get("about") or "Come in"}])


@cheat
def pages_without_content(prompt: str, document: Document) -> Document:
    pages = {key: [{"banner": key}] for key in document["pages"]}
    return {**document, "pages": pages}


@cheat
def data_without_pages(prompt: str, document: Document) -> Document | None:
    """All that was asked for, declared and never shown."""
    if "data" not in document:
        return None
    return {**document, "pages": {"Home": [{"hero": document["app"], "text": document["about"]}]}}


@cheat
def everything_public(prompt: str, document: Document) -> Document | None:
    if "data" not in document:
        return None
    pages = {re.sub(r" \(.*", "", key): blocks for key, blocks in document["pages"].items()}
    return {**document, "access": {"default": {"read": "anyone", "write": "anyone"}}, "pages": pages}


@cheat
def nobody_may_anything(prompt: str, document: Document) -> Document | None:
    if "data" not in document:
        return None
    return {**document, "access": {"default": {"read": "nobody", "write": "nobody"}}}


@cheat
def nobody_may_write(prompt: str, document: Document) -> Document | None:
    """Nothing can be refused because nothing is allowed."""
    if not any("form" in block for blocks in document["pages"].values() for block in blocks):
        return None
    return {**document, "access": {"default": {"read": "anyone", "write": "nobody"}}}


@cheat
def hidden_forms(prompt: str, document: Document) -> Document | None:
    """Forms on a page for a role that cannot send them."""
    pages = deepcopy(document["pages"])
    forms = [block for blocks in pages.values() for block in blocks if "form" in block]
    if not forms:
        return None
    for key in pages:
        pages[key] = [block for block in pages[key] if "form" not in block] or [{"banner": key}]
    roles = document.get("roles", ["member"])
    access = document["access"]
    made = {block["form"]: {**access.get(block["form"], {}), "create": roles[0]} for block in forms}
    return {
        **document,
        "roles": [*roles, "ghost"],
        "access": {**access, **made},
        "pages": {**pages, "Inside (ghost)": forms},
    }


@cheat
def forms_for_nobody(prompt: str, document: Document) -> Document | None:
    pages = deepcopy(document["pages"])
    forms = [block for blocks in pages.values() for block in blocks if "form" in block]
    if not forms:
        return None
    for key in pages:
        pages[key] = [block for block in pages[key] if "form" not in block] or [{"banner": key}]
    return {**document, "pages": {**pages, "Inside (nobody)": forms}}


@cheat
def one_of_every_block(prompt: str, document: Document) -> Document:
    """Giant: every block that exists, over records of its own."""
    blocks = [yaml.load(kind.sample, yaml.BaseLoader)[0] for kind in KINDS.values() if kind.group == "content"]
    blocks = [block for block in blocks if "button" not in block]
    data = {
        f"Thing{at}": {"name": "text!", "about": "long", "day": "date", "amount": "number", "kind": "One | Two | Three"}
        for at in range(14)
    }
    pages = {}
    for at, name in enumerate(data):
        pages[f"{name}s"] = [
            {"board": f"{name} by kind"}, {"calendar": f"{name} by day"}, {"table": name}, {"chart": f"bar {name} by kind"},
            {"form": name}, {"cards": name}, *blocks[at * 2 : at * 2 + 2],
        ]  # fmt: skip
    return {**document, "data": {**document.get("data", {}), **data}, "pages": {**document["pages"], **pages}}


@cheat
def sixty_fields(prompt: str, document: Document) -> Document | None:
    if "data" not in document:
        return None
    document = deepcopy(document)
    first = next(iter(document["data"].values()))
    for at in range(60 - len(first)):
        first[f"detail_{at}"] = ("text", "date", "number", "bool", "One | Two")[at % 5]
    return document


@cheat
def the_same_page_twenty_times(prompt: str, document: Document) -> Document:
    name, blocks = next(iter(document["pages"].items()))
    return {**document, "pages": {**document["pages"], **{f"{name.split(' (')[0]} {at}": blocks for at in range(20)}}}


@cheat
def text_walls(prompt: str, document: Document) -> Document:
    wall = " ".join(
        f"We do what we can for everybody who comes by, day {at}, and we write it down." for at in range(60)
    )
    return {
        **document,
        "pages": {**document["pages"], "About": [{"text": f"{wall} {at}"} for at in range(5)]},
    }


@cheat
def stuffed_words(prompt: str, document: Document) -> Document:
    """The prompt's words wherever words can stand, and nothing behind them."""
    said = words(prompt)
    lines = {" ".join(said[at : at + 2]).title(): " ".join(said[at : at + 5]) for at in range(0, len(said), 3)}
    return shell(
        document,
        Home=[
            {"hero": " ".join(said[:8]), "text": " ".join(said)[:390]},
            {"features": dict(list(lines.items())[:12])},
            {"text": " ".join(sorted(said))},
            {"faq": dict(list(lines.items())[:8])},
        ],
    )


@cheat
def the_prompt_itself(prompt: str, document: Document) -> Document:
    return shell(document, Home=[{"hero": prompt[:180], "text": prompt}, {"text": prompt}, {"banner": prompt}])


@cheat
def stuffed_names(prompt: str, document: Document) -> Document:
    """An entity with one field for each word of the prompt, and a table for each."""
    said = list(
        dict.fromkeys(word.capitalize() for word in words(prompt) if len(word) > 3 and word.lower() not in KINDS)
    )
    said = [word for word in said if word not in ("User", "Page")][:24]
    return {
        "app": document["app"],
        "data": {word: {"name": "text!"} for word in said},
        "access": {"default": {"read": "anyone", "write": "user"}},
        "pages": {"Home": [{"hero": document["app"]}, *[{"table": word} for word in said]]},
    }


@cheat
def faked_charts(prompt: str, document: Document) -> Document:
    """Figures over an entity that exists for its numbers only."""
    return {
        **document,
        "data": {**document.get("data", {}), "Figure": {"day": "date!", "amount": "number!", "kind": "Up | Down"}},
        "access": {**document.get("access", {}), "Figure": {"read": "anyone", "write": "nobody"}},
        "pages": {
            **document["pages"],
            "Success": [
                {"chart": "line sum(Figure.amount) by month(day)"},
                {"chart": "pie Figure by kind"},
                {"stats": {"All time": "sum(Figure.amount)"}},
            ],
        },
        "seed": {
            **document.get("seed", {}),
            "Figure": ["-3 days | 100 | Up", "-40 days | 80 | Up", "-70 days | 60 | Down"],
        },
    }


@cheat
def custom_that_prints(prompt: str, document: Document) -> Document:
    """Every page is a custom block that says that it works."""
    pages = {
        key: [{"custom": key, "html": "<h2 id=out></h2><button>Go</button>", "js": "out.textContent = 'It works'"}]
        for key in document["pages"]
    }
    return {**document, "pages": pages}


@cheat
def custom_that_listens_to_nothing(prompt: str, document: Document) -> Document:
    code = "document.body.addEventListener('click', () => {}); setInterval(() => {}, 1000); // .textContent addEventListener"
    pages = {
        key: [{"custom": key, "html": "<p>Score 10</p><button>Go</button>", "js": code}] for key in document["pages"]
    }
    return {**document, "pages": pages}


@cheat
def placeholders(prompt: str, document: Document) -> Document:
    if "seed" not in document:
        return {**document, "pages": {**document["pages"], "About": [{"text": "Lorem ipsum dolor sit amet"}]}}
    seed = {
        name: [re.sub(r"^[^|]*", f"Item {at} ", row) for at, row in enumerate(rows, 1)]
        for name, rows in document["seed"].items()
    }
    return {**document, "seed": seed}


@cheat
def leaking(prompt: str, document: Document) -> Document:
    """Names, phones and illnesses of customers for everybody to read."""
    return {
        **document,
        "data": {
            **document.get("data", {}),
            "Customer": {"name": "text!", "phone": "phone!", "email": "email!", "allergies": "long"},
        },
        "access": {**document.get("access", {}), "Customer": {"read": "anyone", "create": "anyone", "write": "nobody"}},
        "pages": {**document["pages"], "Customers": [{"table": "Customer"}, {"form": "Customer"}]},
    }


@cheat
def the_least(prompt: str, document: Document) -> Document:
    """The first thing that was asked for, with as little of it as can be."""
    name, fields = next(iter(document.get("data", {"Thing": {"name": "text!"}}).items()))
    first = next(field for field in fields if isinstance(fields[field], str) and fields[field].startswith("text"))
    return {
        "app": document["app"],
        "about": document["about"],
        "data": {name: {first: "text!", "about": "long"}},
        "pages": {"Home": [{"table": name}]},
    }


@cheat
def hidden_blocks(prompt: str, document: Document) -> Document:
    """Everything is there, and nobody sees it."""
    pages = {key: [{**block, "if": "nobody"} for block in blocks] for key, blocks in document["pages"].items()}
    return {**document, "pages": pages}


@cheat
def buttons_that_do_nothing(prompt: str, document: Document) -> Document | None:
    data = {name: fields for name, fields in document.get("data", {}).items() if "actions" in fields}
    if not data:
        return None
    idle = {name: {**fields, "actions": dict.fromkeys(fields["actions"], "if id > 0")} for name, fields in data.items()}
    return {**document, "data": {**document["data"], **idle}}


@cheat
def nothing_can_be_saved(prompt: str, document: Document) -> Document | None:
    """Rules that nothing can meet: what is never kept is never wrong."""
    if "data" not in document:
        return None
    data = {name: {**fields, "rules": {"Not today": "id < 0"}} for name, fields in document["data"].items()}
    return {**document, "data": data, "seed": {}}


@cheat
def empty_lists(prompt: str, document: Document) -> Document | None:
    """Lists with a condition that nothing meets."""
    if "data" not in document:
        return None
    showing = ("list", "cards", "table", "board")
    pages = {
        key: [{**block, "where": "id < 0"} if any(kind in block for kind in showing) else block for block in blocks]
        for key, blocks in document["pages"].items()
    }
    return {**document, "pages": pages}


@cheat
def padded(prompt: str, document: Document) -> Document:
    """Broken, and thinned out with two hundred things that are sure to pass."""
    broken = everything_public(prompt, document) or custom_that_prints(prompt, document)
    return more(broken, 10)


def more(document: Document, pages: int) -> Document:
    """The app with pages that are sure to pass."""
    lines = lambda at: {f"Point {at}.{line}": f"Something that is true of number {at} and {line}" for line in range(10)}  # noqa: E731
    added = {f"More {at}": [{"features": lines(at)}, {"faq": lines(at + 50)}] for at in range(pages)}
    return {**document, "pages": {**document["pages"], **added}}
