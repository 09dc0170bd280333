"""A random adapter for the small base, small and loud, in the format that llama.cpp reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gguf import GGUFWriter

RANK, LAYERS, WIDTH = 4, 30, 576
HEIGHTS = {"attn_q": 576, "attn_v": 192}


def random_adapter(path: Path, seed: int, loudness: float = 0.6) -> Path:
    """An adapter of the attention's q and v, the same for the same seed."""
    writer = GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(RANK))
    random = np.random.default_rng(seed)
    for layer in range(LAYERS):
        for part, height in HEIGHTS.items():
            down = random.normal(size=(RANK, WIDTH)) / np.sqrt(WIDTH)
            up = random.normal(size=(height, RANK)) * loudness
            writer.add_tensor(f"blk.{layer}.{part}.weight.lora_a", down.astype(np.float32))
            writer.add_tensor(f"blk.{layer}.{part}.weight.lora_b", up.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
