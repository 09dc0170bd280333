"""The gateway's settings: what they may be, and that each of them is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from espalier.config import GatewayEndpoint, GatewayRoute, GatewaySettings, SettingsError, load

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"
TABLES = {"gateway": GatewaySettings, "gateway.endpoints": GatewayEndpoint, "gateway.routes": GatewayRoute}


def written(folder: Path, text: str) -> Path:
    (folder / "espalier.toml").write_text(text)
    return folder


def test_each_is_documented():
    rows = dict(re.findall(r"^\| `(gateway\.[\w.]+)` \| .*? \| (.*) \|$", DOCS.read_text(), re.MULTILINE))
    assert rows == {
        f"{table}.{field.alias or name}": field.description
        for table, model in TABLES.items()
        for name, field in model.model_fields.items()
    }


def test_the_documented_file_reads(tmp_path):
    example = re.search(r"```toml\n(\[gateway\].*?)```", DOCS.read_text(), re.DOTALL)
    assert example
    gateway = load(written(tmp_path, example[1]), {}).gateway
    assert gateway.dollars_per_day == 5
    assert [(route.purposes, route.use) for route in gateway.routes] == [
        (("build",), ("small", "rented")),
        (("custom", "chat"), ("rented",)),
    ]


def test_the_environment_comes_after_the_file(tmp_path):
    file = written(tmp_path, "[gateway]\npatience = 5\nretries = 1\n")
    gateway = load(file, {"ESPALIER_GATEWAY_PATIENCE": "7"}).gateway
    assert (gateway.patience, gateway.retries) == (7, 1)


@pytest.mark.parametrize(("text", "words"), [
    ("[gateway]\npatients = 3", r"`gateway.patients` in .*espalier.toml is not a setting"),
    ("[gateway]\npatience = 0", r"`gateway.patience` from .*espalier.toml: .*greater than 0"),
    ("[[gateway.routes]]\nfor = 'cooking'\nuse = 'small'", r"`gateway.routes.0.for.0`.*'build', 'edit'"),
    ("[[gateway.routes]]\nfor = 'build'\nuse = []", r"`gateway.routes.0.use`"),
    ("[[gateway.routes]]\nfor = 'build'\nuse = 'a'\n[[gateway.routes]]\nfor = ['edit', 'build']\nuse = 'b'", "two routes are for `build`"),
    ("[[gateway.endpoints]]\nname = 'a'\naddress = 'https://host/v1'", r"`gateway.endpoints.0.address`"),
    ("[[gateway.endpoints]]\nname = 'a'\naddress = 'https://h/v1#m'\nkey_env = 'K'\nkey_file = 'k'", "not in both"),
    ("[[gateway.endpoints]]\nname = 'a'\naddress = 'https://h/v1#m'\nprice_in = 1", "price_in and price_out"),
    ("[[gateway.endpoints]]\nname = 'a'\naddress = 'https://h/v1#m'\n[[gateway.endpoints]]\nname = 'a'\naddress = 'https://h/v1#n'", "two endpoints are called `a`"),
    ("gateway = 3", "`gateway` from"),
])  # fmt: skip
def test_what_cannot_be(tmp_path, text, words):
    with pytest.raises(SettingsError, match=words):
        load(written(tmp_path, text), {})


def test_a_key_has_no_place_in_the_file(tmp_path):
    text = "[[gateway.endpoints]]\nname = 'a'\naddress = 'https://h/v1#m'\nkey = 'sk-secret'"
    with pytest.raises(SettingsError, match="is not a setting") as caught:
        load(written(tmp_path, text), {})
    assert "sk-secret" not in str(caught.value)
