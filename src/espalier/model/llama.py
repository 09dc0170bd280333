"""What runs in the worker's process: llama.cpp's server, and an eye on the parent.

Started as `python -m espalier.model.llama` by worker.py, which says what to load as one line of JSON on standard input and reads
the address from standard output. The process ends when its standard input does, which is also what happens when the parent is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Any

PING = 5  # seconds between signs of life while there is nothing to say yet


def main() -> None:
    """Serve until the parent closes our standard input or is gone."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who then ends us
    said = json.loads(sys.stdin.readline())
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print goes to the parent's ears, not into its answer
    threading.Thread(target=_until_alone, args=(parent,), daemon=True).start()
    server = _serve(said)
    answer.write(json.dumps({"address": server.listening_address}) + "\n")
    answer.close()
    threading.Event().wait()


def _serve(said: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = said["model"]
    params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(path, 0.0) for path in said["adapters"]]
    params.lora_init_without_apply = True
    params.n_ctx = said["context"]
    params.n_parallel = said["slots"]
    params.kv_unified = True  # a long prompt may take the room that others do not need
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = said["threads"]
    params.fit_params = False  # it would load the model twice, to see whether it fits on a graphics card
    # The cache in memory is not told apart by adapter: what one has read would be taken for another's. Slots keep their own.
    params.cache_ram_mib = 0
    params.cache_idle_slots = False
    params.n_ctx_checkpoints = 0
    params.api_keys = [said["key"]]
    params.sse_ping_interval = PING
    params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = params.ui = False
    params.verbosity = 0
    return xllamacpp.Server(params)


def _until_alone(parent: int) -> None:
    threading.Thread(target=_until_closed, daemon=True).start()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _until_closed() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
