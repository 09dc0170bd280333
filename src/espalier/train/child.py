"""The process of a run: `python -m espalier.train.child FOLDER`. Started by job.py, which says why it is one of its own."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

from .job import OUT_OF_MEMORY, read_job


def main() -> int:
    """Train, then export. The exit code tells whether memory was short."""
    warnings.filterwarnings("ignore", category=FutureWarning)
    folder = Path(sys.argv[1])
    job = read_job(folder)
    from . import finish, machine, sft
    from .dataset import digest, samples

    try:
        found = samples(Path(job.dataset))
        about = machine.look()
        print(f"{about}; {len(found)} samples", flush=True)
        begin = Path(job.begin) if job.begin else None
        position = sft.train(
            folder, Path(job.base_file), found, job.recipe, about, job.budget, job.tokens, begin=begin, track=job.track
        )
        finish.finish(folder, job, position, digest(Path(job.dataset)), found)
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, MemoryError) or "not enough memory" in str(error) or "out of memory" in str(error).lower():
            print(f"out of memory: {error}", flush=True)
            return OUT_OF_MEMORY
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
