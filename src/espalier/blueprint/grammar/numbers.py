"""Numbers between two bounds, as grammar."""

from __future__ import annotations

import math

from .gbnf import Said, alt, lit, opt, rep, seq


def between(low: float, high: float, decimals: int = 0) -> Said:
    """A number from low to high, both included, with up to so many digits behind the point."""
    first, last = math.ceil(low), math.floor(high)
    said: list[Said] = []
    if first < 0:
        said.append(seq(lit("-"), _positive(0 if decimals and last >= 0 else max(-last, 1), -first, decimals)))
    if last >= 0 and first <= last:
        said.append(_positive(max(first, 0), last, decimals))
    if not said:
        return lit(f"{low:g}")
    return alt(*said)


def _positive(low: int, high: int, decimals: int) -> Said:
    """A number between two that are not negative."""
    if not decimals:
        return _whole(low, high)
    most = seq(_whole(high, high), opt(lit("."), rep("[0]", 1, decimals)))
    rest = opt(f'"." [0-9]{{1,{decimals}}}')
    return alt(seq(_whole(low, high - 1), rest) if low < high else None, most)


def _whole(low: int, high: int) -> Said:
    """A whole number from low to high, neither negative, without leading zeros."""
    parts: list[Said] = []
    for digits in range(len(str(low)), len(str(high)) + 1):
        bottom = max(low, 10 ** (digits - 1) if digits > 1 else 0)
        top = min(high, 10**digits - 1)
        if bottom <= top:
            parts.append(_same_length(str(bottom), str(top)))
    return alt(*parts)


def _same_length(low: str, high: str) -> Said:
    """Numbers of as many digits as the bounds have."""
    if not low:
        return ""
    if low == "0" * len(low) and high == "9" * len(high):
        return f"[0-9]{{{len(low)}}}" if len(low) > 1 else "[0-9]"
    if low[0] == high[0]:
        return seq(lit(low[0]), _same_length(low[1:], high[1:]))
    zeros, nines = "0" * (len(low) - 1), "9" * (len(low) - 1)
    start, stop = int(low[0]), int(high[0])
    parts: list[Said] = []
    if low[1:] != zeros:
        parts.append(seq(lit(low[0]), _same_length(low[1:], nines)))
        start += 1
    tail = None
    if high[1:] != nines:
        tail = seq(lit(high[0]), _same_length(zeros, high[1:]))
        stop -= 1
    if start <= stop:
        parts.append(seq(f"[{start}-{stop}]" if start < stop else lit(str(start)), _same_length(zeros, nines)))
    return alt(*parts, tail)
