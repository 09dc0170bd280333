"""Convert the first corpus (prompts with blueprints in the v0 syntax) to the blueprint language of docs/language.md.

    python tools/convert_corpus.py SOURCE_DIR OUT_DIR

SOURCE_DIR holds pairs_1.jsonl .. pairs_7.jsonl in the v0 syntax; the same file names are written to OUT_DIR, each line
with the same keys `prompt` and `blueprint`. The work has three steps: *translate* a v0 document into the new one, word
for word; *improve* it by rules that are safe without looking (the modules of the same name); then *override* it by
hand-written patches, `corpus_overrides.yaml`, where judgement was needed. The text is printed by the language's own
printer, so the answer is canonical. Nothing depends on the clock: the same input gives the same bytes.

A document on the way is the plain tree a new blueprint's YAML holds; a seed row is one string, a page a list of blocks,
each a mapping that begins with its kind.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

from corpus.patch import apply_patch  # noqa: E402
from corpus.tree import Tree, default_of, entity_type, fields_of, is_computed, order_keys  # noqa: E402

from corpus import improve, seeds, words  # noqa: E402

OVERRIDES = HERE / "corpus_overrides.yaml"

AGGREGATE = re.compile(r"\b(sum|avg|min|max) ([A-Z]\w*(?:\.\w+)+)")
BEFORE = re.compile(r"before (\S+) (\d+ \w+)$")
CONTENT_LISTS = ("features", "steps", "pricing", "testimonials", "faq", "team", "links")
DECISIVE_DATES = ("date", "day", "starts", "created", "taken", "played", "moment", "updated")


class TranslationError(ValueError):
    """Something in the v0 document that the converter does not know how to say in the new language."""


# --- words of the language ------------------------------------------------------------------------------------------


def condition(text: str) -> str:
    """`done = false` becomes `not done`; everything else stays."""
    text = re.sub(r"([\w.]+) = false\b", r"not \1", text.strip())
    return re.sub(r"([\w.]+) = true\b", r"\1", text)


def expression(text: str) -> str:
    """A v0 computed value, stat or chart measure as an expression of the new language."""
    text = text.strip()
    found = re.match(r"(count|sum|avg|min|max) ([A-Z][\w.]*)(?: where (.+))?$", text)
    if found:
        function, path, where = found.groups()
        return f"{function}({path} where {condition(where)})" if where else f"{function}({path})"
    text = re.sub(r"\byears since (\w+)", r"years(\1, today)", text)
    return AGGREGATE.sub(r"\1(\2)", text)


def people(text: str) -> str:
    """A v0 list of roles, as an access rule. `admin` goes without saying in the new language."""
    parts = [part for part in re.split(r"[\s,]+", text) if part]
    if len(parts) > 1:
        parts = [part for part in parts if part != "admin"]
    elif parts == ["admin"]:
        parts = ["nobody"]
    if "anyone" in parts:
        parts = ["anyone"]
    elif "user" in parts:
        parts = ["user"]
    return " or ".join(sorted(parts, key=lambda part: part != "own"))


def step(text: str) -> str:
    return re.sub(r"^set ", "", text.strip())


# --- the parts of a document ----------------------------------------------------------------------------------------


def translate_field(written: Any, names: list[str]) -> str:
    if isinstance(written, list):
        return f"[{', '.join(written)}]"
    if "=" not in written:
        return str(written)
    head, _, tail = (part.strip() for part in written.partition("="))
    words_of_text = head.split()[0].rstrip("!") in ("text", "long") and not re.fullmatch(r"[a-z_]+\.[a-z_.]+", tail)
    if words_of_text or ("|" in head and not re.fullmatch(r"[^\W\d][\w ]*", tail)):
        return f'{head} = "{tail}"'
    return f"{head} = {expression(tail)}"


def translate_entity(old: dict[str, Any]) -> Tree:
    names = [name for name in old if name != "actions"]
    entity: Tree = {name: translate_field(old[name], names) for name in names}
    if "actions" in old:
        entity["actions"] = {label: step(change) for label, change in old["actions"].items()}
    return entity


def translate_access(old: dict[str, Any], roles: list[str]) -> Tree:
    access: Tree = {}
    for entity in old["data"]:
        entry = (old.get("access") or {}).get(entity)
        if entry is None:
            who = "user" if roles else "anyone"
            entry = {"read": who, "write": who}
        access[entity] = {verb: people(who) for verb, who in entry.items()}
    return access


def date_field(entity: Tree, timed: bool = False) -> str:
    """The date a timeline of this entity follows."""
    dates = [name for name in fields_of(entity) if entity_type(entity[name]) in ("date", "datetime")]
    named = [name for name in DECISIVE_DATES if name in dates]
    return (named or dates or ["created"])[0]


def share_field(entity: Tree) -> str:
    """The field a progress bar of this entity follows: a percentage, or else a mark of being done."""
    for wanted in ("percent", "bool"):
        found = [name for name in fields_of(entity) if entity_type(entity[name]) == wanted]
        if found:
            return found[-1]
    counted = [name for name in fields_of(entity) if re.match(r"(sum|count)\(", default_of(entity[name]))]
    return counted[0] if counted else next(name for name in fields_of(entity) if entity_type(entity[name]) == "choice")


def main_value(kind: str, written: str, data: Tree) -> str:
    """What a block shows, with the `by field` that v0 let the reader guess."""
    if " by " in written or written not in data:
        return written
    if kind == "timeline":
        return f"{written} by {date_field(data[written])}"
    if kind == "progress":
        return f"{written} by {share_field(data[written])}"
    if kind == "rating":
        rated = [name for name in fields_of(data[written]) if entity_type(data[written][name]) == "rating"]
        if rated:
            return f"{written} by {rated[0]}"
        averages = [name for name in fields_of(data[written]) if "avg(" in data[written][name]]
        return f"{written} by {averages[0]}" if averages else written
    return written


def chart_value(written: str, data: Tree, prompt: str) -> str:
    """`line avg Visit.weight by day` with the measure bracketed and a date cut into sensible periods."""
    found = re.match(r"(bar|line|area|pie) (?:(sum|avg|count|min|max) )?(\S+) by (\S+)$", written)
    if not found:
        raise TranslationError(f"chart: {written}")
    shape, function, subject, key = found.groups()
    if "." in subject and not function:
        function = "avg"
    entity = data[subject.split(".")[0]]
    kind = "datetime" if key in ("created", "updated") else entity_type(entity.get(key, ""))
    if kind in ("date", "datetime"):
        key = words.period(prompt, function, subject, key, kind, entity)
    return f"{shape} {f'{function}({subject})' if function else subject} by {key}"


def titled(items: Any, kind: str) -> Tree:
    if isinstance(items, dict):
        return dict(items)
    answer: Tree = {}
    for item in items:
        if isinstance(item, str):
            answer[item] = ""
        else:
            answer.update(item)
    return answer


def translate_stats(items: list[str]) -> Tree:
    answer: Tree = {}
    for item in items:
        label = words.stat_label(item)
        if label in answer:
            raise TranslationError(f"two figures called {label}")
        answer[label] = expression(item)
    return answer


def translate_sort(written: str) -> str:
    found = re.match(r"(\S+) (asc|desc)$", written)
    if not found:
        return written
    return f"-{found[1]}" if found[2] == "desc" else found[1]


def translate_block(old: dict[str, Any], data: Tree, prompt: str) -> Tree:
    ((kind, value),) = old.items()
    if kind == "stats":
        return {"stats": translate_stats(value)}
    if kind in CONTENT_LISTS:
        return {kind: titled(value, kind)}
    options: Tree = {}
    if isinstance(value, dict):
        options = dict(value)
        main = options.pop("of", None)
        if main is None:
            main = options.pop("title", None)
        if main is None and kind == "contact":
            main = "Find us" if "address" in options else "Get in touch"
        if main is None:
            raise TranslationError(f"{kind} without a subject: {value}")
        value = main
    if kind == "chart":
        value = chart_value(value, data, prompt)
        if "filter" in options:
            options["series"] = options.pop("filter")[0]
    elif kind == "chat" and "filter" in options:
        options["in"] = options.pop("filter")[0]
    elif kind == "wizard" and "show" in options:
        options["steps"] = {"Your details": options.pop("show")}
    elif kind == "search" and isinstance(value, list) and len(value) == 1:
        value = value[0]
    elif isinstance(value, str):
        value = main_value(kind, value, data)
        if kind == "progress" and " by " in value:
            name, _, measure = value.partition(" by ")
            target = next((field for field in ("goal", "target", "wanted", "needed") if field in data[name]), None)
            if target and entity_type(data[name][measure]) != "percent":
                options["target"] = target
    if "sort" in options:
        options["sort"] = translate_sort(options["sort"])
    if "where" in options:
        options["where"] = condition(options["where"])
    return {kind: value, **options}


def translate_page_name(written: str) -> str:
    found = re.match(r"(.*?)\s*\(([^()]*)\)$", written)
    if not found:
        return written
    return f"{found[1]} ({people(found[2])})" if found[2] != "admin" else written


def translate_automations(old: list[Any]) -> Tree:
    answer: Tree = {}
    for item in old:
        ((trigger, action),) = item.items()
        found = BEFORE.match(trigger)
        if found:
            trigger = f"{found[2]} before {found[1]}"
        answer.setdefault(trigger, []).append(step(action))
    return {trigger: steps[0] if len(steps) == 1 else steps for trigger, steps in answer.items()}


def translate(old: dict[str, Any], prompt: str) -> Tree:
    """One v0 document as a document of the new language, saying the same."""
    roles = [role for role in old.get("roles") or [] if role != "admin"]
    data = {name: translate_entity(entity) for name, entity in old["data"].items()}
    document: Tree = {
        "app": old["app"],
        "about": old["about"],
        "theme": words.theme(dict(old["theme"]), prompt),
        "roles": roles,
        "data": data,
        "access": translate_access(old, roles),
        "pages": {
            translate_page_name(name): [translate_block(block, data, prompt) for block in blocks]
            for name, blocks in old["pages"].items()
        },
        "seed": {
            name: [
                seeds.row(values, [field for field in fields_of(data[name]) if not is_computed(data[name], field)])
                for values in rows
            ]
            for name, rows in (old.get("seed") or {}).items()
        },
        "automations": translate_automations(old.get("automations") or []),
    }
    return {key: value for key, value in document.items() if value or key in ("data", "pages")}


# --- reading and writing --------------------------------------------------------------------------------------------


# Names that have a meaning in the new language.
RENAMED = {"rules": "house_rules", "where": "place", "empty": "unused"}


def read_v0(text: str) -> dict[str, Any]:
    """A v0 document with every scalar as text.

    v0 wrote prose in flow maps, where a comma ends the value and what follows becomes a key with nothing behind it;
    such keys are joined again to the value before them.
    """
    old: dict[str, Any] = repair_split_prose(yaml.load(text, Loader=yaml.CBaseLoader))
    for name, entity in old["data"].items():
        taken = set(RENAMED) & set(entity)
        for field, value in entity.items():
            if isinstance(value, str) and "=" in value:
                head, sign, tail = value.partition("=")
                for word in taken:
                    tail = re.sub(rf"\b{word}\b", RENAMED[word], tail)
                entity[field] = head + sign + tail
        old["data"][name] = {RENAMED.get(field, field): value for field, value in entity.items()}
        blocks = [block for page in old["pages"].values() for item in page for block in item.values()]
        for block in blocks:
            if taken and isinstance(block, dict) and block.get("of") == name:
                for option in {"show", "filter"} & set(block):
                    block[option] = [RENAMED.get(field, field) for field in block[option]]
    return old


def repair_split_prose(value: Any) -> Any:
    if isinstance(value, list):
        return [repair_split_prose(item) for item in value]
    if not isinstance(value, dict):
        return value
    answer: dict[str, Any] = {}
    for key, inner in value.items():
        last = next(reversed(answer), None)
        if inner == "" and last is not None and isinstance(answer[last], str):
            answer[last] = f"{answer[last]}, {key}"
        else:
            answer[key] = repair_split_prose(inner)
    return answer


def convert(text: str, prompt: str, patch: Any = None) -> Tree:
    """The new document for one v0 blueprint. `patch` is its entry in the overrides, if it has one."""
    document = translate(read_v0(text), prompt)
    improve.improve(document, prompt)
    if patch:
        document = apply_patch(document, patch)
    improve.tidy(document, prompt)
    return order_keys(document)


def canonical_text(document: Tree) -> str:
    """The document as the language's own printer writes it."""
    from espalier.blueprint import print_blueprint, read

    return print_blueprint(
        read(yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10_000))
    )


def convert_directory(source: Path, target: Path, write: Callable[[Tree], str] = canonical_text) -> int:
    """Convert every pairs_*.jsonl of `source`; returns how many pairs were written."""
    patches = yaml.load(OVERRIDES.read_text("utf-8"), Loader=yaml.CBaseLoader) if OVERRIDES.exists() else {}
    patches = patches or {}
    target.mkdir(parents=True, exist_ok=True)
    number = 0
    for path in sorted(source.glob("pairs_*.jsonl")):
        lines = []
        for line in path.read_text("utf-8").splitlines():
            pair = json.loads(line)
            try:
                document = convert(pair["blueprint"], pair["prompt"], patches.pop(str(number), None))
                lines.append(json.dumps({"prompt": pair["prompt"], "blueprint": write(document)}, ensure_ascii=False))
            except Exception as error:
                raise SystemExit(f"Pair {number} ({path.name}): {error!r}") from error
            number += 1
        (target / path.name).write_text("\n".join(lines) + "\n", "utf-8")
    if patches:
        raise SystemExit(f"Overrides for pairs that do not exist: {', '.join(patches)}")
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder with pairs_*.jsonl in the v0 syntax")
    parser.add_argument("target", type=Path, help="folder for the converted files")
    arguments = parser.parse_args()
    print(f"{convert_directory(arguments.source, arguments.target)} pairs converted")


if __name__ == "__main__":
    main()
