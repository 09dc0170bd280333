"""Words for visitors that come and change."""

from __future__ import annotations

from espalier.check.words import Like

from ..needs import need
from .base import Case, Change, Maker, Tree, put, told

FAQS = (
    ("How can I reach you?", "By phone in the morning or by email at any time."), ("What does it cost?", "You see the price before you send anything."),
    ("Can I cancel?", "Yes. Tell us one day before."), ("Do I need an account?", "Only if you want to see what you sent."), ("Who can see my data?", "Only the people who work on it."),
    ("Are children welcome?", "Yes, with somebody who looks after them."), ("Where can I park?", "Behind the house, on the left."), ("How fast do you answer?", "Within two working days."),
)  # fmt: skip


def content(case: Case) -> Change | None:
    """Words for visitors, on a page that they may open."""
    case = case.fresh()
    page = next((page for page in case.blueprint.page_list if page.who is None and not page.each), None)
    if page is None:
        return None
    kind = case.pick(("faq", "contact", "newsletter", "banner", "features", "footer"))
    if any(kind in block for _, _, block in case.blocks()):
        return None
    match kind:
        case "faq":
            block: Tree = {"faq": dict(case.rng.sample(FAQS, case.rng.randint(2, 3)))}
            said = told(
                case,
                "add [a small |an |]FAQ to {page}",
                "answer a few frequently asked questions on {page}",
                page=page.name,
            )
        case "contact":
            phone = f"555 0{case.rng.randint(100, 199)}"
            block = {"contact": case.pick(("Find us", "Contact", "Get in touch")), "phone": phone}
            said = told(
                case,
                "put our phone number {phone} on {page}",
                "show how to reach us on {page}: {phone}",
                "add contact details ({phone}) to {page}",
                phone=phone,
                page=page.name,
            )
        case "newsletter":
            block = {"newsletter": case.pick(("News once a month", "Stay in touch", "Hear from us first"))}
            said = told(
                case,
                "add a newsletter sign-up to {page}",
                "people should be able to subscribe to our newsletter on {page}",
                page=page.name,
            )
        case "banner":
            words_of = case.pick(
                (
                    "We are closed on public holidays",
                    "New opening hours from Monday",
                    "Open day this Saturday",
                    "Closed in August",
                    "We are looking for helpers",
                )
            )
            block = {"banner": words_of}
            said = told(
                case,
                "put a banner on {page}: {words}",
                'show "{words}" as a banner on {page}',
                "add a notice [to|on] {page}: {words}",
                words=words_of,
                page=page.name,
            )
        case "features":
            points = case.rng.sample(
                (
                    ("Quick", "An answer within a day"),
                    ("Local", "We live around the corner"),
                    ("Fair", "One price for everybody"),
                    ("Careful", "We take the time it needs"),
                    ("Open", "Ask us anything"),
                    ("Simple", "No forms in triplicate"),
                ),
                3,
            )
            block = {"features": dict(points)}
            said = told(
                case,
                "show our three strong points on {page}: {points}",
                "add a section to {page} with {points}",
                points=", ".join(f"{head} ({text[0].lower()}{text[1:]})" for head, text in points),
                page=page.name,
            )
        case _:
            text = f"{case.tree['app']}, {case.pick(('made with care', 'since 2009', 'open all year', 'a family business'))}"
            block = {"footer": text}
            said = told(
                case,
                'put "{text}" in the footer of {page}',
                "add a footer to {page}: {text}",
                text=text,
                page=page.name,
            )
    put(case, page.key, block, first=kind == "banner")
    return Change(said, case.tree, needs=(need("block", any=(kind,)),))


def words_of_hero(case: Case) -> Change | None:
    case = case.fresh()
    heroes = [block for _, _, block in case.blocks() if "hero" in block]
    if not heroes:
        return None
    block = case.pick(heroes)
    new = case.pick(
        (
            "Come as you are",
            "Good things take time",
            "Made for people like you",
            "It starts with a click",
            "Welcome to our place",
            "Slow and well done",
            "Here since 1998",
            "Ask us first",
            "All in one place",
            "Small place, big heart",
        )
    )
    if block["hero"] == new:
        return None
    block["hero"] = new
    return Change(
        told(
            case,
            'the [big |]heading on the start page should be "{new}"',
            'change the headline to "{new}"',
            "write {new} as the big heading",
            'replace the heading with "{new}"',
            new=new,
        ),
        case.tree,
        needs=(need("text", like=Like.of(new)),),
    )


CHANGES: tuple[tuple[Maker, float], ...] = ((content, 1.8), (words_of_hero, 0.6))
