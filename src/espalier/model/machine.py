"""What this machine has: cores that may be used, memory and disk that are free."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

CPUS = Path("/sys/devices/system/cpu")
QUOTA = Path("/sys/fs/cgroup/cpu.max")


def cores() -> int:
    """Physical cores that this process may use: those of its affinity, no more than a container's share of time."""
    mine = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = set()
    for cpu in mine:
        with suppress(OSError):
            siblings.add((CPUS / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text())
    found = len(siblings) or len(mine)
    with suppress(OSError, ValueError):
        quota, period = QUOTA.read_text().split()
        found = min(found, max(1, round(int(quota) / int(period))))
    return max(1, found)
