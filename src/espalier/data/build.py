"""A dataset from its sources, by one command and the same bytes each time: Parquet for training and validation, and a manifest.

Rows come from the corpus and from the generator (generate/), every row is proven, what nearly repeats another is left out, and nothing
that resembles an evaluation gets in. What a row holds is in `Row`; who trains on it reads the two kinds apart:

- `pair`: prompt and blueprint are to be learned, and its edits.
- `edits`: only its edits are to be learned; its blueprint is what they start from (in a repair it is a broken one).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from espalier.check.judge import judge
from espalier.check.requirements import draw

from .decontaminate import Guard, held_out_subject
from .dedupe import near_duplicates
from .diversity import apart, diversity, spread_of_meaning
from .generate.edits import MadeEdit, make_edit
from .generate.make import Made, make, source
from .generate.recombine import recombined
from .generate.repairs import broken, request_of
from .memory import Memory
from .pairs import LICENCE, Edit, Pair, read_corpus
from .proof import Claim, Court, code_of_checks

VALIDATION = 4  # of a hundred
PIECES = re.compile(r"\w+|[^\w\s]|\n")
SCHEMA = pyarrow.schema(
    [
        *((name, pyarrow.string()) for name in ("id", "kind", "prompt", "blueprint")),
        ("edits", pyarrow.list_(pyarrow.struct([("request", pyarrow.string()), ("patch", pyarrow.string())]))),
        *(
            (name, pyarrow.string())
            for name in ("style", "language", "domain", "source", "licence", "rubric", "lineage")
        ),
        ("tokens", pyarrow.int32()),
    ]
)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What a dataset is to hold. generated, recombined, repaired: rows of each. edits: made for every row that has a prompt of its own,
    on average. meaning: compare with evaluations by meaning too. drop: leave out what resembles an evaluation instead of failing."""

    corpus: Path
    generated: int = 1000
    recombined: int = 300
    edits: float = 1.0
    repaired: int = 200
    seed: int = 0
    meaning: bool = True
    drop: bool = False
    extra: tuple[Path, ...] = ()  # folders of further pairs, such as distilled ones


class Contaminated(ValueError):
    """Rows of the corpus resemble an evaluation. rows: why, by their ids."""

    def __init__(self, rows: dict[str, str]) -> None:
        super().__init__("\n".join(f"{id}: {why}" for id, why in rows.items()))
        self.rows = rows


@dataclass(frozen=True)
class Row:
    """A row of a dataset. tokens: pieces of prompt, blueprint and edits by a plain rule (words, signs, lines), for planning."""

    pair: Pair
    kind: str = "pair"

    @property
    def tokens(self) -> int:
        texts = [self.pair.prompt, self.pair.blueprint, *(edit.request + edit.patch for edit in self.pair.edits)]
        return sum(len(PIECES.findall(text)) for text in texts)

    def as_dict(self) -> dict[str, Any]:
        return {**self.pair.as_row(), "kind": self.kind, "tokens": self.tokens}


def build(out: Path, plan: Plan, *, memory: Memory | None = None, say: Say = lambda words: None) -> dict[str, Any]:
    """Write a dataset folder and return its manifest. Raises Contaminated and CorpusError."""
    memory = memory or Memory()
    filters: Counter[str] = Counter()
    with Court(memory) as court:
        say("Reading the corpus")
        guard = Guard.usual(meaning=plan.meaning)
        corpus, told = _clean(
            [pair for folder in (plan.corpus, *plan.extra) for pair in read_corpus(folder)], guard, memory
        )
        if told and not plan.drop:
            raise Contaminated(told)
        filters.update({"corpus: resembles an evaluation, or is held out": len(told)})
        say(f"{len(corpus)} pairs; generating {plan.generated}")
        generated = _generated(plan, court, guard, memory, filters)
        say(f"Recombining {plan.recombined}")
        mixed = _recombined(plan, corpus, court, filters)
        mixed, lost = _clean(mixed, guard, memory)
        filters["recombined: resembles an evaluation"] += len(lost)
        say("Making edits")
        pairs = _with_edits([*corpus, *generated, *mixed], plan, court, guard, filters)
        say(f"Making {plan.repaired} repairs")
        repairs = _repairs(plan, pairs, memory, filters)
    rows = [*(Row(pair) for pair in pairs), *(Row(pair, "edits") for pair in repairs)]
    say(f"Writing {len(rows)} rows")
    return _write(out, rows, plan, filters, told)


# --- sources ----------------------------------------------------------------------------------------------------------


def _generated(plan: Plan, court: Court, guard: Guard, memory: Memory, filters: Counter[str]) -> list[Pair]:
    """So many good pairs of the generator; what nearly repeats another or resembles an evaluation is left out as it comes."""
    found: list[Pair] = []
    number = 0
    while len(found) < plan.generated:
        batch: list[Made] = []
        while len(batch) < max(20, min(400, plan.generated - len(found))):
            made = make(number, plan.seed)
            number += 1
            if made is None:
                filters["generated: cannot be read"] += 1
            else:
                batch.append(made)
        claims = [Claim(made.blueprint, made.prompt, made.rubric.model_dump_json()) for made in batch]
        verdicts = list(court.verdicts(claims))
        good = [_pair_of(made, plan.seed) for made, verdict in zip(batch, verdicts, strict=True) if verdict.holds]
        filters["generated: faulty"] += len(batch) - len(good)
        clean, lost = _clean(good, guard, memory)
        filters["generated: resembles an evaluation"] += len(lost)
        twins = dict(near_duplicates(clean, found))
        filters["generated: near duplicate"] += len(twins)
        found += [pair for pair in clean if pair.id not in twins]
    return found[: plan.generated]


def _pair_of(made: Made, seed: int) -> Pair:
    return Pair(
        f"generated_{seed}:{made.number}", made.prompt, made.blueprint, (), made.style, "en", made.domain, "generated", LICENCE,
        made.rubric.model_dump_json(), f"{made.domain}/{made.purpose}",
    )  # fmt: skip


def _recombined(plan: Plan, corpus: Sequence[Pair], court: Court, filters: Counter[str]) -> list[Pair]:
    """Pairs of the corpus with something more, in turn until there are enough."""
    wanted: list[Pair] = []
    claims: list[Claim] = []
    number = 0
    order = list(corpus)
    source("recombine", plan.seed).shuffle(order)
    while order and len(wanted) < plan.recombined * 1.25 and number < plan.recombined * 4 + 20:
        pair = order[number % len(order)]
        made = recombined(pair, source("recombine", plan.seed, number, pair.id), number)
        number += 1
        if made:
            wanted.append(made.pair)
            claims.append(Claim(made.pair.blueprint))
    good = [pair for pair, verdict in zip(wanted, court.verdicts(claims), strict=True) if verdict.holds]
    filters["recombined: faulty"] += len(wanted) - len(good)
    return good[: plan.recombined]


def _with_edits(pairs: Sequence[Pair], plan: Plan, court: Court, guard: Guard, filters: Counter[str]) -> list[Pair]:
    """Pairs with edits of their own, and with made ones besides: as many as the plan says, on average."""
    made: list[list[MadeEdit]] = []
    for pair in pairs:
        rng = source("edits", plan.seed, pair.id)
        whole = int(plan.edits) + (rng.random() < plan.edits % 1)
        kinds: list[str] = []
        some: list[MadeEdit] = []
        for _ in range(whole if pair.language == "en" else 0):
            edit = make_edit(pair.blueprint, rng, kinds)
            if edit and guard.against(edit.request):
                filters["edits: resembles an evaluation"] += 1
            elif edit:
                some.append(edit)
                kinds.append(edit.kind)
        made.append(some)
    verdicts = court.verdicts(Claim(edit.after, "", edit.rubric.model_dump_json()) for some in made for edit in some)
    found = []
    for pair, some in zip(pairs, made, strict=True):
        good = [edit for edit in some if next(verdicts).holds]
        filters["edits: faulty"] += len(some) - len(good)
        found.append(replace(pair, edits=(*pair.edits, *(Edit(edit.request, edit.patch) for edit in good))))
    return found


def _repairs(plan: Plan, pairs: Sequence[Pair], memory: Memory, filters: Counter[str]) -> list[Pair]:
    """Broken apps with the patches that mend them. The findings are of the check that a model's answer meets: with the rubric drawn."""
    order = [pair for pair in pairs if pair.language == "en" and "custom:" not in pair.blueprint]
    source("repairs", plan.seed).shuffle(order)
    found: list[Pair] = []
    for number in range(len(order) * 3):
        if len(found) >= plan.repaired:
            break
        pair = order[number % len(order)]
        bad = broken(pair.blueprint, source("repairs", plan.seed, number, pair.id))
        if bad is None:
            continue
        key = "repair " + hashlib.sha256("\0".join((code_of_checks(), bad.blueprint, pair.prompt)).encode()).hexdigest()
        request = memory.get(key)
        if request is None:
            sound = {
                str(finding)
                for result in judge(pair.blueprint, pair.prompt, draw(pair.prompt)).failed
                for finding in result.findings
            }
            request = "" if sound else request_of(judge(bad.blueprint, pair.prompt, draw(pair.prompt)))
            memory.put([(key, request)])
        if not request:
            filters["repairs: nothing found"] += 1
            continue
        found.append(replace(pair, id=f"{pair.id}!{number}", blueprint=bad.blueprint, edits=(Edit(request, bad.patch),), source="repair", rubric="", lineage=pair.id))  # fmt: skip
    return found


# --- filters ----------------------------------------------------------------------------------------------------------


def _clean(pairs: Sequence[Pair], guard: Guard, memory: Memory) -> tuple[list[Pair], dict[str, str]]:
    """Pairs that resemble no evaluation and are of no held-out domain, and why the others do, by their ids. Requests for edits are compared by
    their words alone: a short wish means what others mean too."""
    told: dict[str, str] = {}
    whys = guard.against_all([pair.prompt for pair in pairs], memory)
    for pair, why in zip(pairs, whys, strict=True):
        subject = held_out_subject(pair)
        requests = [f"a request {found}" for edit in pair.edits if (found := guard.against(edit.request))]
        if said := why or (subject and f"is of a held-out domain ({subject})") or next(iter(requests), ""):
            told[pair.id] = said
    return [pair for pair in pairs if pair.id not in told], told


# --- files ------------------------------------------------------------------------------------------------------------


def _write(out: Path, rows: Sequence[Row], plan: Plan, filters: Counter[str], told: dict[str, str]) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    split: dict[str, list[Row]] = {"train": [], "validation": []}
    for row in rows:
        split[part_of(row.pair)].append(row)
    files = {}
    for name, part in split.items():
        table = pyarrow.Table.from_pylist([row.as_dict() for row in part], schema=SCHEMA)
        file = out / f"{name}.parquet"
        pyarrow.parquet.write_table(table, file, compression="zstd", compression_level=9)
        files[file.name] = {"rows": len(part), "sha256": _digest(file), "tokens": sum(row.tokens for row in part)}
    manifest = _manifest(rows, split, plan, filters, told) | {"files": files}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return manifest


def part_of(pair: Pair) -> str:
    """`train` or `validation`, by a hash of the domain, or of what the row was made from where no domain is known: what belongs together
    is never divided."""
    origin = pair.domain if pair.source == "generated" else pair.id.split("!")[0].split("+")[0]
    origin = pair.domain if origin.startswith("generated") else origin
    number = int.from_bytes(hashlib.sha256(origin.encode()).digest()[:4], "big") % 100
    return "validation" if number < VALIDATION else "train"


def _manifest(
    rows: Sequence[Row], split: dict[str, list[Row]], plan: Plan, filters: Counter[str], told: dict[str, str]
) -> dict[str, Any]:
    pairs = [row.pair for row in rows if row.kind == "pair"]
    by_source = {
        name: [pair for pair in pairs if pair.source == name] for name in sorted({pair.source for pair in pairs})
    }
    corpus = by_source.get("corpus", [])
    meaning = plan.meaning
    return {
        "format": 1,
        "plan": {"generated": plan.generated, "recombined": plan.recombined, "edits": plan.edits, "repaired": plan.repaired, "seed": plan.seed, "meaning": meaning},
        "sources": {**_hashes(plan.corpus), **{name: digest for folder in plan.extra for name, digest in _hashes(folder).items()}},
        "generator": _hash_of_folder(Path(__file__).parent / "generate"),
        "checks": code_of_checks(),
        "counts": {
            "rows": len(rows),
            "by kind": _counted(row.kind for row in rows),
            "by source": _counted(row.pair.source for row in rows),
            "by style": _counted(row.pair.style for row in rows),
            "by language": _counted(row.pair.language for row in rows),
            "edits": sum(len(row.pair.edits) for row in rows),
            "domains": len({pair.domain for pair in pairs if pair.domain}),
        },
        "licences": _counted(row.pair.licence for row in rows),
        "filters": dict(sorted(filters.items())),
        "left out": dict(sorted(told.items())),
        "diversity": {name: diversity(found) | ({"meaning": spread_of_meaning(found)} if meaning else {}) for name, found in by_source.items()},
        "apart from the corpus": {name: apart(found, corpus) for name, found in by_source.items() if name != "corpus" and corpus},
    }  # fmt: skip


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _hashes(folder: Path) -> dict[str, str]:
    return {file.name: _digest(file) for file in sorted(folder.glob("*.jsonl"))}


def _hash_of_folder(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in _files(folder):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.suffix in (".py", ".yaml"))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
