"""How far things have come: a bar for each record against its target, or how many records are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.field import Field

from ..look.words import tone
from .frame import DataFrame, most_of
from .portrait import Layout

if TYPE_CHECKING:
    from espalier.blueprint.blocks.progress import Progress
    from espalier.blueprint.schema import Page

    from ..visit import Visit

SIZE = 24


def done_choices(field: Field) -> list[str]:
    """The choices that mean that something is finished: those that sound like it, else the last one."""
    sounding = [choice for choice in field.choices if tone(choice) == "success"]
    return sounding or list(field.choices[-1:])


def render(block: Progress, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The bars, or the share."""
    frame = DataFrame(block, visit, page, this)
    field = frame.field(frame.by) if frame.by else None
    if field is not None and "." not in frame.by and frame.by not in frame.readable:
        return Markup()
    if field is None or field.kind in ("bool", "choice"):
        return _share(frame, field)
    target = block.target if isinstance(block.target, str) else ""
    layout = Layout(frame, [str(path) for path in block.show] or [frame.spec.title_field])
    paths = [*layout.shown, frame.by, *([target] if target else [])]
    found, more = frame.page_of(SIZE, paths)
    target_field = frame.field(target) if target else None
    bars = []
    for record in found:
        value = float(record.get(frame.by) or 0)
        most = float(record.get(target) or 0) if target else float(block.target or most_of(field))
        said = frame.words(record.get(frame.by) or 0, field)
        if field.kind != "percent" and most:
            said += f" of {frame.words(record.get(target), target_field) if target_field else f'{most:,g}'}"
        # Decimals keep money whole: the bar itself needs only plain numbers.
        bars.append({"each": layout.portrait(record), "value": f"{max(0.0, min(value, most)):g}", "most": f"{most or 1:g}",
                     "words": said, "full": bool(most) and value >= most,
                     "percent": round(value / most * 100) if most else 0})  # fmt: skip
    return frame.draw(
        "progress.html", bars=bars, more=more, filters=frame.filter_bar(frame.entity, found.total or 0, SIZE)
    )


def _share(frame: DataFrame, field: Field | None) -> Markup:
    """How many of the records are done."""
    total = frame.records.count(frame.entity, **frame.limits)
    parts: list[tuple[str, int, str]] = []
    done = 0
    if field is not None and field.kind == "bool":
        done = frame.records.count(frame.entity, **{**frame.limits, "filters": {**frame.filters, frame.by: ["true"]}})
    elif field is not None:
        counts = {one.value: one.count for one in frame.records.choices(frame.entity, frame.by, **frame.limits)}
        done = sum(counts.get(choice, 0) for choice in done_choices(field))
        parts = [(choice, counts.get(choice, 0), tone(choice)) for choice in field.choices if counts.get(choice)]
    percent = round(done / total * 100) if total else 0
    return frame.draw(
        "share.html", total=total, done=done, percent=percent, parts=parts,
        label=frame.display.label(frame.entity, frame.by) if field is not None else "Done",
        filters=frame.filter_bar(frame.entity, total, SIZE, search=False),
    )  # fmt: skip
