"""Keys, passwords and addresses that hold them.

Keys are known by the marks that their issuers give them, passwords by the word before them, in the languages in which people write to
us. What looks like chance and stands after a word such as `token` is a key too.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from .found import Found

# The marks of issuers: OpenAI and Anthropic, Stripe, GitHub, GitLab, Slack, AWS, Google, SendGrid, Hugging Face, npm, PyPI, Shopify,
# Twilio, Telegram, Square, DigitalOcean, Postman, Linear, Notion, Mailgun; JSON web tokens and private keys.
MARKED = re.compile(
    r"""(?x)
    (?<![\w-])(?:
      sk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{16,200}
    | [spr]k_(?:live|test)_[A-Za-z0-9]{10,200} | whsec_[A-Za-z0-9+/=]{16,100}
    | gh[pousr]_[A-Za-z0-9]{30,255} | github_pat_[A-Za-z0-9_]{30,255}
    | gl(?:pat|rt|dt)-[A-Za-z0-9_-]{16,100}
    | xox[abeprs]-[A-Za-z0-9-]{10,200} | xapp-\d-[A-Za-z0-9-]{10,200}
    | (?:AKIA|ASIA)[A-Z0-9]{16}
    | AIza[A-Za-z0-9_-]{30,45} | ya29\.[A-Za-z0-9_-]{20,300} | GOCSPX-[A-Za-z0-9_-]{20,60}
    | SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,80}
    | hf_[A-Za-z0-9]{20,100} | npm_[A-Za-z0-9]{30,60} | pypi-[A-Za-z0-9_-]{30,300}
    | shp(?:at|ca|pa|ss)_[a-fA-F0-9]{24,64}
    | (?:SK|AC)[a-f0-9]{32}
    | \d{8,10}:AA[A-Za-z0-9_-]{30,40}
    | EAAA[A-Za-z0-9_-]{40,120} | sq0[a-z]{3}-[A-Za-z0-9_-]{20,60}
    | do[opr]_v1_[a-f0-9]{40,80} | PMAK-[a-f0-9]{20,30}-[a-f0-9]{30,40}
    | lin_api_[A-Za-z0-9]{30,60} | secret_[A-Za-z0-9]{40,50} | ntn_[A-Za-z0-9]{40,60} | key-[a-f0-9]{32}
    | eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,2000}
    )(?![\w])
    | -----BEGIN\ [A-Z ]{0,30}PRIVATE\ KEY-----[\s\S]{0,8000}?(?:-----END\ [A-Z ]{0,30}PRIVATE\ KEY-----|\Z)
    """
)
# An address with a password in it, with a secret among what it asks for, or one of those that let in whoever knows them.
URL = re.compile(
    r"""(?xi)
    \b[a-z][a-z0-9+.-]{1,30}://[^\s/@:"'<>]{0,100}:[^\s/@"'<>]{1,200}@[^\s"'<>]{1,500}
    | \bhttps?://[^\s"'<>]{1,500}[?&\#;](?:[a-z_-]{0,20}(?:token|key|secret|signature|passw(?:or)?d|pwd|auth)|sig|code|pass|sid|
        X-Amz-Signature)=[^\s"'<>&]{6,500}[^\s"'<>]{0,500}
    | \bhttps?://hooks\.slack\.com/(?:services|workflows|triggers)/[^\s"'<>]{10,200}
    | \bhttps?://(?:\w{1,20}\.)?discord(?:app)?\.com/api/webhooks/[^\s"'<>]{10,200}
    | \bhttps?://[^\s"'<>]{1,80}\.webhook\.office\.com/[^\s"'<>]{10,300}
    | \bhttps?://hooks\.zapier\.com/hooks/catch/[^\s"'<>]{5,100}
    | \bhttps?://(?:meet|docs|drive)\.google\.com/[^\s"'<>]{5,300}[?&](?:resourcekey|authkey)=[^\s"'<>]{6,100}
    """
)
LETS_IN = (
    r"pass(?: ?-?words?)?|passwd|pwd|passphrase|pass ?code|login pw|pw|"
    r"passwort|kennwort|zugangscode|mots? de passe|mdp|contraseñas?|clave(?: de acceso)?|senhas?|palavra-passe|wachtwoord|hasło|"
    r"lösenord|adgangskode|passord|salasana|heslo|jelszó|parol[aă]|şifrem?|пароль|κωδικός|パスワード|密码|密碼|비밀번호|كلمة (?:السر|المرور)|סיסמה|mật khẩu|kata sandi"
)
KEY_WORD = (
    r"api[ _-]?keys?|api[ _-]?tokens?|access[ _-]?(?:keys?|tokens?)|secret[ _-]?(?:access[ _-]?)?keys?|client[ _-]?secret|"
    r"auth[ _-]?tokens?|bearer|tokens?|secrets?|private[ _-]?key|account[ _-]?key|webhook secret|schlüssel|clé(?: api)?|clave api|chave(?: api)?|chiave(?: api)?|ключ|токен"
)
EDGE = r"(?<![^\W\u2e80-\u9fff\uac00-\ud7af])"  # where a word begins, also in a language without spaces
JOINED = r"(?:\s{0,3}[:=：]\s{0,3}|\s{1,3}(?:is|are|was|be|ist|lautet|est|es|é|è|to|er|är|jest|adalah|là)\s{1,3}|\s?は\s?|是)[\"'`“„«]?"
VALUE = r"(?P<value>[^\s\"'`”“»<>]{4,100})"
PASSWORD = re.compile(rf"{EDGE}(?:{LETS_IN})(?:\s[\w'’-]{{1,20}}){{0,3}}?{JOINED}{VALUE}", re.IGNORECASE)
SPOKEN = re.compile(rf"{EDGE}(?:{LETS_IN})\s{{1,3}}[\"'`“„«]?{VALUE}", re.IGNORECASE)
BESIDE = re.compile(rf"\w@[\w.-]{{4,80}}\s?[/|]\s?{VALUE}")  # an address with its password: ada@x.org / secret
KEY = re.compile(
    rf"{EDGE}(?:{KEY_WORD})(?:\s[\w'’-]{{1,20}}){{0,2}}?(?:{JOINED}|\s{{1,3}})(?P<value>[A-Za-z0-9+/=_.~-]{{16,400}})",
    re.IGNORECASE,
)
PIN = re.compile(
    r"(?<!\w)(?:pin|pin-code|(?:door|gate|alarm|entry|access|security|lock ?box) ?code|türcode|code (?:porte|d'entrée|alarme)|cvv|cvc)"
    r"(?:\s{0,2}[:=]\s{0,2}|\s(?:is|ist|est|es)\s|\s)(?P<value>\d{3,8})(?![\w-]|[.,]\d|\s?(?:digits?|stellig|chiffres|characters|times|or\b))",
    re.IGNORECASE,
)
CLOSING = ".,;:!?)]}"  # what stands after a word and not in it
ENOUGH = 3.2  # bits a sign, from which a key looks like chance


def secrets(text: str) -> Iterator[Found]:
    """What lets somebody in."""
    for match in URL.finditer(text):
        yield Found(match.start(), match.start() + len(match[0].rstrip(CLOSING)), "URL")
    for match in MARKED.finditer(text):
        yield Found(*match.span(), "KEY")
    for rule in (PASSWORD, SPOKEN, BESIDE):
        for match in rule.finditer(text):
            value = match["value"].rstrip(".,;:)]}")
            if len(value) >= 4 and _is_password(value, spoken=rule is not PASSWORD):
                yield Found(match.start("value"), match.start("value") + len(value), "PASSWORD")
    for match in KEY.finditer(text):
        value = match["value"].rstrip(CLOSING)
        if _is_chance(value):
            yield Found(match.start("value"), match.start("value") + len(value), "KEY")
    for match in PIN.finditer(text):
        yield Found(*match.span("value"), "PASSWORD")


def _is_password(value: str, spoken: bool) -> bool:
    """Would somebody choose that as a password, and is it no word that only follows one? spoken: nothing such as `:` stood before it."""
    letters, digits = any(sign.isalpha() for sign in value), any(sign.isdigit() for sign in value)
    other = any(not sign.isalnum() and sign not in "-–/'’…" for sign in value[:-1])
    if value.startswith("(") or re.fullmatch(
        r"\d{1,3}[-–+]?\d{0,3}[-–+]?[^\W\d_]*", value
    ):  # (in the morning, 8-20, 12+, 8chars
        return False
    if letters and digits:
        return not spoken or len(value) >= 6 or other
    if digits:
        return not spoken and len(value) >= 6
    odd = letters and other and "(" not in value and not re.fullmatch(r"[\w.,/]+", value)
    return odd and len(value) >= (5 if spoken else 7)


def _is_chance(value: str) -> bool:
    """Was this drawn by a machine, rather than written by a person?"""
    if not any(sign.isdigit() for sign in value) or not any(sign.isalpha() for sign in value):
        return False
    return _bits(value) >= ENOUGH


def _bits(value: str) -> float:
    """How many bits a sign of it tells."""
    counts = Counter(value)
    return -sum(number / len(value) * math.log2(number / len(value)) for number in counts.values())
