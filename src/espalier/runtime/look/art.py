"""Pictures drawn where a record, a person or a hero has none: illustrations of things the words speak of.

A picture is a stage, of which every style has several, with things on it (`objects`). It is the same each time for the same
words. Colours are classes that the page's stylesheet fills in, so a picture follows the app's palette through light and dark.
Text in a picture is escaped; nothing else in it comes from outside.
"""

import math
import random
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from espalier.runtime.look.objects import OBJECTS, beside, subject

_SIZES = {"square": (600, 600), "tall": (640, 800), "full": (1000, 700), "avatar": (96, 96)}
# Cards and heroes have their own frames in each style, and so does what is drawn for them.
_CARDS = {"friendly": (800, 600), "minimal": (800, 450), "bold": (600, 600), "elegant": (640, 800)}
_HEROES = {"friendly": (1100, 1000), "minimal": (2100, 800), "bold": (1000, 1080), "elegant": (1100, 1200)}


def draw(
    words: str,
    hint: str = "",
    shape: str = "card",
    style: str = "friendly",
    setting: str = "",
    drawn: list[str] | None = None,
) -> Markup:
    """A picture for the words as inline SVG. `hint` says what it is about when the words do not; shape: hero, card, square,
    tall, full, avatar; style: friendly, minimal, bold, elegant. With the hint "person" the words are a name. `setting` says what the
    app is about: things from elsewhere are not drawn. `drawn` is what stands on the page already; this one is added to it."""
    if hint == "person":
        return _picture(words, None, shape, style)
    name = subject(words, hint, setting, drawn[-1] if drawn else "")
    if drawn is not None:
        drawn.append(name)
    return _picture(words, name, shape, style)


@lru_cache(maxsize=1024)  # a few kilobytes each; the same records stand on many pages
def _picture(words: str, name: str | None, shape: str, style: str) -> Markup:
    """The picture of a thing ("" for none in particular), or of a person when there is no name of a thing."""
    width, height = {"hero": _HEROES, "card": _CARDS}[shape][style] if shape in ("hero", "card") else _SIZES[shape]
    chance = random.Random(words.lower())  # noqa: S311 - a picture, not a secret
    if name is None:
        inside = _monogram(words, width) if shape == "avatar" else _portrait(chance, width, height, style)
    else:
        stages = _STAGES[style] if name else _ABSTRACT[style]
        inside = chance.choice(stages)(chance, float(width), float(height), name)
    scheme = 5 if shape == "hero" and style == "friendly" else chance.randrange(1, 6)
    return Markup(  # noqa: S704 - numbers and our own shapes; a monogram's letters are escaped
        f'<svg class="art art-{scheme}" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">{inside}</svg>'
    )


def sign(name: str, style: str, tokens: dict[str, str]) -> str:
    """The app's sign: a square SVG with fixed colours, for icons outside the page."""
    letter = escape((name.strip() or "?")[0].upper())
    shape = {
        "friendly": '<path d="M32 0c22 0 32 10 32 32S54 64 32 64 0 54 0 32 10 0 32 0z"',
        "minimal": '<rect width="64" height="64" rx="14"',
        "bold": '<rect width="64" height="64"',
        "elegant": '<circle cx="32" cy="32" r="32"',
    }[style]
    face = "Georgia,serif" if style == "elegant" else "system-ui,sans-serif"
    weight = {"friendly": 800, "minimal": 600, "bold": 900, "elegant": 400}[style]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">{shape} fill="{tokens["primary"]}"/>'
        f'<text x="32" y="46" text-anchor="middle" font-family="{face}" font-weight="{weight}" font-size="40" '
        f'fill="{tokens["on_primary"]}">{letter}</text></svg>'
    )


def data_url(svg: str) -> str:
    """The SVG as a URL that stands for itself."""
    return "data:image/svg+xml," + quote(svg)


# Shapes


def _n(value: float) -> str:
    """A number as short as it can be: pictures stand in the page."""
    return f"{value:.1f}".removesuffix(".0")


def _rect(paint: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{paint}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"/>'


def _circle(paint: str, x: float, y: float, radius: float) -> str:
    return f'<circle class="{paint}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'


def _path(paint: str, d: str) -> str:
    return f'<path class="{paint}" d="{d}"/>'


def _object(name: str, x: float, base: float, size: float, paint: str = "", turn: float = 0) -> str:
    """A thing of that height and width, standing with its middle at x on the base line."""
    rotate = f" rotate({_n(turn)} 50 50)" if turn else ""
    group = f' class="{paint}"' if paint else ""
    return f'<g{group} transform="translate({_n(x - size / 2)} {_n(base - size)}) scale({size / 100:.3f}){rotate}">{OBJECTS[name]}</g>'


def _shadow(x: float, base: float, size: float) -> str:
    return f'<ellipse class="shade" cx="{_n(x + size * 0.06)}" cy="{_n(base - size * 0.005)}" rx="{_n(size * 0.46)}" ry="{_n(size * 0.045)}"/>'


def _smooth(points: list[tuple[float, float]], closed: bool = True) -> str:
    """A smooth line through the points (Catmull-Rom as Bezier curves)."""
    count = len(points)
    d = f"M{_n(points[0][0])} {_n(points[0][1])}"
    for index in range(count if closed else count - 1):
        before, here, there, after = (
            points[(index + step) % count] if closed else points[min(max(index + step, 0), count - 1)]
            for step in (-1, 0, 1, 2)
        )
        first = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        second = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        d += f"C{_n(first[0])} {_n(first[1])} {_n(second[0])} {_n(second[1])} {_n(there[0])} {_n(there[1])}"
    return d + ("Z" if closed else "")


def _blob(chance: random.Random, x: float, y: float, radius: float, rough: float = 0.16, stretch: float = 1.0) -> str:
    count = 7
    start = chance.random() * math.tau
    points = []
    for index in range(count):
        angle = start + index / count * math.tau
        reach = radius * (1 + chance.uniform(-rough, rough))
        points.append((x + math.cos(angle) * reach * stretch, y + math.sin(angle) * reach))
    return _smooth(points)


def _hill(chance: random.Random, width: float, height: float, level: float, swing: float, waves: int = 3) -> str:
    phase = chance.random() * math.tau
    points = [
        (width * step / (waves * 2), height * level + math.sin(phase + step * 1.35) * height * swing)
        for step in range(-1, waves * 2 + 2)
    ]
    return _smooth(points, closed=False) + f"V{_n(height)}H{_n(-width)}Z"


def _sprig(
    chance: random.Random, x: float, base: float, length: float, lean: float, leaf: str, line: str, weight: str = "w1"
) -> str:
    """A branch that bends as it grows, with leaves to both sides that get smaller toward its tip."""
    steps = 7
    bend = chance.uniform(-0.35, 0.35) + lean
    points = [
        (x + math.sin(bend * step / steps) * length * step / steps * 0.8, base - length * step / steps)
        for step in range(steps + 1)
    ]
    drawn = [_path(f"{line} {weight} thin", _smooth(points, closed=False))]
    for index in range(1, steps + 1):
        px, py = points[index]
        size = length * (0.23 - 0.017 * index)
        for side in (-1, 1):
            angle = math.degrees(bend * index / steps) + side * chance.uniform(44, 60)
            if index == steps:
                angle = math.degrees(bend) + side * 24
            drawn.append(
                f'<path class="{leaf}" transform="translate({_n(px)} {_n(py)}) rotate({_n(angle)})" '
                f'd="M0 0C{_n(-size * 0.3)} {_n(-size * 0.35)} {_n(-size * 0.24)} {_n(-size * 0.8)} 0 {_n(-size)}'
                f'C{_n(size * 0.24)} {_n(-size * 0.8)} {_n(size * 0.3)} {_n(-size * 0.35)} 0 0Z"/>'
            )
    return "".join(drawn)


def _company(chance: random.Random, name: str, count: int) -> list[str]:
    """The thing itself and others that go beside it."""
    others = list(beside(name))
    chance.shuffle(others)
    return [name, *others[: count - 1]]


def _row(chance: random.Random, names: list[str], x: float, base: float, size: float) -> str:
    """Things standing together as in a still life: the first is the largest, the others overlap it a little."""
    sizes = [size] + [size * chance.uniform(0.5, 0.66) for _ in names[1:]]
    places = [x]
    left, right = x - size * 0.42, x + size * 0.42
    for index, each in enumerate(sizes[1:]):
        if index % 2 == 0:
            places.append(right + each * 0.36)
            right += each * 0.8
        else:
            places.append(left - each * 0.36)
            left -= each * 0.8
    shift = ((x - left) - (right - x)) / 2
    drawn = [_shadow(place + shift, base, each) for place, each in zip(places, sizes, strict=True)]
    for index, (name, place, each) in enumerate(zip(names, places, sizes, strict=False)):
        drawn.append(_object(name, place + shift, base, each, "turn" if index else ""))
    return "".join(drawn)


# Friendly: cut paper. Round forms, flat colour, things on a table or a hill.


def _table(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    base = h * 0.8
    blob = _path(
        "p", _blob(chance, w * chance.uniform(0.42, 0.58), h * 0.46, unit * 0.44, stretch=w / h * 0.9 if w > h else 1)
    )
    sun = _circle("b", w * chance.choice((0.2, 0.8)), h * 0.24, unit * 0.09)
    things = _row(chance, _company(chance, name, 3), w * 0.5, base + unit * 0.035, unit * 0.5)
    return _rect("g", 0, 0, w, h) + blob + sun + _path("c", f"M0 {_n(base)}H{_n(w)}V{_n(h)}H0Z") + things


def _portion(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    dots = "".join(
        _circle(
            chance.choice("abc"),
            w / 2 + math.cos(angle) * w * 0.43,
            h / 2 + math.sin(angle) * h * 0.41,
            unit * chance.uniform(0.012, 0.03),
        )
        for angle in (chance.random() * 0.3 + index * math.tau / 9 for index in range(9))
    )
    plate = _path("l", _blob(chance, w / 2, h / 2, unit * 0.38, 0.06))
    return (
        _rect("p", 0, 0, w, h)
        + dots
        + plate
        + _object(name, w / 2, h / 2 + unit * 0.26, unit * 0.52, turn=chance.uniform(-6, 6))
    )


def _hills(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    sun = _circle("b", w * chance.uniform(0.25, 0.75), h * 0.34, unit * 0.15)
    drawn = (
        _rect("g", 0, 0, w, h)
        + sun
        + _path("p", _hill(chance, w, h, 0.5, 0.07))
        + _path("c", _hill(chance, w, h, 0.62, 0.06))
    )
    if name:
        drawn += _object(name, w * chance.uniform(0.38, 0.62), h * 0.86, unit * 0.46)
    return (
        drawn
        + _path("d" if name else "a", _hill(chance, w, h, 0.81, 0.025))
        + ("" if name else _path("d", _hill(chance, w, h, 0.92, 0.03)))
    )


def _cutouts(chance: random.Random, w: float, h: float, name: str) -> str:
    """Panels of coloured paper, each with one cut-out form."""
    columns, rows = (3, 2) if w > h * 1.15 else (2, 2)
    grounds = ["g", "p", "a", "l", "b", "c"]
    chance.shuffle(grounds)
    drawn = []
    cell_w, cell_h = w / columns, h / rows
    held = chance.randrange(columns * rows)
    for index in range(columns * rows):
        x, y = index % columns * cell_w, index // columns * cell_h
        ground = grounds[index % len(grounds)]
        if ground in "abc" and index == held and name:
            ground = "l"
        ink = {"a": "l", "b": "d", "c": "l", "g": "a", "p": "d", "l": "a"}[ground]
        drawn.append(_rect(ground, x - 1, y - 1, cell_w + 2, cell_h + 2))
        size = min(cell_w, cell_h)
        middle_x, middle_y = x + cell_w / 2, y + cell_h / 2
        kind = chance.randrange(4)
        if index == held and name:
            drawn.append(_object(name, middle_x, middle_y + size * 0.36, size * 0.72))
        elif kind == 0:
            drawn.append(_sprig(chance, middle_x, y + cell_h * 0.94, cell_h * 0.84, 0, ink, f"s{ink}", "w5"))
        elif kind == 1:
            drawn.append(_path(ink, _blob(chance, middle_x, middle_y, size * 0.33, 0.24)))
            drawn.append(_circle(ground, middle_x + size * 0.05, middle_y, size * 0.1))
        elif kind == 2:
            petals = "".join(
                f'<ellipse rx="{_n(size * 0.09)}" ry="{_n(size * 0.2)}" cy="{_n(-size * 0.22)}" transform="rotate({turn})"/>'
                for turn in range(0, 360, 60)
            )
            drawn.append(
                f'<g class="{ink}" transform="translate({_n(middle_x)} {_n(middle_y)}) rotate({chance.randrange(60)})">{petals}</g>'
            )
        else:
            points = "".join(_wave(x, y + cell_h * (0.2 + 0.2 * line), cell_w, size * 0.07) for line in range(4))
            drawn.append(_path(f"s{ink} w7 thick", points))
    return "".join(drawn)


def _wave(x: float, y: float, width: float, height: float) -> str:
    step = width / 4
    return f"M{_n(x)} {_n(y)}" + "".join(
        f"q{_n(step / 2)} {_n(-height if index % 2 else height)} {_n(step)} 0" for index in range(4)
    )


# Minimal: drawn with a fine pen, one colour filled in.


def _ruled(w: float, h: float, step: float) -> str:
    d = "".join(f"M{_n(x * step)} 0V{_n(h)}" for x in range(1, int(w / step) + 1))
    d += "".join(f"M0 {_n(y * step)}H{_n(w)}" for y in range(1, int(h / step) + 1))
    return _path("sp w1 line faint", d)


def _plan(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    base = h * 0.79
    count = 1 if w <= h * 1.05 else 3 if w < h * 2 else 5
    names = _company(chance, name, count)
    drawn = [_rect("g", 0, 0, w, h), _ruled(w, h, unit / 8)]
    if count == 1:
        drawn.append(_object(name, w / 2, base, unit * 0.52, "pen"))
    else:
        order = [*names[1 : count // 2 + 1], name, *names[count // 2 + 1 :]]
        gap = w / (len(order) + 1)
        for index, each in enumerate(order):
            size = unit * (0.52 if each == name else 0.3 + 0.06 * (index % 2))
            drawn.append(_object(each, gap * (index + 1), base, size, "pen" if each == name else "pen pen-plain"))
    return "".join(drawn) + _path("sd w1 line", f"M0 {_n(base)}H{_n(w)}")


def _leaf_of_paper(chance: random.Random, w: float, h: float, name: str) -> str:
    """One thing before a great disc, on a line that runs through the sheet."""
    unit = min(w, h)
    base = h * 0.8
    x = w * chance.choice((0.36, 0.5, 0.64)) if w > h * 1.2 else w / 2
    disc = _circle("p", x + unit * chance.choice((-0.16, 0.16)), base - unit * 0.3, unit * 0.34)
    lines = "".join(f"M0 {_n(base + unit * 0.035 * step * step)}H{_n(w)}" for step in range(1, 4))
    return (
        _rect("g", 0, 0, w, h)
        + disc
        + _path("sp w1 line", lines)
        + _path("sd w1 line", f"M0 {_n(base)}H{_n(w)}")
        + _object(name, x, base, unit * 0.5, "pen")
    )


def _contours(chance: random.Random, w: float, h: float, name: str) -> str:
    x, y = w * chance.uniform(0.3, 0.7), h * chance.uniform(0.35, 0.65)
    start = chance.random() * math.tau
    wobble = [chance.uniform(-0.2, 0.2) for _ in range(9)]
    reach = math.hypot(w, h) * 0.62
    drawn = [_rect("g", 0, 0, w, h)]
    rings = 13
    for ring in range(rings, 0, -1):
        radius = reach * ring / rings
        drift = ring / rings
        points = [
            (
                x + math.cos(start + index / 9 * math.tau) * radius * (1 + wobble[index] * (0.4 + drift)) * 1.25,
                y + math.sin(start + index / 9 * math.tau) * radius * (1 + wobble[(index * 2) % 9] * (0.4 + drift)),
            )
            for index in range(9)
        ]
        drawn.append(_path("a" if ring == 1 else "sa w1 line" if ring % 4 == 0 else "sp w1 line", _smooth(points)))
    return "".join(drawn)


def _rings(chance: random.Random, w: float, h: float, name: str) -> str:
    """Concentric quarter rings on a grid, turned at random: one of them filled."""
    cell = h / 2
    columns = math.ceil(w / cell)
    drawn = [_rect("g", 0, 0, w, h)]
    filled = chance.randrange(columns * 2)
    for index in range(columns * 2):
        x, y = index % columns * cell, index // columns * cell
        corner = chance.randrange(4)
        cx, cy = x + cell * (corner & 1), y + cell * (corner >> 1)
        sx, sy = (1 if corner & 1 == 0 else -1), (1 if corner >> 1 == 0 else -1)
        sweep = 1 if sx * sy > 0 else 0
        for ring in range(1, 8):
            radius = cell * ring / 7
            arc = f"M{_n(cx + sx * radius)} {_n(cy)}A{_n(radius)} {_n(radius)} 0 0 {sweep} {_n(cx)} {_n(cy + sy * radius)}"
            if index == filled and ring == 4:
                drawn.append(_path("a", f"{arc}L{_n(cx)} {_n(cy)}Z"))
            elif index != filled or ring > 4:
                drawn.append(_path("sd w1 line" if index == filled else "sp w1 line", arc))
    return "".join(drawn)


def _blocks(chance: random.Random, w: float, h: float, name: str) -> str:
    """A field of isometric blocks, like a model of a town."""
    size = max(min(w, h) / 8.5, w / 17)
    across, down = size * 0.866, size * 0.5
    columns = int(w / (2 * across)) + 2
    lit = {(chance.randrange(2, 6), chance.randrange(columns)) for _ in range(3)}
    drawn = [_rect("g", 0, 0, w, h)]
    for row in range(2, int(h / down / 1.5) + 3):
        for column in range(columns):
            tall = size * chance.choice((0, 0.3, 0.6, 1.1, 1.7)) if chance.random() < 0.72 else 0
            x = column * 2 * across + (row % 2) * across
            y = row * down * 1.5
            paint = "a" if (row, column) in lit and tall else "g"
            side = "c" if paint == "a" else "p"
            if not tall:
                continue
            drawn.append(
                f'<g class="sd w1 line block"><path class="{paint}" d="M{_n(x)} {_n(y - tall)}l{_n(across)} {_n(-down)}l{_n(across)} {_n(down)}l{_n(-across)} {_n(down)}z"/>'
                f'<path class="g" d="M{_n(x)} {_n(y - tall)}v{_n(tall)}l{_n(across)} {_n(down)}v{_n(-tall)}z"/>'
                f'<path class="{side}" d="M{_n(x + across)} {_n(y - tall + down)}v{_n(tall)}l{_n(across)} {_n(-down)}v{_n(-tall)}z"/></g>'
            )
    return "".join(drawn)


def _dots(chance: random.Random, w: float, h: float, name: str) -> str:
    """A field of points whose size runs in waves."""
    step = h / 13
    phase, slope, focus = chance.random() * math.tau, chance.uniform(0.15, 0.4), chance.uniform(0.3, 0.7)
    # A point is a line of no length with a round end: one path for each size and colour.
    lines: dict[tuple[str, int], list[str]] = {}
    for row in range(13):
        for column in range(int(w / step) + 1):
            x, y = (column + 0.5) * step, (row + 0.5) * step
            value = (math.sin(column * 0.32 + phase + math.sin(row * slope) * 2) + 1) / 2
            paint = "sa" if abs(x / w - focus) < 0.14 and value > 0.5 else "sp"
            lines.setdefault((paint, round(7 * value**2)), []).append(f"M{x:.0f} {y:.0f}h0")
    drawn = [
        f'<path class="{paint}" stroke-width="{_n(step * (0.12 + 0.64 * size / 7))}" d="{"".join(points)}"/>'
        for (paint, size), points in lines.items()
    ]
    return _rect("g", 0, 0, w, h) + "".join(drawn)


# Bold: a poster. Fields of flat colour, one thing very large, hard geometry.


def _halves(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    kind = chance.randrange(3)
    back = _rect("b", 0, 0, w, h)
    if kind == 0:
        back += _rect("c", w / 2, 0, w / 2, h)
    elif kind == 1:
        back += _path("g", f"M0 {_n(h)}L{_n(w)} 0V{_n(h)}Z")
    else:
        back += _rect("d", 0, h * 0.68, w, h * 0.32)
    disc = _circle("l", w / 2, h / 2, unit * 0.37)
    return back + disc + _object(name, w / 2, h / 2 + unit * 0.34, unit * 0.68)


def _rays(chance: random.Random, w: float, h: float, name: str) -> str:
    x, y = w / 2, h * 0.62
    reach = math.hypot(w, h)
    count = 14
    start = chance.random() * 0.4
    d = ""
    for index in range(count):
        one, other = (start + (index + part) / count * math.tau for part in (0, 0.5))
        d += f"M{_n(x)} {_n(y)}L{_n(x + math.cos(one) * reach)} {_n(y + math.sin(one) * reach)}L{_n(x + math.cos(other) * reach)} {_n(y + math.sin(other) * reach)}Z"
    unit = min(w, h)
    drawn = _rect("g", 0, 0, w, h) + _path("b", d)
    if name:
        drawn += _circle("l", x, h * 0.52, unit * 0.36) + _object(name, x, h * 0.52 + unit * 0.31, unit * 0.6)
    else:
        drawn += _circle("a", x, y, unit * 0.3) + _circle("l", x, y, unit * 0.16)
    return drawn


def _tiles(chance: random.Random, w: float, h: float, name: str) -> str:
    """A Bauhaus wall: squares with quarters, halves, stripes and dots; a thing in a large one."""
    rows = 4 if h > w * 0.8 else 3
    cell = h / rows
    columns = math.ceil(w / cell)
    drawn = [_rect("l", 0, 0, w, h)]
    held_x, held_y = max(0, (columns - 2) // 2), max(0, (rows - 2) // 2)
    for row in range(rows):
        for column in range(columns):
            if name and held_x <= column < held_x + 2 and held_y <= row < held_y + 2:
                continue
            drawn.append(_tile(chance, column * cell, row * cell, cell))
    if name:
        x, y = held_x * cell, held_y * cell
        drawn += [_rect("l", x, y, cell * 2, cell * 2), _object(name, x + cell, y + cell * 1.82, cell * 1.64)]
    return "".join(drawn)


def _tile(chance: random.Random, x: float, y: float, size: float) -> str:
    ground, ink = chance.sample(["a", "b", "c", "d", "l", "p"], 2)
    if {ground, ink} == {"l", "p"}:
        ink = "d"
    tile = _rect(ground, x, y, size + 1, size + 1)
    kind = chance.randrange(7)
    s = _n(size)
    if kind == 0:
        corner = chance.randrange(4)
        cx, cy = x + size * (corner & 1), y + size * (corner >> 1)
        sx, sy = (1 if corner & 1 == 0 else -1), (1 if corner >> 1 == 0 else -1)
        return tile + _path(
            ink,
            f"M{_n(cx)} {_n(cy)}h{_n(size * sx)}A{s} {s} 0 0 {1 if sx * sy > 0 else 0} {_n(cx)} {_n(cy + size * sy)}Z",
        )
    if kind == 1:
        return tile + _circle(ink, x + size / 2, y + size / 2, size * chance.choice((0.5, 0.36, 0.22)))
    if kind == 2:
        half = _n(size / 2)
        return tile + _path(
            ink, f"M{_n(x)} {_n(y)}a{half} {half} 0 0 0 {s} 0zM{_n(x)} {_n(y + size / 2)}a{half} {half} 0 0 0 {s} 0z"
        )
    if kind == 3:
        stripes = "".join(f"M{_n(x)} {_n(y + size * index / 4)}h{s}v{_n(size / 8)}h-{s}z" for index in range(4))
        return tile + _path(ink, stripes)
    if kind == 4:
        return tile + _path(ink, f"M{_n(x)} {_n(y)}L{_n(x + size)} {_n(y + size)}H{_n(x)}Z")
    if kind == 5:
        dots = "".join(
            _circle(ink, x + size * (0.25 + 0.5 * (index & 1)), y + size * (0.25 + 0.5 * (index >> 1)), size * 0.13)
            for index in range(4)
        )
        return tile + dots
    return tile


def _echo(chance: random.Random, w: float, h: float, name: str) -> str:
    """Arcs that echo outward from a corner."""
    corner = chance.randrange(4)
    x, y = w * (corner & 1), h * (corner >> 1)
    reach = math.hypot(w, h)
    paints = ["a", "b", "l", "c", "d", "g"]
    chance.shuffle(paints)
    rings = "".join(_circle(paints[index % 6], x, y, reach * (1.02 - index * 0.15)) for index in range(7))
    return _rect("g", 0, 0, w, h) + rings


# Elegant: a still life in a quiet room. Arches, discs, fine branches, much wall.


def _arch(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    base = h * 0.82
    wide = unit * 0.46
    x = w * chance.choice((0.4, 0.5, 0.6))
    arch = _path(
        "p",
        f"M{_n(x - wide / 2)} {_n(base)}V{_n(base - unit * 0.42)}a{_n(wide / 2)} {_n(wide / 2)} 0 0 1 {_n(wide)} 0V{_n(base)}Z",
    )
    names = _company(chance, name, 2)
    x = min(max(x, w / 2 - unit * 0.1), w / 2 + unit * 0.06)
    things = _shadow(x + unit * 0.03, base + unit * 0.05, unit * 0.38) + _object(
        names[0], x + unit * 0.03, base + unit * 0.05, unit * 0.38
    )
    for each in names[1:]:
        things += _shadow(x + unit * 0.32, base + unit * 0.07, unit * 0.18) + _object(
            each, x + unit * 0.32, base + unit * 0.07, unit * 0.18, "turn"
        )
    shelf = _rect("w", 0, base, w, h - base) + _path("sd w1 line", f"M0 {_n(base)}H{_n(w)}")
    return _rect("g", 0, 0, w, h) + arch + shelf + things


def _disc(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    base = h * 0.84
    side = chance.choice((-1, 1))
    disc = _circle("b", w / 2 + side * unit * 0.14, h * 0.4, unit * 0.22)
    sprig = _sprig(chance, w / 2 - side * unit * 0.2, base, unit * 0.62, 0.3 * side, "c", "sd")
    place = w / 2 + side * unit * 0.1
    thing_drawn = (
        _shadow(place, base + unit * 0.045, unit * 0.4) + _object(name, place, base + unit * 0.045, unit * 0.4)
        if name
        else ""
    )
    return _rect("g", 0, 0, w, h) + disc + _rect("p", 0, base, w, h - base) + sprig + thing_drawn


def _branch(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    side = chance.choice((0, 1))
    field = _rect("p", w * 0.5 * side, 0, w * 0.5, h)
    first = _sprig(chance, w * 0.5, h * 1.02, h * 0.9, chance.uniform(-0.25, 0.25), "a", "sd")
    second = _sprig(
        chance, w * (0.5 + 0.14 * (1 if side else -1)), h * 1.02, h * 0.62, 0.35 * (1 if side else -1), "c", "sd"
    )
    berries = "".join(
        _circle("b", w * 0.5 + chance.uniform(-0.24, 0.24) * unit, h * chance.uniform(0.2, 0.6), unit * 0.014)
        for _ in range(6)
    )
    return _rect("g", 0, 0, w, h) + field + second + first + berries


def _dunes(chance: random.Random, w: float, h: float, name: str) -> str:
    unit = min(w, h)
    drawn = _rect("g", 0, 0, w, h) + _circle("l", w * chance.uniform(0.35, 0.65), h * 0.36, unit * 0.17)
    for paint, level in (("p", 0.54), ("c", 0.67), ("a", 0.81)):
        state = chance.getstate()
        drawn += _path(paint, _hill(chance, w, h, level, 0.055, 2))
        for line in range(1, 4):
            chance.setstate(state)
            drawn += _path("sl w1 line faint", _hill(chance, w, h, level + line * 0.03, 0.055, 2))
    return drawn


def _strokes(chance: random.Random, w: float, h: float, name: str) -> str:
    """A few large forms in balance: a disc, a bow, a beam."""
    unit = min(w, h)
    x, y = w * chance.uniform(0.42, 0.58), h * chance.uniform(0.42, 0.55)
    lean = chance.uniform(-28, 28)
    return (
        _rect("g", 0, 0, w, h)
        + _circle("p", x - unit * 0.1, y - unit * 0.05, unit * 0.3)
        + f'<g transform="rotate({_n(lean)} {_n(x)} {_n(y)})">'
        + _path(
            "a",
            f"M{_n(x - unit * 0.34)} {_n(y + unit * 0.18)}a{_n(unit * 0.34)} {_n(unit * 0.34)} 0 0 1 {_n(unit * 0.68)} 0z",
        )
        + _rect("d", x + unit * 0.05, y - unit * 0.42, unit * 0.018, unit * 0.84)
        + _circle("b", x + unit * 0.19, y - unit * 0.18, unit * 0.09)
        + "</g>"
    )


# People


def _monogram(name: str, size: int) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    letters = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
    return f'<rect class="mono" width="{size}" height="{size}"/><text class="mono-ink" x="50%" y="50%" dy=".36em" text-anchor="middle" font-size="{_n(size * 0.4)}">{escape(letters)}</text>'


def _portrait(chance: random.Random, w: float, h: float, style: str) -> str:
    """A person as a few cut forms: shoulders, neck, head, hair. No face: a likeness nobody has cannot be wrong."""
    unit = min(w, h)
    x, head = w / 2, h * 0.44
    r = unit * 0.165
    back = (
        _rect("g", 0, 0, w, h)
        + {
            "friendly": _path("p", _blob(chance, x, h * 0.5, unit * 0.44)),
            "minimal": _ruled(w, h, unit / 8),
            "bold": _rect("b", 0, 0, w, h / 2) + _circle("c", x, h * 0.46, unit * 0.4),
            "elegant": _circle("p", x + unit * 0.1, h * 0.42, unit * 0.34),
        }[style]
    )
    tone, hair = chance.randrange(1, 5), f"hair-{chance.choice((1, 1, 1, 2, 2, 3, 4))}"
    if tone > 2 and hair != "hair-4":
        hair = "hair-1"
    skin, neck_skin = f"skin-{tone}", f"skin-{min(tone + 1, 4) if tone < 4 else 3}"
    shoulders = _path(
        "a",
        f"M{_n(x - unit * 0.43)} {_n(h + 5)}c0-{_n(unit * 0.3)} {_n(unit * 0.18)}-{_n(unit * 0.36)} {_n(unit * 0.43)}-{_n(unit * 0.36)}s{_n(unit * 0.43)} {_n(unit * 0.06)} {_n(unit * 0.43)} {_n(unit * 0.36)}z",
    )
    neck = _rect(neck_skin, x - r * 0.42, head + r * 0.4, r * 0.84, r * 1.5) + _path(
        neck_skin, f"M{_n(x - r * 0.42)} {_n(head + r * 1.85)}a{_n(r * 0.42)} {_n(r * 0.4)} 0 0 0 {_n(r * 0.84)} 0z"
    )
    face = f'<ellipse class="{skin}" cx="{_n(x)}" cy="{_n(head)}" rx="{_n(r)}" ry="{_n(r * 1.22)}"/>'
    top = head - r * 1.22
    kind = chance.randrange(5)
    behind = front = ""
    if kind == 0:  # long
        behind = _path(
            hair,
            f"M{_n(x - r * 1.3)} {_n(head + r * 1.9)}V{_n(head - r * 0.2)}a{_n(r * 1.3)} {_n(r * 1.3)} 0 0 1 {_n(r * 2.6)} 0V{_n(head + r * 1.9)}Z",
        )
        front = _path(
            hair,
            f"M{_n(x - r * 1.02)} {_n(head)}c0-{_n(r * 0.9)} {_n(r * 0.6)}-{_n(r * 0.8)} {_n(r * 1.3)}-{_n(r * 0.9)}c{_n(r * 0.5)} 0 {_n(r * 0.8)} {_n(r * 0.5)} {_n(r * 0.76)} {_n(r * 0.9)}c{_n(r * 0.2)}-{_n(r * 1.7)}-{_n(r * 0.6)}-{_n(r * 1.5)}-{_n(r)}-{_n(r * 1.5)}s-{_n(r * 1.3)}-0-{_n(r * 1.06)} {_n(r * 1.5)}z",
        )
    elif kind == 1:  # curls
        behind = "".join(
            _circle(hair, x + math.cos(angle) * r * 1.02, head - r * 0.35 + math.sin(angle) * r * 1.02, r * 0.55)
            for angle in (math.pi * (0.94 + 0.193 * index) for index in range(7))
        )
    elif kind == 2:  # bun
        behind = _circle(hair, x, top - r * 0.28, r * 0.5)
        front = _path(
            hair,
            f"M{_n(x - r * 1.04)} {_n(head - r * 0.05)}a{_n(r * 1.04)} {_n(r * 1.22)} 0 0 1 {_n(r * 2.08)} 0c-{_n(r * 0.3)}-{_n(r * 0.8)}-{_n(r * 1.78)}-{_n(r * 0.8)}-{_n(r * 2.08)} 0z",
        )
    elif kind == 3:  # short, parted
        front = _path(
            hair,
            f"M{_n(x - r * 1.06)} {_n(head - r * 0.1)}c-{_n(r * 0.1)}-{_n(r * 1.6)} {_n(r * 1.2)}-{_n(r * 1.5)} {_n(r * 1.5)}-{_n(r * 1.25)}c{_n(r * 0.6)} {_n(r * 0.1)} {_n(r * 0.7)} {_n(r * 0.7)} {_n(r * 0.62)} {_n(r * 1.25)}c-{_n(r * 0.1)}-{_n(r * 0.4)}-{_n(r * 0.3)}-{_n(r * 0.6)}-{_n(r * 0.5)}-{_n(r * 0.68)}c-{_n(r * 0.6)} {_n(r * 0.24)}-{_n(r * 1.3)} {_n(r * 0.1)}-{_n(r * 1.62)} {_n(r * 0.68)}z",
        )
    else:  # cropped, with a beard
        front = _path(
            hair,
            f"M{_n(x - r * 1.03)} {_n(head - r * 0.35)}a{_n(r * 1.03)} {_n(r)} 0 0 1 {_n(r * 2.06)} 0c-{_n(r * 0.25)}-{_n(r * 0.3)}-{_n(r * 0.5)}-{_n(r * 0.38)}-{_n(r * 0.8)}-{_n(r * 0.38)}h-{_n(r * 0.6)}c-{_n(r * 0.3)} 0-{_n(r * 0.5)} {_n(r * 0.1)}-{_n(r * 0.66)} {_n(r * 0.38)}z",
        ) + _path(
            hair,
            f"M{_n(x - r)} {_n(head + r * 0.3)}c0 {_n(r * 1.3)} {_n(r * 0.5)} {_n(r * 1.12)} {_n(r)} {_n(r * 1.12)}s{_n(r)} {_n(r * 0.18)} {_n(r)}-{_n(r * 1.12)}c-{_n(r * 0.2)} {_n(r * 0.3)}-{_n(r * 0.45)} {_n(r * 0.34)}-{_n(r * 0.6)} {_n(r * 0.32)}h-{_n(r * 0.8)}c-{_n(r * 0.15)} {_n(r * 0.02)}-{_n(r * 0.4)}-{_n(r * 0.02)}-{_n(r * 0.6)}-{_n(r * 0.32)}z",
        )
    return back + behind + shoulders + neck + face + front


_Stage = Callable[[random.Random, float, float, str], str]

# What each style draws when it knows a thing to show, and when it does not.
_STAGES: dict[str, tuple[_Stage, ...]] = {
    "friendly": (_table, _table, _portion, _hills, _cutouts),
    "minimal": (_plan, _leaf_of_paper),
    "bold": (_halves, _halves, _rays, _tiles),
    "elegant": (_arch, _arch, _disc, _disc),
}
_ABSTRACT: dict[str, tuple[_Stage, ...]] = {
    "friendly": (_hills, _cutouts),
    "minimal": (_contours, _rings, _blocks, _dots),
    "bold": (_tiles, _rays, _echo, _tiles),
    "elegant": (_branch, _dunes, _strokes, _branch),
}
