"""The flat table of addresses: which function answers which method and path.

A module that answers visits has a list `ROUTES` of `route(method, pattern, function)` and stands in MODULES below. The
table is the same for every app and is made once a process. Patterns are literal segments and `{name}`, `{name:int}` or,
at the end, `{name:path}`; where two fit, the one with more literal text at the front wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .errors import NotFound, WrongMethod

if TYPE_CHECKING:
    from starlette.responses import Response

Function = Callable[..., "Response"]

# Every module with routes, by its name below runtime/. One that is not there yet is passed over.
MODULES = (
    "assets",
    "people",
    "admin",
    "pages",
    "files",
    "forms",
    "records_pages",
    "search",
    "api",
    "blocks.board",
    "blocks.newsletter",
    "blocks.custom",
)

_KINDS = {"": r"[^/]+", "int": r"[1-9][0-9]{0,17}", "path": r".+"}


@dataclass(frozen=True)
class Route:
    """One address. `function(visit, **values)` answers it."""

    method: str
    pattern: str
    function: Function
    open: bool = False  # takes unsafe requests without a token: only for what has a proof of its own

    @property
    def rank(self) -> tuple[tuple[int, str], ...]:
        """Sorts literal segments before numbers, numbers before names, names before the rest of a path."""
        order = []
        for segment in self.pattern.strip("/").split("/"):
            kind = 0 if "{" not in segment else 1 if ":int" in segment else 3 if ":path" in segment else 2
            order.append((kind, segment if kind == 0 else ""))
        return tuple(order)


def route(method: str, pattern: str, function: Function, *, open: bool = False) -> Route:
    """`route("GET", "/{entity}/{id:int}", show)`; HEAD and OPTIONS come by themselves."""
    return Route(method, pattern, function, open)


@dataclass(frozen=True)
class Match:
    """The route that fits, and the values in its path."""

    route: Route
    values: dict[str, Any]


class Table:
    """Routes, searched by path in order of their rank."""

    def __init__(self, routes: Iterable[Route]) -> None:
        by_pattern: dict[str, dict[str, Route]] = {}
        for one in sorted(routes, key=lambda route: route.rank):
            methods = by_pattern.setdefault(one.pattern, {})
            if one.method in methods:
                raise ValueError(f"{one.method} {one.pattern} is in the table twice")
            methods[one.method] = one
        self._literal = {pattern: methods for pattern, methods in by_pattern.items() if "{" not in pattern}
        self._open = [(_compile(pattern), methods) for pattern, methods in by_pattern.items() if "{" in pattern]

    def match(self, method: str, path: str) -> Match:
        """The route for a request. Raises NotFound, or WrongMethod when only another method fits."""
        method = "GET" if method == "HEAD" else method
        allowed: set[str] = set()
        for methods, values in self._fitting(path):
            if method in methods:
                found = methods[method]
                return Match(found, values)
            allowed |= set(methods)
        if not allowed:
            raise NotFound
        raise WrongMethod(sorted(allowed | {"OPTIONS"} | ({"HEAD"} if "GET" in allowed else set())))

    def methods(self, path: str) -> list[str]:
        """Every method that the path takes; empty when there is no such address."""
        allowed = {method for methods, _ in self._fitting(path) for method in methods}
        return sorted(allowed | ({"OPTIONS"} if allowed else set()) | ({"HEAD"} if "GET" in allowed else set()))

    def _fitting(self, path: str) -> Iterable[tuple[dict[str, Route], dict[str, Any]]]:
        if path in self._literal:
            yield self._literal[path], {}
        for pattern, methods in self._open:
            if found := pattern.fullmatch(path):
                yield methods, {_name(key): _value(key, text) for key, text in found.groupdict().items()}


def _name(key: str) -> str:
    return key.removesuffix("__int")


def _value(key: str, text: str) -> Any:
    return int(text) if key.endswith("__int") else text


def _compile(pattern: str) -> re.Pattern[str]:
    def part(match: re.Match[str]) -> str:
        name, _, kind = match[1].partition(":")
        return f"(?P<{name}{'__int' if kind == 'int' else ''}>{_KINDS[kind]})"

    literal = [re.escape(text) if not text.startswith("{") else text for text in re.split(r"(\{[^}]*\})", pattern)]
    return re.compile("".join(re.sub(r"\{([^}]*)\}", part, text) if text.startswith("{") else text for text in literal))


@cache
def table() -> Table:
    """The table of all modules."""
    found: list[Route] = []
    for name in MODULES:
        if find_spec(f"{__package__}.{name}"):
            found += getattr(import_module(f"{__package__}.{name}"), "ROUTES", [])
    return Table(found)
