"""`python -m espalier.runtime.look.kit FOLDER`: every macro with real content, in each style, light and dark."""

import sys
from datetime import date, timedelta
from pathlib import Path

from espalier.runtime.look import Flash, Link, Shell, Theme, Visitor, asset, environment, stylesheet
from espalier.runtime.look.assets import names
from espalier.runtime.look.kit.content import APPS, App
from espalier.runtime.look.palette import Mode

HERE = Path(__file__).parent
PAGES = ("site", "tool", "form", "art", "error", "side")
MODES: tuple[Mode, ...] = ("light", "dark")


def main(folder: Path) -> None:
    """Write the pages, and the files they need, into the folder."""
    for name in names():
        place = folder / "static" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(asset(name).body)
    for app in APPS:
        for mode in MODES:
            theme = Theme.of(app.primary, app.background, app.accent, app.style, mode)
            (folder / f"{app.style}.css").write_text(stylesheet(theme), "utf-8")
            for page in PAGES:
                (folder / f"{app.style}-{page}-{mode}.html").write_text(render(app, page, theme), "utf-8")
    print(f"{len(APPS) * len(MODES) * len(PAGES)} pages in {folder}")


def render(app: App, page: str, theme: Theme) -> str:
    """One page of the kit. `page` is one of PAGES."""
    titles = app.pages if page != "side" else (*app.pages, *app.more_pages)
    nav = tuple(
        Link(title, "#", index == (1 if page in ("tool", "side") else 0), icon)
        for index, (title, icon) in enumerate(titles)
    )
    signed_in = page not in ("site", "error")
    shell = Shell(
        name=app.name,
        about=app.about,
        theme=theme,
        nav=nav,
        visitor=Visitor(app.people[0], email="hello@example.com") if signed_in else None,
        account=(Link("Your account", "#", icon="settings"), Link("Sign out", "#", icon="log-out", post=True)),
        sign_in=None if signed_in else "#",
        sign_up=None if signed_in else "#",
        csrf="token",
        flashes=(Flash("Saved."),) if page == "form" else (),
        assets="static",
        theme_url=f"{app.style}.css",
        search="#" if page == "side" else None,
        footer=page == "site",
    )
    template = environment(HERE).get_template(
        {"error": "error.html", "side": "kit_tool.html"}.get(page, f"kit_{page}.html")
    )
    return template.render(app=shell, kit=app, title=titles[0][0], code=404, month=_month(app))


def _month(app: App) -> list[list[dict[str, object]]]:
    first = date(2026, 11, 1)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    for week in range(6):
        days = []
        for number in range(7):
            day = monday + timedelta(days=week * 7 + number)
            events = [
                {
                    "title": row[0],
                    "url": "#",
                    "time": f"{9 + index * 2}:30",
                    "tone": ("primary", "success", "warning", "accent")[(index + day.day) % 4],
                }
                for index, row in enumerate(app.rows)
                if (day.day * 7 + index * 5) % 11 < 2
            ]
            days.append(
                {
                    "number": day.day,
                    "weekday": f"{day:%a}",
                    "outside": day.month != 11,
                    "today": day == date(2026, 11, 22),
                    "events": events,
                }
            )
        weeks.append(days)
    return weeks[: 5 if weeks[5][0]["outside"] else 6]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m espalier.runtime.look.kit FOLDER")
    main(Path(sys.argv[1]))
