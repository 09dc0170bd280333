"""Names: what an entity, a field, a role and a page may be called, and how a name is shown to people."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 40

# Words with a meaning of their own in expressions and in an entity; a field of that name could not be told apart.
RESERVED_FIELDS = {
    **dict.fromkeys(("id", "created", "updated"), "every record has it already"),
    **dict.fromkeys(("read", "create", "update", "delete", "write"), "it is an access word"),
    **dict.fromkeys(("actions", "rules", "unique"), "it is a word of the language"),
    **dict.fromkeys(("me", "today", "now", "this"), "it has a meaning in conditions"),
    **dict.fromkeys(("anyone", "user", "nobody", "own"), "it is an access word"),
    **dict.fromkeys(
        ("and", "or", "not", "in", "is", "if", "where", "by", "true", "false", "null"), "it is a word of conditions"
    ),
}
RESERVED_ROLES = {
    "anyone",
    "user",
    "nobody",
    "own",
    "me",
    "owner",
    "and",
    "or",
    "not",
    "in",
    "true",
    "false",
    "null",
    "this",
}

SLUGS_OF_THE_PLATFORM = frozenset(
    [
        "login",
        "logout",
        "signup",
        "account",
        "admin",
        "api",
        "static",
        "files",
        "search",
        "outbox",
        "invite",
        "reset",
        "notifications",
        "theme",
        "new",
        "healthz",
    ]
)


@lru_cache(maxsize=8192)
def check_entity(name: str) -> None:
    """Raise ValueError when an entity may not have this name."""
    if not name.isidentifier() or name[0].islower() or name[0] == "_" or "__" in name:
        raise ValueError(f"`{name[:60]}` cannot name an entity: write one word such as `{pascal(name)}`")
    if len(name) > LONGEST:
        raise ValueError(f"`{name[:60]}` is too long for an entity: at most {LONGEST} letters")


@lru_cache(maxsize=8192)
def check_field(name: str) -> None:
    """Raise ValueError when a field may not have this name."""
    if not name.isidentifier() or name != name.lower() or name[0] == "_" or "__" in name:
        raise ValueError(f"`{name[:60]}` cannot name a field: write `{snake(name)}`")
    if len(name) > LONGEST:
        raise ValueError(f"`{name[:60]}` is too long for a field: at most {LONGEST} letters")
    if name in RESERVED_FIELDS:
        raise ValueError(
            f"a field cannot be called `{name}`: {RESERVED_FIELDS[name]}. Say more, such as `{name}_by` or `is_{name}`"
        )


@lru_cache(maxsize=8192)
def check_role(name: str) -> None:
    """Raise ValueError when a role may not have this name."""
    if not name.isidentifier() or name != name.lower() or len(name) > LONGEST or name[0] == "_":
        raise ValueError(f"`{name[:60]}` cannot name a role: write one word in small letters such as `{snake(name)}`")
    if name in RESERVED_ROLES:
        raise ValueError(f"a role cannot be called `{name}`: the word has a meaning already")


@lru_cache(maxsize=8192)
def words(name: str) -> str:
    """`OrderLine` and `order_line` as `order line`; words in capitals stay."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).replace("_", " ")
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in spaced.split())


def label(name: str) -> str:
    """How a name is shown: `first_name` as `First name`."""
    said = words(name)
    return said[:1].upper() + said[1:]


@lru_cache(maxsize=8192)
def plural(name: str) -> str:
    """The plural of an English word; words of other scripts stay as they are."""
    if not name.isascii() or not name:
        return name
    for ending, many in (("person", "people"), ("child", "children"), ("staff", "staff"), ("equipment", "equipment"),
                         ("news", "news"), ("feedback", "feedback"), ("species", "species"), ("series", "series"),
                         ("man", "men"), ("shelf", "shelves"), ("leaf", "leaves"), ("loaf", "loaves")):  # fmt: skip
        if re.search(rf"\b{ending}$", name, re.IGNORECASE):
            return name[: len(name) - len(ending)] + (many.capitalize() if name[-len(ending)].isupper() else many)
    if re.search(r"[^aeiou]y$", name, re.IGNORECASE):
        return name[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", name, re.IGNORECASE):
        return name + "es"
    return name + "s"


@lru_cache(maxsize=8192)
def slug(name: str) -> str:
    """A name as it stands in an address: `My dogs!` as `my-dogs`."""
    return re.sub(r"[^\w]+", "-", words(name).lower()).strip("-_") or "page"


def snake(text: str) -> str:
    """The nearest field or role name."""
    name = re.sub(r"\W+", "_", words(re.sub(r"[^\w]+", "_", text))).strip("_").lower() or "name"
    name = name if not name[0].isdigit() else f"number_{name}"
    return re.sub(r"__+", "_", name)[:LONGEST]


def pascal(text: str) -> str:
    """The nearest entity name."""
    name = "".join(part[:1].upper() + part[1:] for part in re.split(r"[\W_]+", text) if part) or "Record"
    return (name if not name[0].isdigit() else f"Record{name}")[:LONGEST]
