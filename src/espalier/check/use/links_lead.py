"""Do links and buttons lead somewhere? Where the world knows the answer it is not asked of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ..checks import check
from ..report import Finding, fine, wrong
from .drawn import Drawn, drawn

if TYPE_CHECKING:
    from espalier.runtime.access import Visitor

    from ..subject import Subject

MOST_FOLLOWED = 2  # addresses really asked for in a quick look
OF_EVERYBODY = ("/login", "/signup", "/reset", "/account", "/notifications", "/search", "/logout")
RECORD = re.compile(r"/([^/]+)/([1-9][0-9]*)(?:/(edit|delete|do|mark|move)(?:/.*)?)?")
OF_ENTITY = re.compile(r"/([^/]+)/(new|import|export\.csv)")


@check("use", weight=2, order=-70)
def links_lead(subject: Subject) -> Iterator[Finding]:
    """Every link and button leads somewhere that the same person may go."""
    followed: set[tuple[str, int | None]] = set()
    unsure: list[tuple[Drawn, str]] = []
    for one in drawn(subject):
        if one.answer.status != 200:
            continue
        for href in links(one):
            path, _, fragment = href.partition("#")
            if fragment and (not path or path.partition("?")[0] == one.url):
                there = f'id="{fragment}"' in one.answer.text
                yield fine() if there else wrong(one.where, f"a link leads to #{fragment}, which is not on the page")
                continue
            if (path, one.who.id) in followed or not path.startswith("/") or path.startswith(("//", "/assets")):
                continue
            followed.add((path, one.who.id))
            leads = known(subject, one.who, unquote(path))
            if leads:
                yield fine()
            unsure.extend([(one, path)] * (leads is not True))
    doubtful = [pair for pair in unsure if known(subject, pair[0].who, unquote(pair[1])) is False]
    rest = [pair for pair in unsure if pair not in doubtful]
    for one, path in (*subject.some(doubtful, 2 * MOST_FOLLOWED), *subject.some(rest, MOST_FOLLOWED)):
        answer = subject.seeded(path, one.who)
        if answer.status >= 400 or (answer.to_login and one.who.id is not None):
            if _is_button_for_others(subject, one, path):
                continue
            yield wrong(one.where, f"a link leads to {path}, which answers {answer.status} to them",
                        "Lead to a page that they may open, or show the button under `if:` to those it is for.")  # fmt: skip
        else:
            yield fine()


def links(one: Drawn) -> list[str]:
    """The addresses on a page, each once."""
    found: dict[str, None] = {}
    for node in one.answer.tree.css("a[href]"):
        found[node.attributes.get("href") or ""] = None
    return [href for href in found if href and not href.lower().startswith(("http:", "https:", "mailto:", "tel:"))]


def known(subject: Subject, who: Visitor, url: str) -> bool | None:
    """May this person go there? None when the world does not tell."""
    path = url.partition("?")[0]
    view, app = subject.world.of(who), subject.app
    if path == "/" or path in OF_EVERYBODY:
        return True
    if path == "/admin" or path.startswith("/admin/"):
        return who.is_admin
    for page in subject.pages:
        if path == subject.url(page):
            return view.holds(page.who)
    by_slug = {slug: entity for entity, slug in app.entity_slugs.items()}
    if (found := OF_ENTITY.fullmatch(path)) and found[1] in by_slug:
        entity = by_slug[found[1]]
        operation = "read" if found[2] == "export.csv" else "create"
        return view.can(operation, entity) is not False
    if (found := RECORD.fullmatch(path)) and found[1] in by_slug:
        entity = by_slug[found[1]]
        row = subject.world.row(entity, int(found[2]))
        if row is None or not view.may("read", entity, row):
            return False
        if found[3] in ("edit", "delete"):
            return view.may("update" if found[3] == "edit" else "delete", entity, row)
        if found[3]:
            return None
        pages = [page for page in subject.blueprint.page_list if page.each == entity]
        return not pages or any(view.holds(page.who, entity, row) for page in pages)
    return None


def _is_button_for_others(subject: Subject, one: Drawn, path: str) -> bool:
    """Is it a way to a page for others, on a page that is for everybody? A visitor is asked to log in there; who is logged in
    as somebody else knows that it is not for them."""
    if one.page is None or one.page.who is not None:
        return False
    return any(path == subject.url(page) and page.who is not None for page in subject.pages)
