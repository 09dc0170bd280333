"""YAML text as a tree of dicts, lists and strings, with the place of everything in it.

Every scalar stays text as it is written, so the traps of YAML (18:30 read as 1110, No as false, a date as a date) cannot
happen. Text that YAML would refuse or misread is mended line by line where its meaning is plain (prose with `: ` in it,
a `#colour`, a value that starts with `!`); each mend is recorded. What the keys mean is schema.py's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from .problems import BlueprintError, Fix, Problem

LARGEST = 256 * 1024  # characters; a blueprint is a page, not a book
DEEPEST = 24
QUOTES = ("'", '"')

HEX_UNQUOTED = re.compile(r"(?<=[\s:\[,{])(#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?)(?=\s*(?:[,}\]]|$))", re.MULTILINE)
HEX_KEY = re.compile(r"(?:primary|background|accent|color|colour)\s*:\s*#", re.IGNORECASE)
HASH_IN_TEXT = re.compile(r"(?<=\s)#(?=[^\s#])")
FENCE = re.compile(r"^\s*```[a-zA-Z]*\s*$", re.MULTILINE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# What may nest thousands deep within the bounds of length: brackets, and dashes or question marks one behind the other.
MANY_BRACKETS = 500
MANY_DASHES = re.compile(r"(?:[-?]\s+){50}")
# One line of block style: indent and dashes, key, value.
LINE = re.compile(
    r"^(?P<head>\s*(?:-\s+)*)(?P<key>(?:[^\s:#\"'\[{&*!|>%@`-]|-(?!\s))(?:[^:\n]|:(?!\s|$))*?):(?P<gap>\s+)(?P<value>\S.*?)\s*$"
)
ITEM = re.compile(r"^(?P<head>\s*-\s+)(?P<value>\S.*?)\s*$")
# Characters that make YAML read a plain value as something else.
SPECIAL_START = re.compile(r"^(?:[!&*@`%]|[?:-]\s|[|>](?![+-]?\d?\s*$)|#)")
USUAL_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


class Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """libyaml's loader when it is there; scalars stay text. What has no tag has the usual one of its kind."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return USUAL_TAGS[kind]

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


@dataclass
class Source:
    """A blueprint's text with its tree. `tree` holds dicts, lists and strings."""

    text: str
    root: yaml.Node
    tree: Any
    fixes: list[Fix] = field(default_factory=list)

    def place(self, way: tuple[Any, ...], key: bool = False) -> tuple[int, int, str]:
        """Line and column (from 1) and the text of what stands at the end of a way of keys and indexes.

        Steps of the way that are not in the tree are skipped (a model's own inner names), so the nearest place is given.
        With key, the place of the last key itself instead of its value.
        """
        node, at = self.root, self.root
        for step in way:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
                if found is None:
                    continue
                at, node = (found[0] if key else found[1]), found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                at = node = node.value[step]
        mark = at.start_mark
        lines = self.text.splitlines()
        line = lines[mark.line] if mark.line < len(lines) else ""
        said = at.value if isinstance(at, yaml.ScalarNode) else line[mark.column :]
        return mark.line + 1, mark.column + 1, said.strip()[:80]


def load(text: str) -> Source:
    """Read YAML text. Raises BlueprintError for what is no YAML even after mending, or too large, or made to hurt."""
    fixes: list[Fix] = []
    if len(text) > LARGEST:
        raise BlueprintError(
            [Problem(f"the blueprint is too large: {len(text):,} characters, at most {LARGEST:,} fit")]
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise BlueprintError([Problem(f"there is a control character ({found[0]!r})", line, suggestion="delete it")])
    text = _unwrap(text, fixes)
    if not text.strip():
        raise BlueprintError([Problem("the blueprint is empty", suggestion="start with `app: Name`")])
    text = _quote_colors(text, fixes)
    text = _keep_hashes(text, fixes)
    try:
        root = _compose(text)
        if _lost_text(root):
            raise _Misread
    except (yaml.YAMLError, _Misread) as error:
        mended, mends = mend(text)
        try:
            if mended == text:
                raise error
            root, text = _compose(mended), mended
            fixes += mends
        except (yaml.YAMLError, _Misread):
            if isinstance(error, _Misread):
                root = _compose(text)
            else:
                raise BlueprintError([_say(error, text)]) from None
    problems: list[Problem] = []
    tree = _tree(root, 0, problems, set())
    if problems:
        raise BlueprintError(problems)
    return Source(text, root, tree, fixes)


class _Misread(Exception):
    pass


def _compose(text: str) -> yaml.Node:
    _check_depth(text)
    node = yaml.compose(text, Loader=Loader)
    if node is None:
        raise BlueprintError([Problem("the blueprint is empty", suggestion="start with `app: Name`")])
    return node


def _check_depth(text: str) -> None:
    """Refuse what is nested too deeply before a tree is made of it: the loader goes down by recursion in C, without a limit."""
    if text.count("[") + text.count("{") < MANY_BRACKETS and not MANY_DASHES.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST + 1:
                mark: Any = event.start_mark
                raise BlueprintError([Problem("this is nested too deeply", mark.line + 1, mark.column + 1)])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _tree(node: yaml.Node, depth: int, problems: list[Problem], seen: set[int]) -> Any:
    if depth > DEEPEST:
        problems.append(Problem("this is nested too deeply", node.start_mark.line + 1, node.start_mark.column + 1))
        return ""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    # An alias gives the same node again; a few of them nested can stand for billions of nodes.
    if id(node) in seen:
        problems.append(
            Problem("a YAML alias (`*name`) is not allowed", node.start_mark.line + 1, suggestion="write the value out")
        )
        return ""
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_tree(item, depth + 1, problems, seen) for item in node.value]
    tree: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            problems.append(
                Problem("a key must be one line of text", key.start_mark.line + 1, key.start_mark.column + 1)
            )
            continue
        if key.value in tree and key.value != "":
            problems.append(
                Problem(f"`{key.value}` stands here twice", key.start_mark.line + 1, key.start_mark.column + 1, key.value,
                        "put both under one key, or rename one")
            )  # fmt: skip
            continue
        tree[key.value] = _tree(value, depth + 1, problems, seen)
    return tree


def _lost_text(node: yaml.Node, depth: int = 0) -> bool:
    """Did YAML take prose apart? A comma in a flow map leaves a key without a value; `: ` in prose makes a map of it."""
    if depth > DEEPEST:
        return False
    if not node.tag.startswith("tag:yaml.org"):
        return True
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if (
                isinstance(value, yaml.ScalarNode)
                and node.flow_style
                and value.value == ""
                and value.style not in QUOTES
            ):
                return True
            if (
                isinstance(key, yaml.ScalarNode)
                and key.style not in QUOTES
                and len(key.value) > 60
                and " " in key.value
                and not node.flow_style
                and depth < 2
            ):
                return True
            if _lost_text(value, depth + 1):
                return True
    elif isinstance(node, yaml.SequenceNode):
        return any(_lost_text(item, depth + 1) for item in node.value)
    return False


def _unwrap(text: str, fixes: list[Fix]) -> str:
    """Take the blueprint out of what chat models put around it: a code fence, a sentence before and after."""
    if "```" in text:
        inside = re.split(FENCE, text)
        best = max(inside, key=lambda part: ("app:" in part, len(part)))
        if best.strip() and best != text:
            fixes.append(Fix("took the blueprint out of a code fence"))
            text = best.strip("\n") + "\n"
    if not re.match(r"\s*(#|---|[\w\"']+\s*:)", text):
        start = re.search(r"^app\s*:", text, re.MULTILINE)
        if start and start.start():
            fixes.append(Fix("left out the words before `app:`"))
            text = text[start.start() :]
    return text.expandtabs(2) if "\t" in text else text


def _quote_colors(text: str, fixes: list[Fix]) -> str:
    """`primary: #ff8800` would be a comment to YAML."""
    if "#" not in text:
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if "#" in line and HEX_KEY.search(line):
            quoted = HEX_UNQUOTED.sub(r'"\1"', line)
            if quoted != line:
                fixes.append(Fix("put a colour code in quotes", number + 1))
                lines[number] = quoted
    return "\n".join(lines)


def _keep_hashes(text: str, fixes: list[Fix]) -> str:
    """`Chair #4 is free` is no comment: one starts a line, or has a space behind its `#`."""
    if "#" not in text or not HASH_IN_TEXT.search(text):
        return text
    lines = text.split("\n")
    inside: int | None = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if inside is not None and (not line.strip() or indent > inside):
            continue
        inside = indent if re.search(r":\s+[|>][+-]?\s*$", line) else None
        match = (LINE.match(line) or ITEM.match(line)) if HASH_IN_TEXT.search(line) else None
        if match and match["value"][0] not in "\"'[{#":
            lines[number] = line[: match.start("value")] + _quoted(match["value"])
            fixes.append(Fix("kept `#` as text", number + 1))
    return "\n".join(lines)


def mend(text: str) -> tuple[str, list[Fix]]:
    """Put in quotes what YAML would misread in lines of block style. Lines inside `|` blocks are left alone."""
    fixes: list[Fix] = []
    lines = text.split("\n")
    inside: int | None = None  # the indent of the key whose literal block we are in
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if inside is not None:
            if line.strip() and indent <= inside:
                inside = None
            else:
                continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.match(line)
        if match is None:
            item = ITEM.match(line)
            if item and not re.match(r"[\"'\[{|>]|.*:$", item["value"]) and _dangerous(item["value"]):
                lines[number] = f"{item['head']}{_quoted(item['value'])}"
                fixes.append(Fix("put text in quotes that YAML would misread", number + 1))
            continue
        value = match["value"]
        if re.fullmatch(r"[|>][+-]?\d?", value):
            inside = indent
            continue
        said = value
        if value[0] in "\"'":
            # A quote inside the quotes, or words behind the closing one.
            if not re.fullmatch(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'", value):
                said = _quoted(value.strip(value[0]) if value.endswith(value[0]) and len(value) > 1 else value)
        elif value[0] in "{[":
            # `{braces} at the start` is prose; a map that goes on in the next line is not touched.
            closing = "}" if value[0] == "{" else "]"
            said = _quoted(value) if closing in value and not value.endswith(closing) else _mend_flow(value)
        elif _dangerous(value):
            said = _quoted(value)
        if said != value:
            lines[number] = f"{match['head']}{match['key']}:{match['gap']}{said}"
            fixes.append(Fix("put text in quotes that YAML would misread", number + 1))
    return "\n".join(lines), fixes


def _dangerous(value: str) -> bool:
    return bool(": " in value or value.endswith(":") or " #" in value or SPECIAL_START.match(value))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _mend_flow(value: str) -> str:
    """`{title: Hello, world, text: Come in}`: join what a comma tore apart, and quote prose."""
    closing = {"{": "}", "[": "]"}[value[0]]
    if not value.endswith(closing):
        return value
    parts = _split(value[1:-1])
    if parts is None:
        return value
    if value[0] == "{":
        joined: list[str] = []
        for part in parts:
            if joined and not re.match(r"\s*[^\s:\"'{}\[\]][^:{}\[\]]*:(\s|$)|\s*[\"'][^\"']*[\"']\s*:", part):
                joined[-1] += "," + part
            else:
                joined.append(part)
        said = []
        for part in joined:
            key, colon, rest = part.partition(":")
            rest = rest.strip()
            if colon and rest and rest[0] not in "\"'{[" and re.search(r"[,:#?\[\]{}&*!|>'\"%@`]", rest):
                rest = _quoted(rest)
            said.append(f"{key.strip()}: {rest}" if colon else part.strip())
        return "{" + ", ".join(said) + "}"
    said = []
    for part in parts:
        part = part.strip()
        if (
            part
            and part[0] not in "\"'{["
            and (": " in part or " #" in part or SPECIAL_START.match(part) or re.search(r"[\[\]{}]", part))
        ):
            part = _quoted(part)
        said.append(part)
    return "[" + ", ".join(said) + "]"


def _split(text: str) -> list[str] | None:
    """Divide at commas outside quotes and brackets; None when quotes or brackets do not close."""
    parts, depth, quote, start = [], 0, "", 0
    for at, letter in enumerate(text):
        if quote:
            if letter == quote:
                quote = ""
        elif letter in "\"'" and (at == 0 or text[at - 1] in " ,[{:("):
            quote = letter
        elif letter in "[{(":
            depth += 1
        elif letter in "]})":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    if quote or depth:
        return None
    return [*parts, text[start:]]


def _say(error: Exception, text: str) -> Problem:
    """What YAML complains of, in words for a person."""
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    lines = text.splitlines()
    said = lines[mark.line].strip()[:80] if mark and mark.line < len(lines) else ""
    reason = str(getattr(error, "problem", "") or error)
    if "alias" in reason or "anchor" in reason:
        return Problem("YAML anchors and aliases are not allowed", line, column, said, "put the text in quotes")
    if "mapping values" in reason:
        return Problem("a colon inside the text confuses YAML", line, column, said, "put the text in quotes")
    if "block mapping" in reason or "block collection" in reason or "indent" in reason:
        return Problem(
            "the indentation does not fit", line, column, said, "keys that belong together start in the same column"
        )
    if "flow" in reason or "expected ','" in reason:
        return Problem("a `{` or `[` is not closed", line, column, said, "close it, or put the text in quotes")
    if "quoted scalar" in reason:
        return Problem("a quote is not closed", line, column, said, "close it")
    return Problem(f"this is not YAML: {reason}", line, column, said, "put the text in quotes")
