"""Blueprints that tests share: the gallery, the twenty written by hand, and one small app of everything common."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
GALLERY = sorted((ROOT / "apps").glob("*.yaml"))
WEBGEN = sorted((ROOT / "tests" / "webgen").glob("0*.yaml"))

REPAIRS = (
    (ROOT / "src" / "espalier" / "blueprint" / "card.py").read_text().split('EXAMPLE = """\\\n')[1].split('"""')[0]
)

SMALL = """\
app: Small
data:
  Note:
    name: text!
    done: bool
pages:
  Home:
    - list: Note
"""
