"""Changes by hand: a text, a patch, a block that was dragged, a proposal that is applied; and how a version would look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.blueprint.patch import derive, print_patch
from espalier.blueprint.printer import print_blueprint
from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.reader import read, read_tree
from espalier.blueprint.schema import Blueprint

from . import builds, changes, outcomes, publishing, versions
from .errors import Faulty
from .previews import roles
from .versions import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .accounts import Account
    from .studio import Studio


def apply(studio: Studio, account: Account, app: Any, given: dict[str, Any]) -> int:
    """Make a version of what is given: `build` (its proposal), `patch` or `text`, made on the version `base`.

    Returns its number. Raises Faulty, and Moved when the head is another.
    """
    base = _number(given, "base")
    if given.get("build"):
        row = builds.of(studio, account, str(given["build"]))
        return builds.apply(studio, account, app, row, base)
    if base is None:
        raise Faulty("It is not said on which version this was made.", "Send its number as `base`.")
    if isinstance(given.get("patch"), str):
        text = versions.patched(versions.get(studio, app, base).text, given["patch"])
        return _edited(studio, account, app, base, Change(text, "patch", str(given.get("said", "")), given["patch"]))
    if isinstance(given.get("text"), str):
        return _edited(studio, account, app, base, Change(given["text"], "hand", str(given.get("said", ""))))
    raise Faulty("There is nothing to apply.", "Send `text`, `patch` or `build`.")


def propose(studio: Studio, account: Account, app: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What a text or a patch would change, before it is applied: differences, effect on the data. Raises Faulty."""
    base = _number(given, "base") or app.head
    before = versions.get(studio, app, base).text
    patch = str(given.get("patch") or "")
    text = versions.patched(before, patch) if patch else str(given.get("text", ""))
    after = versions.readable(text)
    return {
        "base": base,
        "text": text,
        "patch": patch or print_patch(derive(read(before), after)),
        "changes": changes.sentences(read(before), after, publishing.renames_of(patch)),
        "effect": publishing.effect(studio, app, text, patch),
    }


def move(studio: Studio, account: Account, app: Any, given: dict[str, Any]) -> int:
    """Put a block of a page to another place: `page` (key, name or slug), `from`, `to` (counted from 0), `base`."""
    base = _number(given, "base")
    start, end = _number(given, "from"), _number(given, "to")
    if base is None or start is None or end is None:
        raise Faulty("It is not said what goes where.", "Send `page`, `from`, `to` and `base`.")
    before = read(versions.get(studio, app, base).text)
    key = _page(before, str(given.get("page", "")))
    tree = before.model_dump()
    blocks = list(tree["pages"][key])
    if not (0 <= start < len(blocks) and 0 <= end < len(blocks)):
        raise Faulty(f"The page has {len(blocks)} blocks, counted from 0.")
    blocks.insert(end, blocks.pop(start))
    try:
        after = read_tree(tree | {"pages": tree["pages"] | {key: blocks}})
    except BlueprintError as error:
        raise Faulty(f"The block cannot be there: {error.problems[0]}") from None
    patch = print_patch(derive(before, after))
    said = f"Moved a block of {key}"
    return _edited(studio, account, app, base, Change(print_blueprint(after), "move", said, patch))


def version(studio: Studio, app: Any, number: int, against: str | None = None) -> dict[str, Any]:
    """A version with its text, and what is different in it from its parent, or from another one. Raises NotThere."""
    row = versions.get(studio, app, number)
    other = int(against) if against and against.isdigit() else row.parent
    lines = []
    if other is not None:
        renames = publishing.renames_of(row.patch) if other == row.parent else {}
        try:
            lines = changes.sentences(read(versions.get(studio, app, other).text), read(row.text), renames)
        except BlueprintError:  # a rename that does not lead from the one to the other
            lines = changes.sentences(read(versions.get(studio, app, other).text), read(row.text))
    shown = ("number", "parent", "text", "patch", "how", "said", "build", "candidate", "at")
    return {name: getattr(row, name) for name in shown} | {"against": other, "changes": lines}


def preview(studio: Studio, account: Account, app: Any, said: Mapping[str, str]) -> str:
    """The address of a preview: `role`, `data` (sample or real), and `version`, or `build` and `candidate`. Raises Faulty."""
    role, data = said.get("role", ""), said.get("data", "") or "sample"
    if data not in ("sample", "real"):
        raise Faulty("`data` is `sample` or `real`.")
    if id := said.get("build"):
        row = builds.of(studio, account, id)
        number = _number(said, "candidate") or row.candidate
        return studio.hosting.preview(app=app.id, build=row.id, candidate=number, by=account.id, role=role, data=data)
    row = versions.get(studio, app, _number(said, "version"))
    known = roles(read(row.text))
    if role and role not in known:
        raise Faulty(f"This version has no role {role}.", f"It has {', '.join(known)}.")
    return studio.hosting.preview(app=app.id, version=row.number, by=account.id, role=role, data=data)


def _edited(studio: Studio, account: Account, app: Any, base: int, change: Change) -> int:
    """A change by a person; how much of a build's work it changes is an outcome of that build."""
    before = versions.get(studio, app, base).text
    after = versions.readable(change.text)
    lines = changes.sentences(read(before), after, publishing.renames_of(change.patch))
    if not change.said:
        said = " ".join(line["words"] for line in lines[:3]) + (" And more." if len(lines) > 3 else "")
        change = Change(change.text, change.how, said, change.patch)
    number = versions.commit(studio, account, app, base, change)
    if number != base:
        build = outcomes.build_of(studio.store, app.id, base)
        where = sorted({line["where"].partition(".")[0] for line in lines})
        outcomes.note(studio.store, build, account.id, "edited", how=change.how, lines=len(lines), where=where)
    return number


def _page(blueprint: Blueprint, said: str) -> str:
    for page in blueprint.page_list:
        if said in (page.key, page.name, page.slug):
            return page.key
    raise Faulty(f"There is no page {said}.", f"There is {', '.join(page.name for page in blueprint.page_list)}.")


def _number(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Faulty(f"`{name}` must be a number.") from None
