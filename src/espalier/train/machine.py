"""What the machine can do: which device, in what precision, how fast, and how its memory is best asked for."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import torch

# Training asks for the same large blocks again and again. The C library gives them back to the system in between, and in a virtual
# machine every fresh page costs: measured 42 tokens/s without these, 285 with them (docs/log.md). Read when a process starts.
MEMORY = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "100000000000",
    "MALLOC_TOP_PAD_": "500000000",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
WORTH = 2.0  # times faster, for whole numbers to be worth their scaling


@dataclass(frozen=True)
class Machine:
    """kind: cpu or cuda; devices: how many; precision: in what the frozen base is computed; peak: multiply-adds times two a second."""

    kind: str
    devices: int
    precision: torch.dtype
    peak: float
    memory: int  # bytes, of one device
    whole: bool = False  # whether products of 8-bit whole numbers are so much faster that the frozen base uses them

    def __str__(self) -> str:
        what = (
            f"{torch.get_num_threads()} threads"
            if self.kind == "cpu"
            else f"{self.devices} x {torch.cuda.get_device_name()}"
        )
        return f"{what}, {str(self.precision).removeprefix('torch.')}, {self.peak / 1e9:,.0f} GFLOP/s, {self.memory / 2**30:.0f} GB{', whole numbers' if self.whole else ''}"


def look() -> Machine:
    """This machine, measured in about a second: bfloat16 where it is faster than float32, as not every processor makes it so."""
    if torch.cuda.is_available():
        return Machine(
            "cuda",
            torch.cuda.device_count(),
            torch.bfloat16,
            peak(torch.bfloat16, "cuda"),
            torch.cuda.mem_get_info()[1],
        )
    speeds = {precision: peak(precision) for precision in (torch.float32, torch.bfloat16)}
    best = max(speeds, key=lambda precision: speeds[precision])
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine("cpu", 1, best, speeds[best], memory, peak(torch.int8) > WORTH * speeds[best])


def peak(precision: torch.dtype, device: str = "cpu", seconds: float = 0.4) -> float:
    """Operations a second of a large matrix product; of whole numbers for torch.int8."""
    size = 1024 if device == "cpu" else 8192
    left, right = (torch.randn(size, size, device=device).mul(30).to(precision) for _ in range(2))
    product = torch._int_mm if precision == torch.int8 else torch.mm
    product(left, right)
    best = 0.0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        product(left, right)
        if device != "cpu":
            torch.cuda.synchronize()
        best = max(best, 2 * size**3 / (time.perf_counter() - start))
    return best
