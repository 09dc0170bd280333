"""The address of a web page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field

SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)


class Url(FieldType):
    name = "url"
    says = "a web address"
    value = "text"
    aliases = ("link", "website", "uri", "video")
    largest = 2_000

    def read(self, text: str, field: Field) -> Any:
        if not SCHEME.match(text) or re.match(r"[^/@\s]+\.[^/@\s]+:\d+(?:/|$)", text):
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            host = parts.hostname or ""
        except ValueError:
            parts, host = None, ""
        # Only web pages: `javascript:` and `data:` addresses would run in the app's own name.
        if parts is None or parts.scheme not in ("http", "https") or re.search(r"[\s<>\"\\\x00-\x1f]", text):
            raise ValueError("must be a web address such as https://example.com")
        if not host or (host != "localhost" and "." not in host):
            raise ValueError("must be a web address such as https://example.com")
        return super().read(text, field)

    def sample(self, field: Field, index: int) -> str:
        return f"https://example.com/{index}"

    def wrong(self, field: Field) -> list[str]:
        return ["javascript:alert(1)", "not a page", "https://"]
