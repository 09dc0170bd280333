"""The template environment: our templates, and the few helpers they use.

`environment` may be given further folders of templates (blocks, account pages); all of them share the macros here. What is
rendered with it is left to the runtime.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, Template, Undefined, pass_context
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

from espalier.runtime.look import art as drawings
from espalier.runtime.look.assets import icons
from espalier.runtime.look.shell import Shell
from espalier.runtime.look.words import icon_for, tone

TEMPLATES = Path(__file__).parent / "templates"

#: What a page may load: only from us, nothing inline, no evaluation. Pictures may be drawn (data) or previewed (blob).
CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"


class PageTemplate(Template):
    """A template whose macros are made once a page, however many of its parts import them: of what is around the import they
    use the `app` alone."""

    def make_module(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> TemplateModule:
        shell = (vars or {}).get("app")
        if not isinstance(shell, Shell):
            return super().make_module(vars, shared, locals)
        if self.name not in shell.macros:
            shell.macros[self.name] = super().make_module({"app": shell})
        made: TemplateModule = shell.macros[self.name]
        return made


@cache
def environment(*folders: Path) -> Environment:
    """An environment with these folders of templates, in order, and ours behind them."""
    made = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        # Compiling the macros takes a tenth of a second or two; the result is kept in a private folder for this user.
        bytecode_cache=FileSystemBytecodeCache(),
    )
    made.template_class = PageTemplate
    made.globals |= {"icon": icon, "art": art, "favicon": favicon}
    made.filters |= {"attributes": attributes, "tone": tone, "icon_for": icon_for, "columns": columns}
    return made


def icon(name: str, full: bool = False) -> Markup:
    """A decorative icon as inline SVG; the words beside it tell what it means. Unknown names draw a plain circle."""
    inside = icons().get(name) or icons()["circle"]
    full_mark = " data-full" if full else ""
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"{full_mark}>{inside}</svg>')  # noqa: S704 - ours


def attributes(extra: Mapping[str, Any]) -> Markup:
    """Keywords as attributes: `hx_get="/x"` is `hx-get`, True stands alone, False, None and undefined are left out."""
    found = []
    for name, value in extra.items():
        if value is None or value is False or isinstance(value, Undefined):
            continue
        spelled = escape(name.rstrip("_").replace("_", "-"))
        found.append(f" {spelled}" if value is True else f' {spelled}="{escape(value)}"')
    return Markup("".join(found))  # noqa: S704 - each value is escaped above


def columns(count: int) -> int:
    """In how many columns that many cards stand best on a wide page: full rows if there can be."""
    if count in (0, 1, 2, 3):
        return 2 if count == 2 else 3
    return min((3, 4), key=lambda each: (-count % each, each))


@pass_context
def art(context: Context, words: str, hint: str = "", shape: str = "card") -> Markup:
    """A picture drawn for the words, in the app's style; colours come from the stylesheet, so it follows light and dark."""
    shell = _shell(context)
    return drawings.draw(str(words), str(hint or ""), shape, shell.style, shell.about, shell.drawn)


@pass_context
def favicon(context: Context) -> str:
    """The app's sign as a data URL."""
    shell = _shell(context)
    colours = shell.theme.palette.light
    return _favicon(shell.name, shell.style, colours["primary"], colours["on_primary"])


@lru_cache(maxsize=256)
def _favicon(name: str, style: str, primary: str, on_primary: str) -> str:
    return drawings.data_url(drawings.sign(name, style, {"primary": primary, "on_primary": on_primary}))


def _shell(context: Context) -> Shell:
    shell = context.get("app")
    if not isinstance(shell, Shell):
        raise LookupError('There is no `app` here: give a Shell as `app`, and import macros "with context".')
    return shell
