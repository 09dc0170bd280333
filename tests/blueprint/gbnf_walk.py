"""Texts that a GBNF grammar lets through, drawn at random: a small reader of the notation, for tests of soundness."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from functools import cached_property

SCAN = re.compile(
    r"""\s*(?:(?P<name>[A-Za-z][\w-]*)|(?P<text>"(?:\\.|[^"\\])*")|(?P<class>\[(?:\\.|[^\]\\])*\])|(?P<times>\{\d+(?:,\d*)?\})|(?P<sign>[()|?*+]))"""
)
ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '-.,:;!?()#&/|éß漢{}[]\"@%*>`\\"


@dataclass
class Node:
    """A literal, a class, a name, a sequence, a choice, or a repetition."""

    kind: str
    text: str = ""
    parts: list[Node] = field(default_factory=list)
    low: int = 1
    high: int = 1

    @cached_property
    def letters(self) -> str:
        """Letters of a class that a walk tries."""
        inside = self.text[1:-1]
        negated, inside = inside.startswith("^"), inside.removeprefix("^")
        items = re.findall(r"\\x..|\\u....|\\U.{8}|\\.|.", inside, re.DOTALL)
        codes = [ord(_unescaped(item)) for item in items]
        spans, at = [], 0
        while at < len(codes):
            if at + 2 < len(codes) and items[at + 1] == "-":
                spans.append((codes[at], codes[at + 2]))
                at += 3
            else:
                spans.append((codes[at], codes[at]))
                at += 1
        held = [c for c in LETTERS if any(low <= ord(c) <= high for low, high in spans) != negated]
        return "".join(held) or chr(spans[0][0])


class Walk:
    """Random texts of one grammar."""

    def __init__(self, gbnf: str) -> None:
        self.rules = {}
        for line in gbnf.strip().split("\n"):
            name, _, body = line.partition(" ::= ")
            self.rules[name] = parsed(body)
        self.least: dict[str, int] = {}
        while len(self.least) < len(self.rules):
            before = len(self.least)
            for name, node in self.rules.items():
                if name not in self.least and (depth := self._depth(node)) is not None:
                    self.least[name] = depth + 1
            assert len(self.least) > before, f"rules without an end: {sorted(set(self.rules) - set(self.least))[:5]}"

    def text(self, rng: random.Random, depth: int = 40) -> str:
        """A text; below this depth the shortest ways are taken."""
        return self._draw(self.rules["root"], rng, depth)

    def _depth(self, node: Node) -> int | None:
        """How many rules deep the shallowest text of a node is; None while that is unknown."""
        match node.kind:
            case "name":
                return self.least.get(node.text)
            case "seq":
                depths = [self._depth(part) for part in node.parts]
                return None if None in depths else max(depths, default=0)  # type: ignore[type-var]
            case "alt":
                known = [depth for part in node.parts if (depth := self._depth(part)) is not None]
                return min(known) if known else None
            case "times":
                return 0 if node.low == 0 else self._depth(node.parts[0])
        return 0

    def _draw(self, node: Node, rng: random.Random, depth: int) -> str:
        match node.kind:
            case "text":
                return node.text
            case "class":
                return rng.choice(node.letters)
            case "name":
                return self._draw(self.rules[node.text], rng, depth - 1)
            case "seq":
                return "".join(self._draw(part, rng, depth) for part in node.parts)
            case "alt":
                reach = [(self._depth(part) or 0, part) for part in node.parts]
                fit = [part for least, part in reach if least <= depth]
                return self._draw(rng.choice(fit) if fit else min(reach, key=lambda pair: pair[0])[1], rng, depth)
            case _:
                if depth <= (self._depth(node.parts[0]) or 0):
                    times = node.low
                else:
                    times = node.low + min(int(rng.expovariate(0.4)), node.high - node.low)
                return "".join(self._draw(node.parts[0], rng, depth) for _ in range(times))


def parsed(body: str) -> Node:
    """The right side of a rule."""
    return _Parser(body).alternatives()


class _Parser:
    def __init__(self, body: str) -> None:
        self.tokens = []
        at = 0
        while body[at:].strip():
            match = SCAN.match(body, at)
            assert match, body[at : at + 40]
            self.tokens.append((match.lastgroup, match[match.lastgroup or 0]))
            at = match.end()
        self.at = 0

    def alternatives(self) -> Node:
        found = [self.sequence()]
        while self.at < len(self.tokens) and self.tokens[self.at] == ("sign", "|"):
            self.at += 1
            found.append(self.sequence())
        return found[0] if len(found) == 1 else Node("alt", parts=found)

    def sequence(self) -> Node:
        found: list[Node] = []
        while self.at < len(self.tokens) and self.tokens[self.at][1] not in ("|", ")"):
            kind, said = self.tokens[self.at]
            self.at += 1
            if said == "(":
                item = self.alternatives()
                assert self.tokens[self.at][1] == ")"
                self.at += 1
            elif kind == "text":
                item = Node("text", ESCAPE.sub(lambda match: _unescaped(match[0]), said[1:-1]))
            elif kind in ("name", "class"):
                item = Node(kind, said)
            elif kind == "times":
                low, _, high = said[1:-1].partition(",")
                item = Node("times", parts=[found.pop()], low=int(low), high=int(high) if high else int(low))
            else:
                low, high = {"?": (0, 1), "*": (0, 6), "+": (1, 6)}[said]
                item = Node("times", parts=[found.pop()], low=low, high=high)
            found.append(item)
        return found[0] if len(found) == 1 else Node("seq", parts=found)


def _unescaped(item: str) -> str:
    if not item.startswith("\\"):
        return item
    if item[1] in "xuU":
        return chr(int(item[2:], 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(item[1], item[1])
