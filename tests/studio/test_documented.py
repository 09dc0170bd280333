"""docs/studio-api.md lists what there is."""

from __future__ import annotations

import re
from pathlib import Path

from espalier.studio import api, pages

PAGE = (Path(__file__).parents[2] / "docs" / "studio-api.md").read_text("utf-8")


def test_every_address_of_the_api_is_documented():
    for method, path, _ in api.ROUTES:
        said = re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: name[1].upper(), path)
        last = said.rpartition("/")[2]
        assert f"{method} {said}" in PAGE or re.search(
            rf"{re.escape(said.rpartition('/')[0])}/\w+`.* `{last}`", PAGE
        ), said


def test_every_page_is_documented():
    for _, path, _ in pages.ROUTES:
        said = re.sub(r"\{(\w+)\}", lambda name: name[1].upper(), path)
        assert f"{said}`" in PAGE, said
