"""Write data/traces/personal/given_names.txt: the given names that Faker knows (MIT licence), of all its languages that are written with
letters of the Latin, Greek or Cyrillic alphabet, without those that are words too.

    pip download --no-deps faker && python tools/given_names.py faker-*.whl

A name is a word too when people write it small in the corpus (`mark`, `may`, `hope`), or when it is in OFTEN_ELSE.
"""

import ast
import json
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parents[1]
OUT = HERE / "src/espalier/data/traces/personal/given_names.txt"
NAME = re.compile(r"[A-ZÀ-ÞĀ-ŽȘȚΆ-ΫА-ЯЁЄІЇҐİ][a-zß-ÿā-žșțά-ώа-яёєіїґı’'-]{2,}(?:-[A-ZÀ-ÞĀ-Ž][a-zß-ÿā-ž]{2,})?")
STILL = """Alice Ben Dan Erin Jane Joan Kim Mia Max Otto Priya Rebecca Rosa Simon Harry Maureen Robin Uma Elke Mette Ella Oliva Hanno Davor""".split()
OFTEN_ELSE = """Paris London Sydney Florence Vienna Berlin Georgia India China Asia Israel Jordan Chelsea Brooklyn Dakota Carolina Virginia
Savannah Lourdes Milan Roma Verona Siena Adelaide Kent Chester Lincoln Santiago San Santa Los Las Christian Princess Mercedes Alexa Django
Jasmine Java Dallas Houston Denver Boston Orlando Phoenix Madison Kerry Cork Clare Devon Bristol Melbourne Perth Alba Europa America Africa
Malta Cuba Kenya Ireland Holland Egypt Roman Latin Norman Saint Prince King Queen Duke Earl Baron Major Sergeant Messiah Precious Blessing
Patience Prudence Constance Temple Abbey Garden Mount Lake Sea Sun Moon Heaven Angel Christmas Noel Easter Pascal Linux Monday Friday
Blue Black White Notion Stripe Slack Echo Apple Peach Plum Coco Kiwi Honey Sugar Cherry Coffee Mocha Merlot Chianti Chardonnay Bordeaux Champagne
True False None Null Image Table Page Blog Field Form Data View""".split()

names = set()
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for file in wheel.namelist():
        if not re.match(r"faker/providers/person/\w+/__init__\.py", file):
            continue
        for node in ast.walk(ast.parse(wheel.read(file))):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            if any(isinstance(target, ast.Name) and "first_name" in target.id for target in targets):
                names |= {
                    one.value.strip() for one in ast.walk(node.value) if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }  # fmt: skip
small: Counter[str] = Counter()
for file in sorted((HERE / "corpus/seed").glob("*.jsonl")):
    for line in file.read_text("utf-8").splitlines():
        said = json.loads(line)
        texts = [said.get("prompt", ""), *(edit["request"] for edit in said.get("edits", []))]
        small.update(
            word for text in texts for word in re.findall(r"(?<![\w'@])[^\W\d_]{2,}", text) if word[0].islower()
        )
kept = sorted(
    name
    for name in names
    if NAME.fullmatch(name) and (name in STILL or not small[name.lower()]) and name not in OFTEN_ELSE
)
OUT.write_text("\n".join(kept) + "\n", "utf-8")
print(f"{len(kept)} of {len(names)} in {OUT.name}")
