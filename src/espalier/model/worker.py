"""A model in a process of its own: started, watched and ended here. What runs inside is llama.py's; asking it is embedded.py's.

The process listens on this machine alone, at a free port, and answers only who knows its key, which is made for it and never
written down; so no other user of the machine can use it.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import subprocess
import sys
import threading
import weakref
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .errors import EndpointDown, ModelDamaged
from .machine import cores

START = 180.0  # seconds that loading may take
LEAVE = 5.0  # seconds until a process that was told to end is killed
LAST_WORDS = 40  # lines of its log that are kept

# Threads wait for each other hundreds of times a token. By default they spin for milliseconds, which is fine on an idle machine and
# ruinous on a busy one, where the other may not be running: measured on two busy cores, 4 tokens/s against 21 with this many turns,
# at no measurable loss on idle ones.
SPIN = {"GOMP_SPINCOUNT": "1000"}

_living: weakref.WeakSet[Worker] = weakref.WeakSet()


@dataclass(frozen=True)
class Options:
    """How a worker runs. context: tokens of one prompt and its answer; slots: answers at once; threads: 0 for one a core."""

    context: int = 8192
    slots: int = 4
    threads: int = 0

    @property
    def room(self) -> int:
        """Tokens of all slots together. Few need much of it, so there is not a whole context for each."""
        return self.context * (2 if self.slots > 1 else 1)


class Worker:
    """A running model with adapters, which are chosen by `number` in each request."""

    def __init__(self, model: Path, adapters: Mapping[str, Path], options: Options) -> None:
        self.model = model
        self.numbers = {name: at for at, name in enumerate(adapters)}
        self.options = options
        self.address = ""
        self.key = secrets.token_urlsafe(32)
        self._adapters = dict(adapters)
        self._log: deque[str] = deque(maxlen=LAST_WORDS)
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Load the model; returns when it can be asked. Raises ModelDamaged when it cannot be loaded, EndpointDown when the process
        cannot run."""
        said = {
            "model": str(self.model),
            "adapters": [str(path) for path in self._adapters.values()],
            "context": self.options.room,
            "slots": self.options.slots,
            "threads": self.options.threads or cores(),
            "key": self.key,
        }
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "espalier.model.llama"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                env=SPIN | dict(os.environ),
                start_new_session=True,
            )
        except OSError as error:
            raise EndpointDown(f"The model's process could not be started: {error.strerror}.") from error
        _living.add(self)
        threading.Thread(target=self._listen, daemon=True).start()
        timer = threading.Timer(START, self.kill)
        timer.start()
        try:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.write(json.dumps(said) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = ""
        finally:
            timer.cancel()
        if not line:
            self.stop()
            raise self._why_not()
        self.address = json.loads(line)["address"]

    @property
    def alive(self) -> bool:
        """Is it running?"""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's id; 0 before its start."""
        return self._process.pid if self._process else 0

    def lora(self, adapter: str) -> list[dict[str, float]]:
        """How a request chooses an adapter: every one with its share, which is 1 for that one. Raises KeyError for an unknown one."""
        if adapter and adapter not in self.numbers:
            raise KeyError(adapter)
        return [{"id": at, "scale": float(name == adapter)} for name, at in self.numbers.items()]

    def last_words(self) -> str:
        """How it ended, as far as it has, and the end of its log."""
        code = self._process.poll() if self._process else None
        how = "" if code is None else f"It ended with code {code}. " if code >= 0 else f"It ended with signal {-code}. "
        return how + "\n".join(self._log)

    def kill(self) -> None:
        """End it now."""
        if self._process:
            self._process.kill()

    def stop(self) -> None:
        """End it, and wait for that."""
        process = self._process
        if process is None:
            return
        assert process.stdin and process.stdout
        with suppress(OSError):  # it is gone already
            process.stdin.close()
        try:
            process.wait(LEAVE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        _living.discard(self)

    def _listen(self) -> None:
        """Keep the last lines of its log: what it said when it died."""
        assert self._process and self._process.stderr
        with self._process.stderr as log:
            for line in log:
                self._log.append(line.rstrip())

    def _why_not(self) -> Exception:
        words = "\n".join(self._log)
        code = self._process.returncode if self._process else None
        if "No module named" in words:
            return EndpointDown(f"llama.cpp is not installed here ({words.splitlines()[-1]}). Run bin/setup again.")
        if code is not None and code < 0 and code != -9:
            return EndpointDown(f"The model's process was ended by signal {-code} while it loaded {self.model.name}.")
        if code == -9:
            return EndpointDown(
                f"Loading {self.model.name} was stopped: it took more than {START:g} s, or the memory is full. "
                "Close other programs, or use a smaller model."
            )
        files = ", ".join([self.model.name, *(path.name for path in self._adapters.values())])
        return ModelDamaged(f"llama.cpp cannot load {files}. `espalier models list` says which files are whole.")


@atexit.register
def _end_all() -> None:
    for worker in list(_living):
        worker.stop()
