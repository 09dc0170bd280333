"""Warnings: what can be run but is probably not what was meant. What cannot be run is the reader's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .blocks import DataBlock
from .problems import Problem
from .reader import Reading, read_all
from .schema import Blueprint
from .source import load

# Styles that are drawn as another one until part 5 gives them their own face.
STYLES_STAND_IN = {"playful": "friendly", "corporate": "minimal", "editorial": "elegant", "retro": "bold"}


def lint(text: str) -> tuple[Reading, list[Problem]]:
    """Read a blueprint and look for what was probably not meant. Returns the reading and the warnings."""
    reading = read_all(text)
    if reading.blueprint is None:
        return reading, []
    source = load(text)
    warnings = []
    for way, message, suggestion in _warnings(reading.blueprint):
        line, column, said = source.place(way)
        warnings.append(Problem(message, line, column, said, suggestion))
    return reading, sorted(warnings, key=lambda problem: (problem.line, problem.column))


Warning_ = tuple[tuple[object, ...], str, str]


def _warnings(blueprint: Blueprint) -> Iterator[Warning_]:
    style = blueprint.theme.style
    if style in STYLES_STAND_IN:
        yield (
            ("theme", "style"),
            f"the style `{style}` looks like `{STYLES_STAND_IN[style]}` for now",
            f"write `style: {STYLES_STAND_IN[style]}`",
        )
    yield from _stand_ins(blueprint)
    for warnings in (empty_pages, hidden_data, first_page, signup_power, role_names):
        yield from warnings(blueprint)
    for role in idle_roles(blueprint):
        yield (
            ("roles", blueprint.roles.index(role)),
            f"the role `{role}` may do nothing that others may not",
            "use it under access or on a page, or leave it out",
        )


def _stand_ins(blueprint: Blueprint) -> Iterator[Warning_]:
    for page in blueprint.page_list:
        for at, block in enumerate(page.blocks):
            if block.stands_in:
                yield ("pages", page.key, at), f"`{block.kind}` is shown as `{block.stands_in}` for now", ""


def empty_pages(blueprint: Blueprint) -> Iterator[Warning_]:
    """Pages without a block."""
    for page in blueprint.page_list:
        if not page.blocks:
            yield ("pages", page.key), f"the page `{page.name}` is empty", "give it a block, or leave it out"


def hidden_data(blueprint: Blueprint) -> Iterator[Warning_]:
    """Data on pages for visitors that only people with an account may read."""
    shown = {
        block.source.entity
        for page in blueprint.page_list
        if page.who is None or str(page.who) == "anyone"
        for block in page.blocks
        if isinstance(block, DataBlock) and block.kind not in ("form", "wizard")
    }
    for name in blueprint.data:
        entry = blueprint.access.get(name) or blueprint.access.get("default")
        part = blueprint.meaning.parent(name)
        if entry is None and part is None and name in shown and name != "User":
            yield (
                ("data", name),
                f"visitors see a page with `{name}`, but only people with an account may read it",
                f"write `{name}: {{read: anyone, write: own}}` under access",
            )


def first_page(blueprint: Blueprint) -> Iterator[Warning_]:
    """A home that most people may not open."""
    first = blueprint.page_list[0]
    if first.who is not None and str(first.who) not in ("anyone", "user"):
        yield (
            ("pages", first.key),
            f"the first page is home, but only {first.who} may open it",
            "put a page that everybody may open first",
        )


def signup_power(blueprint: Blueprint) -> Iterator[Warning_]:
    """Staff by signing up."""
    entry_role = blueprint.roles[0] if len(blueprint.roles) > 1 and not blueprint.signup else ""
    if entry_role and re.fullmatch(
        r"(admin|manager|staff|editor|owner|boss|director|moderator|supervisor|office|chief)s?", entry_role
    ):
        yield (
            ("roles",),
            f"everybody who signs up becomes `{entry_role}`, the first role",
            "put the least powerful role first, or write `signup: invite`",
        )


def role_names(blueprint: Blueprint) -> Iterator[Warning_]:
    """Fields of people that are called like a role, where access says the word."""
    for name, entity in blueprint.data.items():
        for field in entity.fields.values():
            if (
                field.name in blueprint.roles
                and field.target == "User"
                and field.name in _words_of_access(blueprint, name)
            ):
                yield (
                    ("data", name, field.name),
                    f"`{field.name}` is a role and a field of `{name}`; in access the role counts",
                    f"write `{field.name} = me` there for the field",
                )


def _words_of_access(blueprint: Blueprint, entity: str) -> set[str]:
    entry = blueprint.access.get(entity)
    whos = [entry.read, entry.create, entry.update, entry.delete, entry.write] if entry else []
    return {word for who in whos if who for word in re.findall(r"\w+", str(who))}


def idle_roles(blueprint: Blueprint) -> Iterator[str]:
    """Roles that nothing names, but for one: that of the people who may do least."""
    used = {str(who) for who in _whos(blueprint)}
    words = {word for who in used for word in re.findall(r"\w+", who)}
    unnamed = [role for role in blueprint.roles if role not in words and role not in blueprint.signup.split()]
    plain = "user" in blueprint.signup.split() or len(blueprint.roles) == 1
    yield from unnamed if plain else unnamed[1:]


def _whos(blueprint: Blueprint) -> Iterator[object]:
    for access in blueprint.access.values():
        yield from (who for who in (access.read, access.create, access.update, access.delete, access.write) if who)
        for entry in access.fields.values():
            yield from (who for who in (entry.read, entry.write) if who)
    for page in blueprint.page_list:
        yield from (who for who in (page.who, *(block.shown for block in page.blocks)) if who)
    for entity in blueprint.data.values():
        for action in entity.action_list:
            yield from (who for who in (action.who,) if who)
            yield from (step for step in action.steps)
    for steps in blueprint.automations.values():
        yield from steps


__all__ = [
    "STYLES_STAND_IN",
    "empty_pages",
    "first_page",
    "hidden_data",
    "idle_roles",
    "lint",
    "role_names",
    "signup_power",
]
