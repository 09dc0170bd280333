"""From text to a blueprint: YAML (source), slips put right (normalise), shape (schema), meaning (meaning).

All faults come at once, each with its place, the offending text and what to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from rapidfuzz import process

from .blocks import KINDS
from .fields import TYPES
from .normalise import TOP, normalise
from .problems import BlueprintError, Fix, Problem
from .schema import Access, Blueprint, Entity, Theme
from .source import Source, load


@dataclass(frozen=True)
class Reading:
    """What came of reading: the blueprint, or None with the problems; and the slips that were put right."""

    blueprint: Blueprint | None
    problems: list[Problem]
    fixes: list[Fix]


@dataclass(frozen=True)
class Words:
    """What the parts of a blueprint must know of the whole while they are read."""

    choices: frozenset[str]
    entities: frozenset[str]


def read(text: str) -> Blueprint:
    """The blueprint that a text says. Raises BlueprintError with all problems."""
    reading = read_all(text)
    if reading.blueprint is None:
        raise BlueprintError(reading.problems)
    return reading.blueprint


def read_all(text: str) -> Reading:
    """The blueprint with the slips that were put right; never raises for what a text may hold."""
    try:
        source = load(text)
    except BlueprintError as error:
        return Reading(None, error.problems, [])
    return _understand(source.tree, source)


def read_tree(tree: Any) -> Blueprint:
    """The blueprint of a document tree (of a patch applied, or of JSON). Raises BlueprintError."""
    reading = _understand(_as_text(tree), None)
    if reading.blueprint is None:
        raise BlueprintError(reading.problems)
    return reading.blueprint


def _understand(tree: Any, source: Source | None) -> Reading:
    fixes = list(source.fixes) if source else []
    if not isinstance(tree, dict):
        place = source.place(()) if source else (0, 0, "")
        return Reading(None, [Problem("a blueprint is a group of keys", *place, "start with `app: Name`")], fixes)
    tree = normalise(tree, fixes)
    try:
        blueprint = Blueprint.model_validate(tree, context=words_of(tree))
    except ValidationError as error:
        return Reading(
            None, _in_order([_problem(fault, tree, source) for fault in error.errors(include_url=False)]), fixes
        )
    from .meaning import Meaning

    meaning = Meaning(blueprint)
    if meaning.faults:
        problems = []
        for fault in meaning.faults:
            line, column, said = source.place(fault.way, fault.at_key) if source else (0, 0, "")
            problems.append(Problem(fault.message, line, column, fault.text or said, fault.suggestion, _way(fault.way)))
        return Reading(None, _in_order(problems), fixes)
    blueprint.__dict__["meaning"] = meaning
    return Reading(blueprint, [], fixes)


def words_of(tree: Any) -> Words:
    """The entities and choice values that a tree declares, found before anything is understood."""
    data = tree.get("data") if isinstance(tree, dict) else None
    if not isinstance(data, dict):
        return Words(frozenset(), frozenset())
    choices: set[str] = set()
    for fields in data.values():
        if not isinstance(fields, dict):
            continue
        for name, said in fields.items():
            if name in Entity.PARTS:
                continue
            if isinstance(said, list) and len(said) == 1:
                said = said[0]
            if isinstance(said, str) and "|" in said:
                written = said.partition(" = ")[0].strip().strip("[]").removesuffix("!")
                choices.update(
                    " ".join(choice.split()).removesuffix("!").strip("\"' ") for choice in written.split("|")
                )
    return Words(frozenset(choices - {""}), frozenset(str(name) for name in data))


def _problem(fault: Any, tree: Any, source: Source | None) -> Problem:
    way = tuple(step for step in fault["loc"] if step not in ("[key]", "fields"))
    kind, context = fault["type"], fault.get("ctx") or {}
    at_key = "[key]" in fault["loc"] or kind in ("extra_forbidden", "missing")
    if "key_of" in context:
        way, at_key = (*way, context["key_of"]), True
    way = _without_tags(way, tree)
    line, column, said = source.place(way, at_key) if source else (0, 0, str(fault.get("input"))[:80])
    message, suggestion = fault["msg"], ""
    if kind == "extra_forbidden":
        said = str(way[-1])
        message, suggestion = f"`{said[:60]}` is not known here", _offer(said, _known_keys(way, tree))
    elif kind == "missing":
        message = f"`{way[-1]}` is missing"
        suggestion = {
            "pages": "write at least one page: `pages:`, then `Home:` and its blocks",
            "app": "start with `app: Name`",
        }.get(str(way[-1]), "")
        way = way[:-1]
    elif kind == "block":
        said = next(iter(fault["input"]), "") if isinstance(fault["input"], dict) else str(fault["input"])
        message, suggestion = f"`{str(said)[:60]}` is not a block", _offer(str(said), list(KINDS))
    elif kind == "literal_error":
        message, suggestion = (
            f"`{str(fault['input'])[:60]}` does not fit: write one of {context.get('expected', '').replace(chr(39), '')}",
            "",
        )
    elif kind == "string_type":
        message = "must be text"
    elif kind in ("dict_type", "model_type", "model_attributes_type"):
        message = "must be a group of keys"
    elif kind == "list_type":
        message = "must be a list"
    elif kind in ("int_parsing", "float_parsing", "int_type", "bool_parsing"):
        message = (
            f"`{str(fault['input'])[:40]}` is not a number"
            if kind != "bool_parsing"
            else f"`{str(fault['input'])[:40]}` is neither true nor false"
        )
    elif kind == "string_too_long":
        message = f"is too long: at most {context.get('max_length'):,} characters"
    elif kind == "string_too_short":
        message = "must not be empty"
    elif kind == "too_long":
        message = f"holds too many: at most {context.get('max_length')} fit"
    elif kind == "too_short":
        message = "must hold something"
    return Problem(message, line, column, str(said)[:80], suggestion, _way(way))


def _without_tags(way: tuple[Any, ...], tree: Any) -> tuple[Any, ...]:
    """The way without pydantic's own steps (a block's tag), which are not in the document."""
    kept: list[Any] = []
    node = tree
    for at, step in enumerate(way):
        if isinstance(node, dict):
            if step in node:
                # A block's tag stands before its key of the same name; the key is kept.
                if (
                    at + 1 < len(way)
                    and step in KINDS
                    and kept
                    and isinstance(kept[-1], int)
                    and (way[at + 1] in node or step == way[at + 1])
                ):
                    continue
                node = node[step]
            elif at < len(way) - 1:
                continue
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        elif at < len(way) - 1 or not isinstance(step, (str, int)) or isinstance(node, str):
            continue
        kept.append(step)
    return tuple(kept)


def _known_keys(way: tuple[Any, ...], tree: Any) -> list[str]:
    """What could stand where an unknown key stands."""
    if len(way) == 1:
        return list(TOP)
    match way[0]:
        case "theme":
            return list(Theme.model_fields)
        case "access":
            return [name for name in Access.model_fields if name != "fields"]
        case "pages" if len(way) >= 4:
            block = tree["pages"][way[1]][way[2]]
            kind = next((key for key in block if key in KINDS), None)
            return [info.alias or name for name, info in KINDS[kind].model_fields.items()] if kind else list(KINDS)
        case "data":
            return list(TYPES)
    return []


def _offer(said: str, known: list[str]) -> str:
    near = process.extractOne(said.lower(), known, score_cutoff=60)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"write one of {', '.join(known)}" if 0 < len(known) <= 40 else ""


def _way(way: tuple[Any, ...]) -> str:
    return " > ".join(
        f"block {step + 1}"
        if isinstance(step, int) and way[:1] == ("pages",)
        else str(step + 1 if isinstance(step, int) else step)
        for step in way
    )[:200]


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))


def _as_text(tree: Any) -> Any:
    """Scalars as the text YAML would hold, so that a tree from JSON reads like one from YAML."""
    if isinstance(tree, dict):
        return {str(key): _as_text(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_as_text(item) for item in tree]
    if tree is None:
        return ""
    if isinstance(tree, bool):
        return "true" if tree else "false"
    return str(tree)
