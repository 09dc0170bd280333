"""From the two or three colours somebody asked for to every colour an app needs, accessible by computation.

`palette` gives a light and a dark set of tokens. The asked background is used exactly as asked in its own mode, and the
asked primary on buttons; where text would be hard to read, the text gives way first, then the lightness of the coloured
text. Every pair in `TEXT_PAIRS` reaches a contrast of 4.5 and every pair in `SHAPE_PAIRS` of 3 (WCAG 2 AA). How tokens
become a stylesheet is left to `shell`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from espalier.runtime.look.colours import Lch, Rgb, contrast, from_lch, luminance, mix, parse, to_hex, to_lch

Mode = Literal["light", "dark"]

TEXT = 4.5
SHAPE = 3.0
# Computed on exact values and shown as 8 bits a channel: a hair of reserve.
_RESERVE = 0.02

BLACK: Rgb = (0, 0, 0)
WHITE: Rgb = (255, 255, 255)

GROUNDS = ("background", "surface", "raised", "sunken")
TONES = ("primary", "accent", "success", "warning", "danger", "info")
SERIES = 8

#: (text, ground) pairs that reach 4.5.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in ("text", "muted", *(f"{tone}_text" for tone in TONES)) for ground in GROUNDS),
    *((f"on_{tone}", tone) for tone in TONES),
    *((f"on_{tone}_soft", f"{tone}_soft") for tone in TONES),
    ("on_primary", "primary_hover"),
    ("on_primary", "primary_active"),
    ("on_poster", "poster"),
    ("on_neutral_soft", "neutral_soft"),
    ("text_on_soft", "primary_soft"),
    ("on_inverse", "inverse"),
)
#: (shape, ground) pairs that reach 3: edges of controls, the focus ring, fills that carry meaning.
SHAPE_PAIRS: tuple[tuple[str, str], ...] = (
    *((shape, ground) for shape in ("edge", "focus", "primary_edge") for ground in GROUNDS),
    *((f"series_{number}", ground) for number in range(1, SERIES + 1) for ground in ("background", "surface")),
)


@dataclass(frozen=True, slots=True)
class Palette:
    """`light` and `dark` map token names (`on_primary`) to `#rrggbb`; `mode` is the look that was asked for.

    `background`, `surface` (cards), `raised` (menus), `sunken` (quiet bands) are grounds; `border` is a hairline, `edge`
    the border of a control. For each tone: `tone` with `on_tone` on it, `tone_text` on any ground, `tone_soft` with
    `on_tone_soft` on it. `poster` with `on_poster` is the primary as a large ground. `series_1`..`series_8` are for charts, `art_*` for drawn pictures.
    """

    light: dict[str, str]
    dark: dict[str, str]
    mode: Mode

    @property
    def tokens(self) -> dict[str, str]:
        """The set for `mode`."""
        return self.light if self.mode == "light" else self.dark


@lru_cache(maxsize=512)
def palette(primary: str, background: str, accent: str | None = None, mode: Mode | None = None) -> Palette:
    """Make the palette for colours as people write them; `mode` is taken from the background when absent.

    Raises ValueError with a close match for a word that is no colour.
    """
    ground = parse(background)
    main = parse(primary)
    second = parse(accent) if accent else _companion(main)
    asked: Mode = "dark" if _wants_light_text(ground) else "light"
    _lightness, chroma, hue = to_lch(ground)
    tint = hue if chroma > 0.004 else to_lch(main)[2]
    strength = min(max(chroma, 0.004 if chroma > 0.001 else 0.0), 0.03)
    if asked == "light":
        light, dark = ground, from_lch(0.185, min(strength, 0.018), tint)
    else:
        light, dark = from_lch(0.982, min(strength, 0.01), tint), ground
    return Palette(_tokens(main, light, second), _tokens(main, dark, second), mode or asked)


def _wants_light_text(ground: Rgb) -> bool:
    return luminance(ground) < 0.179


def _companion(main: Rgb) -> Rgb:
    """An accent for a primary that came alone: warm beside a cool colour, cool beside a warm one."""
    lightness, chroma, hue = to_lch(main)
    if chroma < 0.03:
        return from_lch(0.66, 0.13, 52)
    turned = (hue + (150 if 20 <= hue <= 140 else -160 if hue < 300 else 120)) % 360
    return from_lch(min(max(lightness + 0.1, 0.6), 0.78), min(max(chroma, 0.08), 0.14), turned)


def _tokens(main: Rgb, background: Rgb, second: Rgb) -> dict[str, str]:
    dark = _wants_light_text(background)
    lightness, chroma, hue = to_lch(background)
    tint_hue = hue if chroma > 0.004 else to_lch(main)[2]
    tint = min(chroma, 0.02) if chroma > 0.004 else (0.006 if to_lch(main)[1] > 0.03 else 0.0)
    found: dict[str, Rgb] = {"background": background}

    if dark:
        for name, step in (("surface", 0.035), ("raised", 0.065), ("sunken", 0.018)):
            lifted = from_lch(lightness + step, chroma * 0.9 + 0.002, tint_hue)
            # A ground in the middle of the scale has no room above it for white text.
            roomy = contrast(WHITE, lifted) >= TEXT + 2 * _RESERVE
            found[name] = lifted if roomy else from_lch(lightness - step, chroma, tint_hue)
    else:
        # A white page has white cards with an edge; a tinted page has cards nearer to white.
        found["surface"] = (
            WHITE if lightness > 0.995 else from_lch(lightness + (1 - lightness) * 0.62, chroma * 0.4, tint_hue)
        )
        found["raised"] = (
            WHITE if lightness > 0.9 else from_lch(lightness + (1 - lightness) * 0.75, chroma * 0.3, tint_hue)
        )
        deeper = from_lch(lightness - 0.028, chroma * 1.15 + tint * 0.25, tint_hue)
        found["sunken"] = deeper if lightness > 0.85 else from_lch(lightness + 0.03, chroma, tint_hue)
    grounds = [found[name] for name in GROUNDS]

    found["text"] = _readable(
        (0.96, min(tint, 0.01), tint_hue) if dark else (0.23, tint * 1.2, tint_hue), grounds, TEXT
    )
    found["muted"] = _readable((0.74, tint, tint_hue) if dark else (0.5, tint * 1.4, tint_hue), grounds, TEXT)
    step = 0.11 if dark else -0.09
    found["border"] = from_lch(lightness + step, chroma * 0.9 + tint * 0.5, tint_hue)
    found["edge"] = _readable((0.56, tint * 1.2, tint_hue) if dark else (0.64, tint * 1.4, tint_hue), grounds, SHAPE)
    found["inverse"] = found["text"]
    found["on_inverse"] = _on(found["inverse"], to_lch(background), dark)
    found["neutral_soft"] = from_lch(lightness + (0.1 if dark else -0.06), chroma * 0.8 + tint * 0.5, tint_hue)
    found["on_neutral_soft"] = _readable(to_lch(found["text"]), [found["neutral_soft"]], TEXT)

    for tone, colour in (
        ("primary", main),
        ("accent", second),
        ("success", from_lch(0.68, 0.13, 152) if dark else from_lch(0.52, 0.12, 152)),
        ("warning", from_lch(0.78, 0.14, 75) if dark else from_lch(0.74, 0.15, 72)),
        ("danger", from_lch(0.66, 0.17, 25) if dark else from_lch(0.54, 0.18, 27)),
        ("info", from_lch(0.69, 0.11, 242) if dark else from_lch(0.53, 0.12, 245)),
    ):
        found |= _tone(tone, colour, grounds, dark)
    found["text_on_soft"] = _readable(to_lch(found["text"]), [found["primary_soft"]], TEXT)
    found["primary_edge"] = _readable(to_lch(main), grounds, SHAPE)
    found["focus"] = found["primary_edge"]
    found |= _pressed(main, found["on_primary"])
    found |= _poster(main, found["on_primary"])
    found |= _series(main, second, grounds, dark)
    found |= _art(main, second, background, dark)
    return {name: to_hex(colour) for name, colour in found.items()}


def _tone(name: str, colour: Rgb, grounds: list[Rgb], dark: bool) -> dict[str, Rgb]:
    lch = to_lch(colour)
    # A tint is the ground with some of the colour stirred in, so that it belongs to this page.
    soft = mix(
        grounds[0],
        from_lch(0.62, min(lch[1], 0.13), lch[2]) if dark else from_lch(0.66, min(lch[1], 0.15), lch[2]),
        0.26 if dark else 0.17,
    )
    return {
        name: colour,
        f"on_{name}": _on(colour, lch, dark),
        f"{name}_text": _readable(lch, grounds, TEXT),
        f"{name}_soft": soft,
        f"on_{name}_soft": _readable((0.86 if dark else 0.4, min(lch[1], 0.1), lch[2]), [soft], TEXT),
    }


def _on(fill: Rgb, lch: Lch, dark: bool) -> Rgb:
    """Text on a fill: white where it can be read, else a very dark shade of the fill, else plain black."""
    _lightness, chroma, hue = lch
    if contrast(WHITE, fill) >= TEXT + _RESERVE:
        return WHITE
    shade = from_lch(0.2, min(chroma, 0.04), hue)
    return shade if contrast(shade, fill) >= TEXT + _RESERVE else BLACK


def _poster(main: Rgb, text: Rgb) -> dict[str, Rgb]:
    """The primary as a ground from edge to edge. Dark words vibrate on pure red or magenta: where white nearly can be read on
    a strong colour, the ground is darkened until it can."""
    lightness, chroma, hue = to_lch(main)
    if text == WHITE or chroma < 0.15 or contrast(WHITE, main) < SHAPE:
        return {"poster": main, "on_poster": text}
    return {"poster": _readable((lightness, min(chroma, 0.22), hue), [WHITE], TEXT), "on_poster": WHITE}


def _pressed(main: Rgb, text: Rgb) -> dict[str, Rgb]:
    """Hover and active: away from the text on it, so that reading only gets easier."""
    lightness, chroma, hue = to_lch(main)
    away = 1 if luminance(text) < 0.5 else -1
    if (away > 0 and lightness > 0.93) or (away < 0 and lightness < 0.12):
        # No room left that way: the fill steps toward the text as far as the text stays readable.
        away = -away
    found = {}
    for name, step in (("primary_hover", 0.045), ("primary_active", 0.085)):
        colour = from_lch(lightness + away * step, chroma, hue)
        found[name] = colour if contrast(colour, text) >= TEXT + _RESERVE else main
    return found


def _readable(wanted: Lch, grounds: Iterable[Rgb], ratio: float) -> Rgb:
    """The colour nearest in lightness to the wanted one that reaches the ratio on every ground."""
    levels = [luminance(ground) + 0.05 for ground in grounds]
    lowest, highest = min(levels), max(levels)
    above, below = highest * (ratio + _RESERVE) - 0.05, lowest / (ratio + _RESERVE) - 0.05
    lightness, chroma, hue = wanted
    first = from_lch(lightness, chroma, hue)
    if not below < luminance(first) < above:
        return first
    # Toward the end of the scale where there is most room.
    end = 1.0 if 1.05 / highest > lowest / 0.05 else 0.0
    near, far = lightness, end
    best = WHITE if end else BLACK
    for _ in range(7):
        middle = (near + far) / 2
        colour = from_lch(middle, chroma, hue)
        if not below < luminance(colour) < above:
            best, far = colour, middle
        else:
            near = middle
    return best


def _series(main: Rgb, second: Rgb, grounds: list[Rgb], dark: bool) -> dict[str, Rgb]:
    """Eight chart colours: the primary and the accent, then hues between them, light and deep in turn."""
    _lightness, chroma, hue = to_lch(main)
    if chroma < 0.03:
        hue = to_lch(second)[2]
    strength = min(max(chroma, 0.075), 0.13)
    deep, light = (0.62, 0.8) if dark else (0.46, 0.63)
    wanted: list[Lch] = [to_lch(main), to_lch(second)]
    for number, turn in enumerate((95, -75, 40, 145, -35, -120)):
        wanted.append((deep if number % 2 else light, strength, (hue + turn) % 360))
    return {f"series_{number}": _readable(lch, grounds[:2], SHAPE) for number, lch in enumerate(wanted, 1)}


def _art(main: Rgb, second: Rgb, background: Rgb, dark: bool) -> dict[str, Rgb]:
    """Colours for drawn pictures: the two asked ones, lighter ones mixed with the page, a deep and a light shade."""
    lightness, chroma, hue = to_lch(main)
    second_lightness, second_chroma, second_hue = to_lch(second)
    _, ground_chroma, ground_hue = to_lch(background)
    if dark:
        main = from_lch(min(max(lightness, 0.52), 0.68), min(chroma, 0.16), hue)
        second = from_lch(min(max(second_lightness, 0.62), 0.78), min(second_chroma, 0.14), second_hue)
        return {
            "art_paper": mix(background, main, 0.2),
            "art_pale": mix(background, main, 0.4),
            "art_deep": from_lch(0.2, min(chroma, 0.03), hue),
            "art_main": main,
            "art_accent": second,
            "art_third": mix(second, background, 0.42),
            "art_ink": from_lch(0.86, min(chroma, 0.05), hue),
            "art_wall": mix(background, main, 0.08),
            "art_light": from_lch(0.9, 0.015, ground_hue if ground_chroma > 0.004 else hue),
        }
    main = from_lch(min(max(lightness, 0.42), 0.72), min(chroma, 0.21), hue)
    second = from_lch(min(max(second_lightness, 0.5), 0.84), min(second_chroma, 0.19), second_hue)
    page = background if to_lch(background)[0] > 0.88 else from_lch(0.96, 0.01, hue)
    return {
        "art_paper": mix(page, main, 0.13),
        "art_pale": mix(page, main, 0.3),
        "art_deep": from_lch(0.31, min(chroma * 0.6, 0.075), hue),
        "art_main": main,
        "art_accent": second,
        "art_third": mix(second, page, 0.42),
        "art_ink": from_lch(0.31, min(chroma * 0.6, 0.075), hue),
        "art_wall": from_lch(0.985, min(ground_chroma, 0.012), ground_hue),
        "art_light": from_lch(0.985, min(ground_chroma, 0.012), ground_hue),
    }
