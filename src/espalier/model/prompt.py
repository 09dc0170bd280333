"""The words around what a person asks: the conversation that models are trained on and asked with.

Three kinds: a new app, an edit of one, a repair (an edit whose request lists what is wrong). A trained adapter knows the language,
so it gets no system message; a generalist gets the reference card and two examples. Trainer and endpoints use the same functions,
so what is asked is what was learnt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from espalier.blueprint.card import card

from .endpoint import Message

REPAIR = "Repair:"
MOST_FINDINGS = 6  # in one request for a repair
SPECIAL = re.compile(r"<\|[^<>|\s]{1,40}\|>")  # what tokenizers read as their own marks

INSTRUCTION = """\
You write web applications as Espalier blueprints, in the language that the reference below describes.
Answer with the YAML of the blueprint alone: no explanation, no code fence."""
EDITING = """
When a blueprint is to be changed, answer with a patch alone: YAML of the same shape that holds only the keys that change; \
`null` deletes; a list is given whole; `rename: {Client: Customer, Client.phone: mobile}` renames everywhere; `order:` is not needed."""


def plain(text: str) -> str:
    """The text without marks that would end a turn or begin one, and without halves of letters, which cannot be sent."""
    text = text.encode("utf-8", "replace").decode()
    while (left := SPECIAL.sub("", text)) != text:  # again: what is left may join to another mark
        text = left
    return text


def render(messages: Sequence[Message]) -> str:
    """The conversation in ChatML, open for the assistant's answer."""
    turns = "".join(f"<|im_start|>{turn['role']}\n{plain(turn['content'])}<|im_end|>\n" for turn in messages)
    return f"{turns}<|im_start|>assistant\n"


def user(text: str) -> Message:
    """What a person says."""
    return {"role": "user", "content": plain(text).strip()}


def assistant(text: str) -> Message:
    """What a model answered: a blueprint or a patch, which ends with the end of its last line."""
    return {"role": "assistant", "content": plain(text).strip("\n") + "\n"}


def build_messages(prompt: str) -> list[Message]:
    """A new app."""
    return [user(prompt)]


def edit_messages(blueprint_text: str, request: str, prompt: str = "") -> list[Message]:
    """An edit. blueprint_text: as `print_blueprint` prints it; prompt: what the app came from, its `about` or name when unknown."""
    return [user(prompt or _subject(blueprint_text)), assistant(blueprint_text), user(request)]


def repair_messages(blueprint_text: str, findings: Iterable[str], prompt: str = "") -> list[Message]:
    """An edit that mends. findings: `where: why (suggestion)`, the worst first; no more than MOST_FINDINGS are told."""
    return edit_messages(blueprint_text, repair_request(findings), prompt)


def repair_request(findings: Iterable[str]) -> str:
    """The request of a repair."""
    told = [" ".join(str(finding).split()) for finding in findings][:MOST_FINDINGS]
    return "\n".join([REPAIR, *told])


def with_card(messages: Sequence[Message]) -> list[Message]:
    """The same for a model that was not trained: with instruction, card and examples before."""
    editing = any(turn["role"] == "assistant" for turn in messages)
    return [{"role": "system", "content": _instruction(editing)}, *messages]


@lru_cache(maxsize=2)
def _instruction(editing: bool) -> str:
    """The system message; one text for all prompts of a kind, so that endpoints know it from before."""
    examples = "\n".join(f"Asked: {pair['prompt']}\nAnswer:\n{pair['blueprint']}" for pair in _examples())
    return f"{INSTRUCTION}{EDITING if editing else ''}\n\n{card()}\n# Examples\n\n{examples}".rstrip() + "\n"


@lru_cache(maxsize=1)
def _examples() -> list[dict[str, str]]:
    lines = (Path(__file__).parent / "examples.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _subject(blueprint_text: str) -> str:
    """What a blueprint says that it is."""
    lines = dict(re.findall(r"(?m)^(about|app): *(.+)$", blueprint_text))
    return str(lines.get("about") or lines.get("app") or "A web app").strip().strip("\"'")
