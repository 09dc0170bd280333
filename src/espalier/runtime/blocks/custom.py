"""The author's own HTML and JavaScript in a frame of its own: no origin, no network, no way to the app around it.

The frame is a page under the app (`/-/frames/{page}/{number}`) that its policy puts into a sandbox, so that opening it
directly gives it no more. It has the theme's colours, and tells the page around it how high it is.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from espalier.blueprint.blocks.custom import Custom

from ..errors import NotFound
from ..pages import may_open
from ..routes import route
from .frame import Frame

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..visit import Visit

POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
STYLE = """\
*,*::before,*::after{box-sizing:border-box}
body{margin:0;padding:.25rem;background:var(--background);color:var(--text);font:400 1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}
h1,h2,h3{line-height:1.15;margin:0 0 .5em}h1{font-size:1.6rem}h2{font-size:1.3rem}h3{font-size:1.1rem}
p,ul,ol,table{margin:0 0 .8em}img,svg,canvas{max-width:100%}a{color:var(--primary-text)}
label{display:inline-flex;gap:.5em;align-items:center;margin:0 .75em .5em 0}
button,input,select,textarea{font:inherit;color:inherit}
button{min-height:2.75rem;padding:.4em 1.1em;border:1px solid transparent;border-radius:.5rem;background:var(--primary);color:var(--on-primary);font-weight:600;cursor:pointer}
button:hover{background:var(--primary-hover,var(--primary))}button:disabled{opacity:.5;cursor:default}
input,select,textarea{min-height:2.75rem;max-width:100%;padding:.4em .7em;border:1px solid var(--edge);border-radius:.5rem;background:var(--surface)}
input[type=range],input[type=checkbox],input[type=radio]{min-height:0;padding:0;accent-color:var(--primary)}
input[type=color]{padding:.2em;width:3.5rem}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
table{border-collapse:collapse}th,td{padding:.4em .8em .4em 0;border-bottom:1px solid var(--border);text-align:left}
output{font-weight:700;font-variant-numeric:tabular-nums}
[hidden]{display:none!important}
@media (prefers-reduced-motion:reduce){*{animation-duration:.01ms!important;transition-duration:.01ms!important}}
"""
# Says how high the content is, and follows the colours that the visitor chose. A sandbox has no storage, and scripts that
# ask for it would stop; they get one that lasts as long as the page.
PRELUDE = """\
(()=>{const kept=new Map(),memory={getItem:k=>kept.get(String(k))??null,setItem:(k,v)=>{kept.set(String(k),String(v))},
removeItem:k=>{kept.delete(String(k))},clear:()=>kept.clear(),key:n=>[...kept.keys()][n]??null,get length(){return kept.size}};
for(const name of["localStorage","sessionStorage"])try{window[name]}catch{Object.defineProperty(window,name,{value:memory})}})();
(()=>{const root=document.documentElement;let last=0;
const tell=()=>{const height=Math.ceil(document.body.getBoundingClientRect().height)+8;
if(Math.abs(height-last)>1){last=height;parent.postMessage({espalier:"height",height},"*")}};
addEventListener("load",()=>{tell();new ResizeObserver(tell).observe(document.body)});
addEventListener("message",event=>{if(event.source===parent&&event.data&&event.data.espalier==="mode")
{if(event.data.mode)root.dataset.mode=event.data.mode;else delete root.dataset.mode}});
parent.postMessage({espalier:"ready"},"*")})();
"""


def render(block: Custom, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The frame in the page."""
    frame = Frame(block, visit, page, this)
    return frame.draw("custom.html", address=visit.url(f"/-/frames/{page.slug}/{frame.at + 1}"))


def show_frame(visit: Visit, page: str, number: int) -> Response:
    """`GET /-/frames/{page}/{number}`: what stands inside the frame. The number is the block's place, from 1."""
    found = next((one for one in visit.app.blueprint.page_list if one.slug == page), None)
    block = found.blocks[number - 1] if found is not None and number <= len(found.blocks) else None
    if found is None or not isinstance(block, Custom) or not may_open(visit, found):
        raise NotFound
    if block.shown is not None and not found.each and not visit.records.allows(block.shown):
        raise NotFound
    return HTMLResponse(
        document(visit, block), headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    )


def document(visit: Visit, block: Custom) -> str:
    """The page inside the frame. Its parts are the author's: they are not escaped, the sandbox holds them."""
    from ..look.shell import stylesheet

    mode = visit.app.theme.mode
    css = _inside(block.css, "style")
    js = _inside(block.js, "script")
    title = escape(block.title or block.of or visit.app.blueprint.app)
    return (
        f'<!doctype html><html lang="en"{f" data-mode={json.dumps(mode)}" if mode else ""}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{stylesheet(visit.app.theme)}{STYLE}</style><style>{css}</style><script>{PRELUDE}</script></head>"
        f"<body>{block.html}<script>{js}</script></body></html>"
    )


def _inside(code: str, tag: str) -> str:
    """Code that cannot end the element it stands in, nor begin another: the escapes mean the same inside a text."""
    if tag == "style":
        return re.sub(r"<(?=/style)", r"\\3c ", code, flags=re.IGNORECASE)
    return re.sub(r"<(?=/?script)", r"\\x3c", code, flags=re.IGNORECASE)


ROUTES = [route("GET", "/-/frames/{page}/{number:int}", show_frame)]
