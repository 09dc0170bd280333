"""Take pictures of pages with an installed Chromium, to look at them: `tools/shots.py PAGES OUT [WORD ...]`.

PAGES is a folder of HTML files (such as the kit writes), served here while the pictures are taken; OUT is the folder for the
PNG files. With words, only pages whose name holds one of them are taken. Wider pages than their window are reported, and so are
script errors and requests that failed.
"""

import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTHS = (375, 1440)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files with the policy that apps are served with, and says nothing."""

    def end_headers(self) -> None:
        from espalier.runtime.look import CONTENT_SECURITY_POLICY

        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


def main(pages: Path, out: Path, words: list[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(pages)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": 800 if width > 600 else 740}, reduced_motion="reduce"
            )
            page = context.new_page()
            page.on("console", lambda message: print("  console:", message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: print("  script:", error))
            for path in sorted(pages.glob("*.html")):
                if words and not any(word in path.stem for word in words):
                    continue
                page.goto(f"http://127.0.0.1:{server.server_address[1]}/{path.name}", wait_until="load")
                page.wait_for_timeout(250)
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if wide > 0:
                    print(f"  {path.stem} at {width}: {wide} px too wide")
                page.screenshot(path=out / f"{path.stem}-{width}.png", full_page=True)
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
