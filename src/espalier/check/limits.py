"""What judging one app may take: time, and memory of the process. The median app needs a two-hundredth of its time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

SECONDS = 10.0
LONG_SECONDS = 60.0  # with a browser, or when everything is tried
MEMORY = 1024 * 1024 * 1024  # bytes on top of what a worker has that is ready


def seconds_for(seconds: float | None, *, browser: bool, thorough: bool) -> float:
    """How long it may take: as said, else by what is to be done."""
    return seconds or (LONG_SECONDS if browser or thorough else SECONDS)


def limit_memory(more: int) -> None:
    """From now on this process may take so many further bytes of memory of its own; then it meets MemoryError.

    Does nothing where the system knows no such limit.
    """
    with suppress(ImportError, OSError, ValueError, StopIteration):
        import resource

        status = Path("/proc/self/status").read_text()
        taken = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = taken + more
        resource.setrlimit(
            resource.RLIMIT_DATA, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most)
        )


def lift_memory_limit() -> None:
    """As it was before `limit_memory`: a browser that is started inherits the limit, and needs more."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
