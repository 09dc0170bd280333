"""How far a GBNF grammar lets a text through. Rules are read only where the text leads, so that a large grammar costs little."""

from __future__ import annotations

import re

from .gbnf_walk import Node, parsed


class Match:
    """One text against one grammar. ends: where the grammar may be complete; far: how far the text agrees with it."""

    def __init__(self, gbnf: str, text: str) -> None:
        self.bodies = dict(line.split(" ::= ", 1) for line in gbnf.strip().split("\n"))
        self.rules: dict[str, Node] = {}
        self.known: dict[tuple[str, int], frozenset[int]] = {}
        self.classes: dict[str, re.Pattern[str]] = {}
        self.text, self.far = text, 0
        self.ends = self._name("root", 0)

    def _name(self, name: str, at: int) -> frozenset[int]:
        found = self.known.get((name, at))
        if found is None:
            if name not in self.rules:
                self.rules[name] = parsed(self.bodies[name])
            found = self.known[name, at] = frozenset(self._ends(self.rules[name], at))
        return found

    def _ends(self, node: Node, at: int) -> set[int] | frozenset[int]:
        match node.kind:
            case "name":
                return self._name(node.text, at)
            case "text":
                if self.text.startswith(node.text, at):
                    self.far = max(self.far, at + len(node.text))
                    return {at + len(node.text)}
                same = 0
                while self.text[at + same : at + same + 1] == node.text[same]:
                    same += 1
                self.far = max(self.far, at + same)
                return set()
            case "class":
                if node.text not in self.classes:
                    self.classes[node.text] = re.compile(node.text)
                if not self.classes[node.text].match(self.text, at):
                    return set()
                self.far = max(self.far, at + 1)
                return {at + 1}
            case "seq":
                here: set[int] | frozenset[int] = {at}
                for part in node.parts:
                    here = self._after(part, here)
                    if not here:
                        break
                return here
            case "alt":
                return set().union(*(self._ends(part, at) for part in node.parts))
        found, here = {at} if node.low == 0 else set(), {at}
        for times in range(1, node.high + 1):
            here = set(self._after(node.parts[0], here)) - found
            if not here:
                break
            if times >= node.low:
                found |= here
        return found

    def _after(self, node: Node, places: set[int] | frozenset[int]) -> set[int] | frozenset[int]:
        if len(places) == 1:
            return self._ends(node, *places)
        return set().union(*(self._ends(node, place) for place in places))
