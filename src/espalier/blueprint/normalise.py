"""Slips that have only one meaning, put right before the schema sees them: older forms, other shapes of the same thing.

Each rule is one small function over the document tree (dicts, lists, strings) and says what it changed. What has two
meanings is left alone: the schema refuses it and says what to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .blocks import KINDS
from .blocks.base import Block, DataBlock
from .names import label, pascal, plural, snake, words
from .problems import Fix
from .schema import OPERATIONS, Entity

TOP = ("app", "about", "theme", "roles", "signup", "data", "access", "pages", "seed", "automations")
TOP_ALIASES = {"name": "app", "title": "app", "description": "about", "entities": "data", "models": "data", "permissions": "access",
               "style": "theme", "colors": "theme", "seeds": "seed", "sample": "seed", "automation": "automations", "rules": "access",
               "page": "pages", "views": "pages", "sign_up": "signup", "role": "roles"}  # fmt: skip
NOTHING = ("null", "~", "none", "None", "-", "n/a")

Say = Callable[[str], None]


def normalise(tree: Any, fixes: list[Fix]) -> Any:
    """The tree in the shapes of the schema. fixes gets a line for each slip; the tree that is given is not changed."""

    def say(message: str) -> None:
        fixes.append(Fix(message))

    if not isinstance(tree, dict):
        return tree
    tree = {_top_key(key, tree, say): value for key, value in tree.items() if value not in ("", None) or key == "app"}
    tree = {key: tree[key] for key in (*TOP, *(key for key in tree if key not in TOP)) if key in tree}
    for key, rule in RULES.items():
        if key in tree:
            tree[key] = rule(tree[key], tree, say)
    return tree


def _top_key(key: str, tree: dict[str, Any], say: Say) -> str:
    low = key.lower()
    meant = low if low in TOP else TOP_ALIASES.get(low, key)
    if meant != key and (meant in tree or meant not in TOP):
        return key
    if meant != key:
        say(f"read `{key}` as `{meant}`")
    return meant


def _theme(value: Any, tree: dict[str, Any], say: Say) -> Any:
    if isinstance(value, str):
        # `theme: teal` and `theme: friendly` are both said.
        say("wrote the theme as a group of keys")
        return {"style": value} if value in _styles() else {"primary": value}
    if not isinstance(value, dict):
        return value
    theme = {}
    for key, item in value.items():
        meant = {
            "color": "primary",
            "colour": "primary",
            "main": "primary",
            "secondary": "accent",
            "bg": "background",
            "dark": "mode",
        }.get(str(key), str(key))
        if meant == "style" and item == "dark":
            say("read the style `dark` as `mode: dark`")
            theme["mode"] = "dark"
        elif meant == "mode" and item in ("true", "yes"):
            theme["mode"] = "dark"
        elif item not in ("", "null"):
            theme[meant] = item
    return theme


def _styles() -> tuple[str, ...]:
    from .schema import STYLES

    return STYLES


def _roles(value: Any, tree: dict[str, Any], say: Say) -> Any:
    if isinstance(value, dict):
        value = list(value)
    if isinstance(value, str):
        value = re.split(r"[,\s]+", value.strip("[] "))
    if not isinstance(value, list):
        return value
    roles = []
    for role in value:
        if isinstance(role, dict) and len(role) == 1:
            role = next(iter(role))
        if not isinstance(role, str):
            return value
        if role.lower() in ("admin", "user", "anyone", "visitor", "anonymous", "owner") and role.lower() != "visitor":
            say(f"left out the role `{role}`: it exists always")
            continue
        if not role.isidentifier() or role != role.lower():
            say(f"wrote the role `{role}` as `{snake(role)}`")
            role = snake(role)
        if role not in roles:
            roles.append(role)
    return roles


def _data(value: Any, tree: dict[str, Any], say: Say) -> Any:
    if isinstance(value, list) and all(isinstance(item, dict) and len(item) == 1 for item in value):
        value = {key: fields for item in value for key, fields in item.items()}
    if not isinstance(value, dict):
        return value
    return {name: _entity(name, fields, say) for name, fields in value.items()}


def _entity(name: str, fields: Any, say: Say) -> Any:
    if isinstance(fields, list) and all(isinstance(item, dict) for item in fields):
        fields = {key: said for item in fields for key, said in item.items()}
    if fields in ("", None):
        fields = {}
    if not isinstance(fields, dict):
        return fields
    said: dict[str, Any] = {}
    for key, value in fields.items():
        if key == "actions":
            value = _lines(value)
            if isinstance(value, dict):
                value = {label: _steps(steps) for label, steps in value.items()}
        elif key == "rules":
            value = _lines(value)
        elif key == "unique" and isinstance(value, str) and value not in ("true", "false"):
            value = re.split(r"[,\s]+", value.strip("[]() "))
        elif isinstance(value, dict) and "type" in value and key not in Entity.PARTS:
            say(f"wrote the field `{name}.{key}` on one line")
            value = _field_from_keys(value)
        if (key not in Entity.PARTS and isinstance(key, str) and key != key.lower() and key.isidentifier()) or (
            key not in Entity.PARTS
            and re.fullmatch(r"[\w][\w \-]*", key)
            and not key.isidentifier()
            and not key[0].isdigit()
        ):
            say(f"wrote the field `{key}` as `{snake(key)}`")
            key = snake(key)
        said[key] = value
    return said


def _field_from_keys(value: dict[str, Any]) -> str:
    """`{type: text, required: true}` is how other tools say `text!`."""
    kind = str(value.get("type", "text"))
    options = value.get("options") or value.get("choices") or value.get("enum") or value.get("values")
    if isinstance(options, list):
        kind = " | ".join(str(option) for option in options)
    if kind in ("reference", "ref", "relation") and (
        target := value.get("to") or value.get("entity") or value.get("of")
    ):
        kind = str(target)
    kind += "!" if value.get("required") in ("true", "yes") else ""
    kind += " unique" if value.get("unique") in ("true", "yes") else ""
    default = value.get("default")
    return f"{kind} = {default}" if isinstance(default, str) and default not in ("", *NOTHING) else kind


def _steps(value: Any) -> Any:
    """Steps as a list of strings; `{status: Done}` is how other tools say `status = Done`."""
    if isinstance(value, dict):
        steps: list[str] = []
        for key, item in value.items():
            if key == "set" and isinstance(item, dict):
                steps += [f"{field} = {to}" for field, to in item.items()]
            elif isinstance(item, str):
                steps.append(
                    f"{key} {item}"
                    if key in ("if", "ask", "create", "email", "notify", "webhook", "set")
                    else f"{key} = {item}"
                )
            else:
                return value
        return steps
    if isinstance(value, list) and all(isinstance(item, (str, dict)) for item in value):
        said: list[Any] = []
        for item in value:
            steps_of = _steps(item) if isinstance(item, dict) else [item]
            said += steps_of if isinstance(steps_of, list) else [steps_of]
        return said
    return value


def _access(value: Any, tree: dict[str, Any], say: Say) -> Any:
    if not isinstance(value, dict):
        return value
    said = {}
    for entity, entry in value.items():
        if isinstance(entry, str):
            say(f"read the access of `{entity}` as reading and writing")
            entry = {"read": entry, "write": entry}
        if entity in ("all", "all entities", "*", "Default"):
            entity = "default"
        if isinstance(entry, dict):
            entry = {_operation(key): _who(who) for key, who in entry.items()}
        said[entity] = entry
    return said


def _operation(key: str) -> str:
    low = key.lower()
    return {
        "view": "read",
        "list": "read",
        "add": "create",
        "edit": "update",
        "change": "update",
        "remove": "delete",
    }.get(low, low if low in (*OPERATIONS, "write") else key)


def _who(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " or ".join(value) or "nobody"
    if isinstance(value, dict):
        return {_operation(key): _who(who) for key, who in value.items()}
    return value


def _pages(value: Any, tree: dict[str, Any], say: Say) -> Any:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        value = {next(iter(item)): next(iter(item.values())) for item in value if len(item) == 1}
    if not isinstance(value, dict):
        return value
    entities = tree.get("data")
    entities = entities if isinstance(entities, dict) else {}
    return {name: _blocks(blocks, entities, say) for name, blocks in value.items()}


def _blocks(value: Any, entities: dict[str, Any], say: Say) -> Any:
    if value in ("", None):
        return []
    if isinstance(value, dict):
        # `Home: {hero: ..., table: ...}`: every kind begins a block.
        blocks: list[dict[str, Any]] = []
        for key, item in value.items():
            if key in KINDS or not blocks:
                blocks.append({key: item})
            else:
                blocks[-1][key] = item
        value = blocks
    if isinstance(value, str):
        value = [value]
    return [_block(block, entities, say) for block in value] if isinstance(value, list) else value


def _block(block: Any, entities: dict[str, Any], say: Say) -> Any:
    if isinstance(block, str):
        word, _, words_behind = block.partition(":")
        if not words_behind.strip() and " " in word.strip():
            word, _, words_behind = word.strip().partition(" ")
        return {word.strip(): words_behind.strip()} if word.strip() in KINDS else block
    if not isinstance(block, dict) or not block:
        return block
    block = dict(block)
    kind: Any = next((key for key in block if key in KINDS), None)
    if kind is None:
        written = next(iter(block))
        kind = KIND_ALIASES.get(written.lower().replace(" ", "_"))
        if kind is None and isinstance(block.get("type") or block.get("block"), str):
            kind = block.pop("type", None) or block.pop("block")
            first = next((block.pop(key) for key in ("of", "entity", "title", "data") if key in block), "")
            block = {kind: first, **block}
        elif kind is not None:
            say(f"read the block `{written}` as `{kind}`")
            block = {kind if key == written else key: item for key, item in block.items()}
        if kind not in KINDS:
            return block
    cls = KINDS[kind]
    main: Any = block[kind]
    rest: dict[str, Any] = {key: item for key, item in block.items() if key != kind}
    if cls.group == "content" and _holds_lines(cls):
        if isinstance(main, dict) and isinstance(main.get("items"), (dict, list)):
            rest |= {key: item for key, item in main.items() if key != "items"}
            main = main["items"]
        main = _lines(main)
        known = {info.alias or name for name, info in cls.model_fields.items()}
        if isinstance(main, str) and "items" not in rest and (beside := [key for key in rest if key not in known]):
            # `- features: How it works` with the lines beside it instead of below it.
            rest["items"] = {key: rest.pop(key) for key in beside}
        if isinstance(main, str) and "items" in rest:
            rest.setdefault("title", main)
            main = _lines(rest.pop("items"))
        main, options = _options_of_lines(main, cls)
        rest = {**options, **rest}
    elif kind == "stats":
        main = _stats(main, say)
    elif isinstance(main, dict):
        main, options = _from_map(main, cls)
        rest = {**options, **rest}
    if isinstance(main, list) and kind not in ("search", "stats") and issubclass(cls, DataBlock) and len(main) == 1:
        main = main[0]
    if "by" in rest and isinstance(main, str) and " by " not in main and issubclass(cls, DataBlock):
        main = f"{main} by {rest.pop('by')}"
    if issubclass(cls, DataBlock) and isinstance(main, str) and entities:
        main = _known_entity(main, entities, say)
    rest = {key: item for key, item in rest.items() if item not in ("", None, "null")}
    if "columns" in rest and "show" not in rest:
        rest["show"] = rest.pop("columns")
    if "fields" in rest and "show" not in rest:
        rest["show"] = rest.pop("fields")
    if "set" in rest:
        rest["set"] = _steps(rest["set"])
    return {kind: main, **rest}


KIND_ALIASES = {
    "grid": "cards", "card": "cards", "kanban": "board", "datatable": "table", "graph": "chart", "charts": "chart", "statistics": "stats", "kpis": "stats",
    "metrics": "stats", "counter": "stats", "header": "hero", "heading": "text", "paragraph": "text", "markdown": "text", "about": "text", "questions": "faq",
    "reviews": "testimonials", "prices": "pricing", "plans": "pricing", "services": "features", "people": "team", "staff": "team", "address": "contact", "photo": "image",
    "picture": "image", "photos": "gallery", "posts": "feed", "ranking": "leaderboard", "html": "custom", "game": "custom", "iframe": "custom", "subscribe": "newsletter",
    "notice": "banner", "alert": "banner", "create": "form", "schedule": "calendar", "cart": "shop", "store": "shop", "survey": "form", "link": "button", "cta": "button",
}  # fmt: skip


def _holds_lines(cls: type[Block]) -> bool:
    info = cls.model_fields.get("of")
    return info is not None and "dict" in str(info.annotation)


def _lines(value: Any) -> Any:
    """`Title: text` lines from the other shapes: a list of one-key groups, of `Title: text` strings, of {title, text}."""
    if not isinstance(value, list):
        return value
    lines: dict[str, Any] = {}
    for item in value:
        if isinstance(item, dict) and len(item) == 1:
            key, text = next(iter(item.items()))
        elif isinstance(item, dict) and len(item) >= 2:
            values = [part for part in item.values() if isinstance(part, str)]
            if len(values) < 2:
                return value
            key, text = values[0], ", ".join(values[1:])
        elif isinstance(item, str):
            key, _, text = item.partition(":")
            key, text = key.strip(), text.strip()
        else:
            return value
        lines[str(key)] = text
    return lines


def _options_of_lines(main: Any, cls: type[Block]) -> tuple[Any, dict[str, Any]]:
    if not isinstance(main, dict):
        return main, {}
    options = {key: main[key] for key in ("title", "text") if key in main}
    return {key: item for key, item in main.items() if key not in options}, options


def _from_map(main: dict[str, Any], cls: type[Block]) -> tuple[Any, dict[str, Any]]:
    """`table: {of: Ticket, show: [...]}` and `hero: {title: ..., text: ...}`: the main value, and the rest as options."""
    rest = dict(main)
    for key in (
        "of",
        "entity",
        "text" if cls.kind in ("text", "banner", "footer") else "title",
        "title",
        "text",
        "name",
        "url",
        "alt",
    ):
        if key in rest:
            return rest.pop(key), rest
    if cls.kind == "contact":
        return "", rest
    return main, {}


def _stats(value: Any, say: Say) -> Any:
    """`[count Ticket where status = Open]` without labels: the label comes from the expression."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return value
    lines: dict[str, Any] = {}
    for item in value:
        if isinstance(item, dict) and len(item) == 1:
            name, said = next(iter(item.items()))
        elif isinstance(item, dict) and {"label", "value"} <= set(item):
            name, said = item["label"], item["value"]
        elif isinstance(item, str):
            found = re.fullmatch(r"([A-Z][^:(]*):\s+(.+)", item)
            name, said = (found[1], found[2]) if found else (stat_label(item), item)
        else:
            return value
        while name in lines:
            name += " "
        lines[name.strip() if name.strip() not in lines else f"{name.strip()} {len(lines) + 1}"] = said
    return lines


def stat_label(expression: str) -> str:
    """A label for a number that has none: `count Ticket where status = Open` as `Tickets: Open`."""
    match = re.match(
        r"(count|sum|avg|min|max|latest)[\s(]+(\w+)(?:\.([\w.]+))?(?:\s+where\s+(.*?))?\)?$", expression.strip()
    )
    if not match:
        return label(expression)[:60]
    function, entity, path, where = match.groups()
    if function == "count":
        said = label(plural(words(entity)))
    else:
        said = label((path or entity).split(".")[-1])
        said = {"avg": "Average ", "max": "Highest ", "min": "Lowest ", "latest": "Latest "}.get(
            function, "Total "
        ) + said.lower()
    value = re.fullmatch(r"[\w.]+\s*=\s*(.+)", where or "")
    if value and value[1] not in ("true", "false"):
        said += f": {value[1]}"
    elif where:
        field = re.match(r"[\w.]+", where)
        said += f", {words(field[0].split('.')[-1])}" if field else ""
    return said


def _known_entity(source: str, entities: dict[str, Any], say: Say) -> str:
    """`tickets` and `Tickets` mean `Ticket` when that is the only entity they can mean."""
    name, by, field = source.partition(" by ")
    if name in entities or name == "User":
        return source
    known = {
        **{entity.lower(): entity for entity in entities},
        **{plural(entity).lower(): entity for entity in entities},
        "users": "User",
    }
    meant = known.get(name.lower()) or known.get(pascal(name).lower())
    if meant is None:
        return source
    say(f"read `{name}` as the entity `{meant}`")
    return meant + by + field


def _seed(value: Any, tree: dict[str, Any], say: Say) -> Any:
    if not isinstance(value, dict):
        return value
    data = tree.get("data")
    data = data if isinstance(data, dict) else {}
    return {
        name: [_row(row, data.get(name)) for row in rows] if isinstance(rows, list) else rows
        for name, rows in value.items()
    }


def _row(row: Any, fields: Any) -> Any:
    if isinstance(row, dict) and isinstance(fields, dict):
        names = [name for name in fields if name not in Entity.PARTS]
        if len(row) == 1 and next(iter(row)) not in names:
            # A row with a colon in it: YAML made a key of its first half.
            return f"{next(iter(row))}: {next(iter(row.values()))}"
        return _row([row.get(name, "") for name in names], fields) if set(row) <= set(names) else row
    if isinstance(row, list):
        cells = []
        for cell in row:
            if isinstance(cell, list):
                cell = ", ".join(str(item) for item in cell)
            if not isinstance(cell, str):
                return row
            cells.append("" if cell in ("null", "~") else cell.replace("|", "\\|"))
        return " | ".join(cells)
    if isinstance(row, str) and re.search(r"[\"']", row):
        # Quotes around a single value are left over from other ways of writing rows.
        cells = re.split(r"(?<!\\)\|", row)
        return "|".join(re.sub(r"^(\s*)([\"'])(.*)\2(\s*)$", r"\1\3\4", cell) for cell in cells)
    return row


def _automations(value: Any, tree: dict[str, Any], say: Say) -> Any:
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        lines: dict[str, Any] = {}
        for item in value:
            if isinstance(item, str) and ":" in item:
                trigger, _, steps = item.partition(":")
                item = {trigger.strip(): steps.strip()}
            if isinstance(item, dict) and "when" in item and ("do" in item or "then" in item):
                item = {f"when {item['when']}": item.get("do", item.get("then"))}
            if not isinstance(item, dict) or len(item) != 1:
                return value
            trigger, steps = next(iter(item.items()))
            lines[trigger] = [*lines.get(trigger, []), *(steps if isinstance(steps, list) else [steps])]
        value = lines
    if isinstance(value, dict):
        return {trigger: _steps(steps) for trigger, steps in value.items()}
    return value


RULES: dict[str, Callable[[Any, dict[str, Any], Say], Any]] = {
    "theme": _theme,
    "roles": _roles,
    "data": _data,
    "access": _access,
    "pages": _pages,
    "seed": _seed,
    "automations": _automations,
}
