"""A blueprint as text, always the same way: short, byte-stable, and read back to the same blueprint.

Structure stands in flow style where a line holds it (`theme`, `access`, lists of names), prose in block style, so that a
comma or a colon in somebody's words never needs care.
"""

from __future__ import annotations

import re
from typing import Any

from .schema import Blueprint

# Where a mapping is written on one line, by the keys that lead to it.
FLOW_MAPS = ("theme", "access")
# A list that would make a line longer than this is written one item a line.
WIDEST = 110
# What in a plain scalar would make YAML read something else.
UNSAFE_START = re.compile(r"^(?:[!&*|>%@`\"'#,\[\]{}]|[-?:](?:\s|$)|---|\.\.\.)")
UNSAFE_INSIDE = re.compile(r":(?:\s|$)|\s#|[\x00-\x1f\x7f\x85\u2028\u2029\ufeff]")
UNSAFE_IN_FLOW = re.compile(r"[,\[\]{}]|^[-?:]|: |:$")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]")


def print_blueprint(blueprint: Blueprint) -> str:
    """The canonical text of a blueprint."""
    return print_tree(blueprint.model_dump())


def print_tree(tree: dict[str, Any]) -> str:
    """The canonical text of a document tree as `Blueprint.model_dump` gives it (also of a patch)."""
    lines: list[str] = []
    for key, value in tree.items():
        if key in FLOW_MAPS and isinstance(value, dict) and value:
            if key == "theme":
                lines.append(f"{key}: {_flow(value)}")
            else:
                lines.append(f"{key}:")
                for name, entry in value.items():
                    _entry(name, entry, lines)
            continue
        _block(key, value, 0, lines, rows=key == "seed")
    return "\n".join(lines) + "\n"


def _entry(name: str, entry: Any, lines: list[str]) -> None:
    """One entity's access: on one line while that stays readable, else one operation or field a line."""
    line = f"  {_scalar(name)}: {_flow(entry)}"
    if len(line) < WIDEST or not isinstance(entry, dict):
        lines.append(line)
        return
    lines.append(f"  {_scalar(name)}:")
    lines += [
        f"    {_scalar(key)}: {_flow(said) if isinstance(said, dict) else _scalar(said)}" for key, said in entry.items()
    ]


def _block(key: str, value: Any, indent: int, lines: list[str], rows: bool = False) -> None:
    """Write `key: value` at this indent. With rows, lists of strings are prose, one a line."""
    head = f"{' ' * indent}{_scalar(key)}:"
    if value is None:
        # Nothing: in a patch it deletes; a block without a title has nothing behind its kind.
        lines.append(f"{head} null" if indent < 0 else head)
    elif isinstance(value, str):
        _text(head, value, indent, lines)
    elif isinstance(value, bool):
        lines.append(f"{head} {'true' if value else 'false'}")
    elif isinstance(value, (int, float)):
        lines.append(f"{head} {_number(value)}")
    elif isinstance(value, dict):
        lines.append(head if value else f"{head} {{}}")
        for name, item in value.items():
            _block(name, item, indent + 2, lines, rows)
    elif not value:
        lines.append(f"{head} []")
    elif rows or not _fits_flow(value) or len(head) + len(flow := _flow(value)) >= WIDEST:
        lines.append(head)
        for item in value:
            _item(item, indent + 2, lines)
    else:
        lines.append(f"{head} {flow}")


def _item(item: Any, indent: int, lines: list[str]) -> None:
    """Write one item of a block list: a block of a page, a row of a seed, a step."""
    dash = " " * indent + "- "
    if isinstance(item, dict):
        inner: list[str] = []
        for name, value in item.items():
            _block(name, value, indent + 2, inner)
        lines.append(dash + inner[0][indent + 2 :])
        lines.extend(inner[1:])
    elif isinstance(item, list):
        lines.append(dash + _flow(item))
    else:
        lines.append(dash + _scalar(item))


def _fits_flow(items: list[Any]) -> bool:
    """A list goes on one line when all its items are plain there; steps with words in quotes or commas do not."""
    return all(
        isinstance(item, (str, int, float)) and not _unsafe(str(item), flow=True) and '"' not in str(item)
        for item in items
    )


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key, True)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value, True)


def _text(head: str, value: str, indent: int, lines: list[str]) -> None:
    if value == "":
        lines.append(head)
    elif (
        "\n" in value
        and not CONTROL.search(value)
        and not re.match(r"\s", value)
        and not re.search(r"[ ]+(\n|$)", value)
    ):
        # Code and paragraphs keep their lines.
        keep = (
            "|" if value.endswith("\n") and not value.endswith("\n\n") else "|-" if not value.endswith("\n") else "|+"
        )
        lines.append(f"{head} {keep}")
        body = value[:-1] if value.endswith("\n") else value
        lines += [" " * (indent + 2) + line if line else "" for line in body.split("\n")]
    else:
        lines.append(f"{head} {_scalar(value)}")


def _scalar(value: Any, flow: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    text = str(value)
    if not _unsafe(text, flow):
        return text
    if CONTROL.search(text) or "\n" in text:
        return '"' + "".join(_escape(letter) for letter in text) + '"'
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _unsafe(text: str, flow: bool) -> bool:
    return (
        not text
        or text != text.strip()
        or bool(UNSAFE_START.match(text) or UNSAFE_INSIDE.search(text))
        or (flow and bool(UNSAFE_IN_FLOW.search(text)))
    )


def _escape(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    if letter == "\n":
        return "\\n"
    code = ord(letter)
    if CONTROL.match(letter):
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    return letter


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)
