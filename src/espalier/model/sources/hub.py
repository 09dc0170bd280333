"""A file of a repository on the Hugging Face hub, or on a mirror that speaks its protocol.

The hub says a file's SHA-256 before it sends it, so another file than the pinned one is not fetched at all. What was fetched when
the line broke is kept, and the rest is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from espalier.config import Settings

from ..bases import Base
from .unavailable import Unavailable


def fetch(base: Base, source: dict[str, Any], part: Path, settings: Settings, told: Callable[[int], None]) -> None:
    """Add what is missing of a hub's file. source: repo, file and, when it is not `main`, revision."""
    import huggingface_hub
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers

    url = huggingface_hub.hf_hub_url(
        source["repo"], source["file"], revision=source.get("revision"), endpoint=settings.hub or None
    )
    try:
        about = huggingface_hub.get_hf_file_metadata(url, endpoint=settings.hub or None)
        if about.etag and len(about.etag) == 64 and about.etag != base.sha256:
            raise Unavailable(f"{source['repo']} holds another {source['file']} now: its SHA-256 is {about.etag}")
        if about.size and about.size != base.size:
            raise Unavailable(f"{source['repo']} holds another {source['file']} now: {about.size:,} bytes")
        headers = build_hf_headers()
        if urlparse(about.location).netloc != urlparse(url).netloc:
            headers.pop("authorization", None)  # a key for the hub is not for where it sends us
        with part.open("r+b" if part.exists() else "w+b") as file:
            here = file.seek(0, 2)
            told(here)
            http_get(
                about.location,
                file,
                resume_size=here,
                headers=headers,
                expected_size=base.size,
                tqdm_class=_bar(told, here),
            )
    except Unavailable:
        raise
    except Exception as error:  # the library's many kinds, of the network, of the hub, of what is not there
        raise Unavailable(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}") from error


def _bar(told: Callable[[int], None], here: int) -> Any:
    """What the library takes for a progress bar."""

    class Bar:
        def __init__(self, *_: Any, **__: Any) -> None:
            self.done = here

        def update(self, more: float = 1) -> None:
            self.done += int(more)
            told(self.done)

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def close(self) -> None:
            pass

    return Bar
