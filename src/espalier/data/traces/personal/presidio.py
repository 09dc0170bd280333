"""What Presidio's recognisers find: emails, phone numbers, accounts, cards, addresses of machines, numbers that an office gave a person.

They are asked one by one, without Presidio's engine and its language models: these recognisers read patterns and checksums, which are the
same in every language. Around them stands what people's writing needs: an account in small letters counts too, and a number counts as a
phone's only where something says so (a plus, a zero, a word such as `call` before it): prices, years and sizes are not phones.

Loading it takes about a second and 80 MB. Of what it would load besides, transformers and torch are kept away: nothing here uses them.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_interface
from typing import Any

from .found import Found, Kind

HEAVY = ("torch", "transformers", "tensorflow", "mxnet", "cupy", "stanza", "gliner", "langextract")
REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "PT", "BR", "MX", "PL", "AT", "CH", "BE", "SE", "DK", "NO", "FI", "CZ", "TR", "RU",
           "UA", "IN", "JP", "CN", "KR", "AU", "NZ", "CA", "IL", "ZA", "IE", "GR", "RO", "HU", "AR", "CO", "ID", "VN", "AE", "EG", "NG", "KE")  # fmt: skip
SIGN = r"[^\W\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]"  # of a word, in a language that puts spaces between words
EMAIL = (
    rf"(?<!{SIGN})(?<![.+-]){SIGN}(?:{SIGN}|[.!#$%&'*+/=?^{{|}}~-]){{0,63}}(?<![.])@(?:{SIGN}(?:(?:{SIGN}|-){{0,61}}{SIGN})?\.){{1,6}}"
    rf"(?!\d){SIGN}(?:{SIGN}|-){{1,30}}(?!{SIGN})"
)
NUMBER = re.compile(
    rf"(?<!{SIGN})(?<![.,:/@-])(?:\(?\+|\(|00)?\d(?:[ \t\u00a0]?[().\-–/]?[ \t\u00a0]?\(?\d){{6,16}}(?!{SIGN}|@|[.,:]\d|\s?[€$£%])"
)
CALLED = re.compile(
    r"(?:phone|\b(?:my|our|his|her|their|mobile|office) (?:\w+ )?(?:number|no\.?|num|digits)\b|\btel\b|telef|téléphone|\bt[ée]l\b|mobil|\bcell|\bcall|\btext(?:ed)? (?:me|us|him|her|them)|\bsms\b|whats ?app|signal|fax|\bring\b|reach (?:me|us|him|her)|"
    r"handy|ruf|appel|joignable|ll[aá]m|cel(?:ular)?\b|zap\b|liga|chiama|cell(?:ulare)?\b|bel(?:len)?\b|\bgsm\b|komórk|dzwon|тел|звон|номер|電話|电话|手机|携帯|전화|هاتف|טלפון|điện thoại|số)",
    re.IGNORECASE,
)
BEFORE = 40  # characters in which the word stands that makes a number a phone's
NO_PHONE = re.compile(
    r"^(?:19|20)\d\d\s?[-–/.]\s?(?:19|20)?\d\d\b|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{1,4}[-–]\d{2,6}$|^\d{4}-\d\d-\d\d|^\d{1,3}[.,]\d\d ?[/–-]"
)
OFFICE = re.compile(
    r"(?:\bssn\b|social security|national insurance|\bnino?\b|\bn\.?i\.? number|\bdni\b|\bnie\b|\bnif\b|pesel|codice fiscale|\bc\.?f\.?\b|aadhaar|\btax (?:id|number)|\bsteuer|"
    r"\bid[ -]?(?:number|card|no)|passport|personnummer|hetu|\bcpf\b|\bbsn\b|\bnhs\b)",
    re.IGNORECASE,
)
FORMED = 4  # so many of the recognisers of such numbers know them by their form alone; for the others a word must say what it is
VERSION = re.compile(r"(?i)(?:\b(?:version|firmware|release|build)\s?|\bv\.? ?)$")
_loading = threading.Lock()


def recognised(text: str) -> Iterator[Found]:
    """What the recognisers find in a text."""
    recognisers = _recognisers()
    for one in recognisers["EMAIL"]:
        yield from _each(one, text, "EMAIL")
    if not any(sign.isdigit() for sign in text):
        return
    for match in recognisers["IBAN"][0].analyze(_capitals(text), []):
        yield Found(match.start, match.end, "IBAN")
    for match in recognisers["CARD"][0].analyze(text, []):
        if sum(sign.isdigit() for sign in text[match.start : match.end]) >= 13:
            yield Found(match.start, match.end, "CARD")
    for match in recognisers["IP"][0].analyze(text, []):
        if _tells(text[match.start : match.end]) and not VERSION.search(text[max(0, match.start - 12) : match.start]):
            yield Found(match.start, match.end, "IP")
    yield from _phones(text, recognisers["PHONE"][0])
    for number, one in enumerate(recognisers["ID"]):
        for match in one.analyze(text, []):
            if (number < FORMED and match.score == 1) or OFFICE.search(
                text[max(0, match.start - BEFORE) : match.start]
            ):
                yield Found(match.start, match.end, "ID")


def _each(recogniser: Any, text: str, kind: Kind) -> Iterator[Found]:
    return (Found(match.start, match.end, kind) for match in recogniser.analyze(text, []))


def _phones(text: str, recogniser: Any) -> Iterator[Found]:
    for candidate in NUMBER.finditer(text):
        said = candidate[0]
        written = said.startswith(("+", "(+", "00"))
        called = CALLED.search(text[max(0, candidate.start() - BEFORE) : candidate.start()])
        divided = re.search(r"\d[ ().\-–/]+\d", said) and (said.startswith(("0", "(")) or re.fullmatch(r"\d{3}[-. ]\d{3}[-. ]\d{4}", said))  # fmt: skip
        whole = re.fullmatch(r"0\d{9,11}", said)
        if not (written or called or divided or whole) or NO_PHONE.match(said):
            continue
        found = [
            Found(candidate.start() + one.start, candidate.start() + one.end, "PHONE")
            for one in recogniser.analyze(said, [])
        ]
        if found:
            yield max(found, key=lambda one: one.end - one.start)
        elif (written or called) and 9 <= sum(
            sign.isdigit() for sign in said
        ) <= 15:  # invented, or of a plan that nobody lists
            yield Found(*candidate.span(), "PHONE")


def _tells(address: str) -> bool:
    """Does an address of a machine say whose it is? This machine's own name for itself does not."""
    try:
        ip = ip_interface(address).ip
    except ValueError:
        return False
    short = ":" in address and address.strip(":").count(":") < 2 and not ip.is_global
    return not (ip.is_loopback or ip.is_unspecified or ip.is_multicast or short)


def _capitals(text: str) -> str:
    """The text with small Latin letters as capitals; as long as before."""
    return text.translate(CAPITALS)


CAPITALS = {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}


@cache
def _recognisers() -> dict[Kind, list[Any]]:
    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)  # one of its errors quotes what it could not read
    with _loading, _kept_away(HEAVY):
        from presidio_analyzer import Pattern, PatternRecognizer
        from presidio_analyzer import predefined_recognizers as there
    return {
        # Its own pattern takes the square of a word's length, and its check of the ending would ask the network.
        "EMAIL": [PatternRecognizer("EMAIL_ADDRESS", patterns=[Pattern("email", EMAIL, 0.8)])],
        "IBAN": [there.IbanRecognizer()],
        "CARD": [there.CreditCardRecognizer()],
        "IP": [there.IpRecognizer()],
        "PHONE": [there.PhoneRecognizer(supported_regions=REGIONS)],
        "ID": [there.EsNifRecognizer(), there.EsNieRecognizer(), there.ItFiscalCodeRecognizer(), there.FiPersonalIdentityCodeRecognizer(),
               there.UsSsnRecognizer(), there.UkNinoRecognizer(), there.PlPeselRecognizer(), there.InAadhaarRecognizer(), there.NhsRecognizer()],
    }  # fmt: skip


@contextmanager
def _kept_away(names: tuple[str, ...]) -> Iterator[None]:
    """Modules that are not to be loaded by others inside: for them it is as if they were not installed."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            if sys.modules.get(name) is None:
                sys.modules.pop(name, None)
