"""A second opinion on what a prompt asks for, from any model behind an OpenAI-compatible endpoint; and how it is joined with the rules'.

The model is asked for requirements as JSON in the kinds of requirements/; what does not validate is dropped. It is optional: without an
endpoint, without an answer in time or with a bad one, the rules' rubric stands alone, and a note says why.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import ValidationError

from .draw import draw
from .requirements.base import Requirement, Rubric, read
from .words import ALIKE, Like, likeness

ALONE = 0.5  # the weight of what only the model heard
MOST = 30  # requirements that are taken of an answer
LARGEST = 200_000  # bytes of an answer that are read
# Kinds that a model may ask for; the others belong to full specifications.
ASKED = ("entity", "field", "reference", "choice", "role", "permission", "private", "public", "block", "color", "style", "action", "automation", "flow", "game")  # fmt: skip
SYSTEM = """You list what a request for a web app demands, as JSON: {"requirements": [...]}. Each is one of:
{"kind": "entity", "like": "booking"}
{"kind": "field", "entity": "booking", "like": "phone", "types": ["phone", "text"]}
{"kind": "reference", "entity": "booking", "to": "service"}
{"kind": "choice", "entity": "task", "values": ["todo", "doing", "done"]}
{"kind": "role", "like": "manager"}
{"kind": "permission", "who": "manager", "operation": "delete", "entity": "order", "reach": "yes", "only": true}
{"kind": "private", "entity": "booking"}
{"kind": "public", "entity": "product"}
{"kind": "block", "any": ["calendar"], "entity": "booking"}
{"kind": "color", "color": "teal", "slots": ["primary"]}
{"kind": "style", "mode": "dark"}
{"kind": "action", "entity": "order", "like": "approve"}
{"kind": "automation", "does": "email", "entity": "order"}
{"kind": "flow", "name": "no double booking"}
{"kind": "game", "like": "calculator"}
types: text long int number money percent bool date datetime time email phone url image file color location rating tags choice reference.
operation: read create update delete write. reach: all own none yes limited. Only what the request says or plainly needs; nothing else. JSON only."""


@dataclass(frozen=True)
class Endpoint:
    """Where to ask: the base address (without `/chat/completions`), the model, a key when one is needed, seconds to wait."""

    base: str
    model: str
    key: str = ""
    seconds: float = 20


def second_opinion(prompt: str, endpoint: Endpoint, *, client: httpx.Client | None = None) -> Rubric:
    """The rules' rubric joined with the model's. Never raises for what the endpoint does."""
    drawn = draw(prompt)
    try:
        answer = _ask(prompt, endpoint, client)
        heard, dropped = understood(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _alone(drawn, f"no second opinion: {type(error).__name__}")
    except ValueError as error:
        return _alone(drawn, f"no second opinion: {error}")
    joined = join(drawn, heard)
    note = f"second opinion of {endpoint.model}: {len(heard)} requirements" + (
        f", {dropped} dropped" if dropped else ""
    )
    return joined.model_copy(update={"notes": [*drawn.notes, note]})


def join(drawn: Rubric, heard: list[Requirement]) -> Rubric:
    """The rules' requirements as they are, then what only the model heard, with less weight."""
    more = [one for one in heard if not any(agree(one, other) for other in drawn.requirements)]
    lighter = [one.model_copy(update={"weight": one.weight * ALONE}) for one in more]
    return Rubric(requirements=[*drawn.requirements, *lighter], source="drawn", notes=drawn.notes)


def agree(one: Requirement, other: Requirement) -> bool:
    """Do two requirements ask for the same?"""
    if one.kind != other.kind:
        return False
    mine, its = one.model_dump(), other.model_dump()
    if one.kind == "block":
        return bool(set(mine["any"]) & set(its["any"]))
    if one.kind == "color":
        return bool(mine["color"] == its["color"])
    for name in ("like", "entity", "to", "who", "name", "mode", "style", "values"):
        left, right = getattr(one, name, None), getattr(other, name, None)
        if left is not None and right is not None and not _alike(left, right):
            return False
    return True


def _alike(left: Any, right: Any) -> bool:
    if isinstance(left, Like) and isinstance(right, Like):
        return any(max(likeness(a, b), likeness(b, a)) >= ALIKE for a in left.any for b in right.any)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return any(_alike(a, b) for a in left for b in right)
    return bool(left == right)


def understood(answer: str) -> tuple[list[Requirement], int]:
    """The requirements in a model's answer, and how many were dropped. Raises ValueError when it is no JSON of requirements."""
    text = re.sub(r"^\s*```(?:json)?|```\s*$", "", answer.strip())
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if start < 0:
        raise ValueError("the answer is no JSON")
    try:
        said, _ = json.JSONDecoder().raw_decode(text[start:])
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("the answer is no JSON") from None
    items = said.get("requirements") if isinstance(said, dict) else said
    if not isinstance(items, list):
        raise ValueError("the answer holds no list of requirements")
    found: list[Requirement] = []
    for item in items[:MOST]:
        one = _requirement(item)
        if one is not None and one not in found:
            found.append(one)
    return found, min(len(items), MOST) - len(found)


def _requirement(item: Any) -> Requirement | None:
    if not isinstance(item, dict) or item.get("kind") not in ASKED or _has_pattern(item):
        return None
    plain = {
        key: value
        for key, value in item.items()
        if key not in ("weight", "or", "alternatives", "exact") and value is not None
    }
    try:
        found = read(plain)
    except (ValidationError, ValueError):
        return None
    return found if isinstance(found, Requirement) else None


def _has_pattern(value: Any) -> bool:
    """A regular expression of a stranger is not run."""
    if isinstance(value, str):
        return value.startswith("/") or len(value) > 120
    if isinstance(value, dict):
        return any(_has_pattern(inner) for inner in value.values())
    return isinstance(value, list) and (len(value) > 40 or any(_has_pattern(inner) for inner in value))


def _ask(prompt: str, endpoint: Endpoint, client: httpx.Client | None) -> str:
    """What the model answers. Raises httpx.HTTPError, or ValueError when it is no completion."""
    body = {
        "model": endpoint.model,
        "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": prompt[:8_000]}],
        "temperature": 0,
        "max_tokens": 1_500,
    }
    headers = {"authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    asking = client or httpx.Client(timeout=endpoint.seconds)
    try:
        said = json.loads(
            _read(asking, f"{endpoint.base.rstrip('/')}/chat/completions", body, headers, endpoint.seconds)
        )
        return str(said["choices"][0]["message"]["content"] or "")
    except (KeyError, IndexError, TypeError, UnicodeDecodeError, json.JSONDecodeError):
        raise ValueError("the answer is no completion") from None
    finally:
        if client is None:
            asking.close()


def _read(client: httpx.Client, url: str, body: dict[str, Any], headers: dict[str, str], seconds: float) -> bytes:
    """The body of the answer, within the time and not endlessly long."""
    deadline = time.monotonic() + seconds
    found = b""
    with client.stream("POST", url, json=body, headers=headers, timeout=seconds) as response:
        response.raise_for_status()
        for part in response.iter_bytes():
            found += part
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("it took too long")
            if len(found) > LARGEST:
                raise ValueError("the answer is too long")
    return found


def _alone(drawn: Rubric, note: str) -> Rubric:
    return drawn.model_copy(update={"notes": [*drawn.notes, note]})
