"""Names of people, known by what stands before them (`my name is`, `Frau`, `me llamo`) or by a given name with a family name after it.

A rule and a list of given names, in place of a language model of hundreds of megabytes that knows one language: docs/traces.md says what
that finds and what it misses. A given name alone is no finding, unless it is introduced or stands beside an address or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from .found import Found

LIST = Path(__file__).parent / "given_names.txt"
NEAR = 40  # characters between a given name and the address that makes it a finding

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚΆΈ-ΏΑ-ΩЀ-Я"
LOWER = "a-zß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžșțά-ώа-џ"
WORD = rf"(?:[{UPPER}](?:['’][{UPPER}])?[{LOWER}]+(?:[{UPPER}][{LOWER}]+)?(?:-[{UPPER}]?[{LOWER}]+){{0,2}})"
PARTICLE = r"(?:van der|van den|van de|von der|de la|de los|del|della|dos|das|von|van|zu|de|da|di|du|la|le|al|el|bin|ben|ibn|ter|ten|O['’]|D['’])"
INITIAL = rf"(?:[{UPPER}]\.)"
FAMILY = rf"(?:(?:{PARTICLE} ){{0,2}}{WORD})"
FULL = rf"{WORD}(?: (?:{WORD}|{INITIAL})){{0,2}} {FAMILY}"
NAME = rf"{WORD}(?: {INITIAL}){{0,2}}(?: {FAMILY}){{0,2}}"

# After these a name follows, however it is written: also small, as people type.
TOLD = re.compile(
    rf"""(?x)(?<!\w)(?i:my\ (?:full\ )?name(?:\ is|'s|’s)|my\ names|ich\ heiße|ich\ heisse|mein\ name\ ist|je\ m['’]appelle|mon\ nom\ est|me\ llamo|mi\ nombre\ es|
      mi\ chiamo|il\ mio\ nome\ è|(?:o\ )?meu\ nome\ é|(?:eu\ )?me\ chamo|chamo-me|ik\ heet|mijn\ naam\ is|nazywam\ się|mam\ na\ imię|jag\ heter|mitt\ namn\ är|jeg\ hedder|jeg\ heter|
      jmenuji\ se|a\ nevem|mă\ numesc|mă\ cheamă|benim\ adım|adım|меня\ зовут|мене\ звати|nama\ saya|tên\ tôi\ là|tôi\ tên\ là)[:,]?\ +
      (?P<name>{NAME.replace(" ", chr(92) + " ")}(?![\w])|[^\W\d_][\w'’-]+(?:\ +(?!and\b|und\b|et\b|y\b|e\b|en\b|i\b|och\b|og\b|ve\b|и\b|from\b|aus\b|de\ la\b|i['’]?m\b|but\b|the\b|we\b|with\b)(?:{PARTICLE}\ )?[^\W\d_][\w'’-]+)?)
    """
)
# After these a name follows when it begins with a capital.
TITLES = (
    r"(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra|Srta|Mme|Mlle|Sig|Dott|Dra|Hr|mevr|dhr)\.?|Miss|Mister|Sir|Herrn?|[Ff]rau|Monsieur|Madame|Mademoiselle|Señora?|Señorita|Signora?|Sig\.ra|"
    r"Senhora?|Doña|Dona|[Mm]evrouw|[Mm]eneer|Pani?|Panią|Panem|г-н|г-жа|господин|госпожа|med\.)"
)
TITLED = re.compile(rf"(?<!\w)(?:{TITLES} )+(?P<name>(?!{TITLES}\b){NAME})")
CALLED = re.compile(
    rf"""(?x)(?<!\w)(?i:call\ me|contact(?:\ person)?(?:\ is|:)|ask\ for|attn\.?:?|c/o|signed(?:\ by)?[,:]?|regards,?|cheers,?|thanks,?|best,|sincerely,?|
      ansprechpartner(?:in)?(?:\ ist|:)?|inhaber(?:in)?(?:\ ist|:)?|(?:viele|liebe|beste|schöne)?\ ?grüße,?|lg,?|mfg,?|cordialement,?|merci,?|bien\ à\ vous,?|saludos,?|atentamente,?|gracias,?|un\ saludo,?|
      saluti,?|grazie,?|abraços?,?|obrigad[oa],?|atenciosamente,?|groet(?:en|jes)?,?|pozdrawiam,?|с\ уважением,?|
      (?:the\ )?(?:owner|manager|boss|landlord|chair(?:woman|man)?|treasurer|coach|founder|director)(?:'s\ name)?\ is|(?:owned|run|founded|managed|written)\ by|name:|nom\ ?:|nombre:|nome:|naam:|имя:)
      [\s—–-]{{1,3}}(?P<name>{NAME})"""
)
BEING = re.compile(
    rf"(?<!\w)(?i:i am|i['’]m|im|this is|it['’]?s|ich bin|hier ist|je suis|c['’]est|soy|sono|sou(?: [oa])?|ik ben|jestem|jag är|ben|я|i,|we are|hi,?|hello,?|dear|hallo|liebe|hola|bonjour|ciao|olá)"
    rf" (?P<name>{NAME})"
)
I_AM = re.compile(
    rf"(?<!\w)(?:(?i:i am|i['’]m|im|this is) (?P<one>(?!\w+(?:ian|ish|ese|can|man)\b){WORD}),? (?:I|and I|i|and i|here|again)\b"
    rf"|(?i:i am|i['’]m|this is|hier ist|soy|je suis|sono) (?P<two>{FULL}),? (?:from|here|again|speaking|aus|vom|von|de|del|du|dal)\b)"
)
LITTLE = re.compile(
    r"(?<!\w)(?:i am|i['’]m|im|ich bin|soy|sono) (?P<name>[^\W\d_A-Z]{4,}) (?:and i|here|from|und|y|e)\b"
)
SMALL = re.compile(
    r"(?<!\w)(?i:i am|i['’]m|im|ich bin|je suis|soy|sono) (?P<given>[^\W\d_A-Z]{3,}) (?P<family>[^\W\d_A-Z]{3,})(?!\w)"
)
HERE = re.compile(
    r"(?:^|[.!\n] ?)(?P<name>(?P<given>[^\W\d_]{3,})(?: [^\W\d_]{3,})?),? (?:here|hier|ici|aquí|qui)\b", re.IGNORECASE
)
NEXT = re.compile(
    rf"(?: as (?:an? |the )?[a-z]{{2,20}})?(?: ?\([^()\n]{{1,40}}\))?(?:, ?| and | und | et | y | e | en | i | & | och | og | ve |; ?|\n ?[-•*] ?)(?P<name>{FULL})(?!\w| ?\d)"
)
EAST = re.compile(
    r"(?:私の名前は|名前は|担当者?は|店長は|代表は|院長は|氏名[:：] ?|联系人(?:是|[:：]) ?|负责人(?:是|[:：]) ?|姓名[:：] ?|わたしは|我叫|我的名字(?:是|叫)|我是(?=[\u4e00-\u9fff]{2,3}[,，。])|제 이름은 ?|저는 ?(?=[\uac00-\ud7a3]{3}(?:입니다|이고|라고))|اسمي |שמי |मेरा नाम )"
    r"(?P<name>[\u0900-\u097f]+(?: [\u0900-\u097f]+)?(?= है)|[\u4e00-\u9fff\u3040-\u30ff々]{2,8}?(?=です|と|[,，。、.\s]|$)|[\u4e00-\u9fff]{2,3}|[\uac00-\ud7a3]{2,4}?(?=입니다|이고|이에요|라고|이며|[,.\s]|$)|[\u0600-\u06ff]+(?: [\u0600-\u06ff]+)?|[\u0590-\u05ff]+(?: [\u0590-\u05ff]+)?)"
)
PLAIN = re.compile(
    rf"(?<![\w@/.'’-])(?P<given>{WORD})(?P<middle>(?: (?:{WORD}|{INITIAL})){{0,2}}?) (?P<family>{FAMILY})(?![\w@]|['’]s\b)"
)
ALONE = re.compile(rf"(?<![\w@/.'’-]){WORD}(?![\w@])")

# What stands after a name that is no family name: places, things and houses that bear one.
NO_FAMILY = re.compile(
    r"""(?xi)(?:street|st|road|rd|avenue|ave|lane|square|park|plaza|bridge|station|airport|beach|island|river|lake|mountain|hill|hills|valley|church|chapel|cathedral|school|college|university|academy|
    institute|library|museum|hospital|clinic|hotel|inn|pub|bar|cafe|café|bakery|bistro|restaurant|pizzeria|kitchen|shop|store|market|salon|studio|gym|club|team|league|band|choir|orchestra|theatre|theater|
    festival|day|night|week|month|year|award|awards|prize|cup|trophy|tour|marathon|race|fund|foundation|trust|charity|project|group|company|co|inc|ltd|llc|gmbh|law|laws|method|test|model|code|style|
    system|app|apps|website|site|page|portal|platform|tracker|planner|manager|admin|board|house|home|hall|center|centre|garden|gardens|farm|vineyard|winery|brewery|estate|properties|
    is|are|was|and|or|the|to|for|can|will|has|should|must|needs?|wants?|with|from|who|at|in|on|of|may|also|only|then|but|january|february|march|april|june|july|august|september|october|november|december|
    monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|
    room|rooms|team|plumbing|heating|electric|roofing|consulting|design|designs|hole|grove|creek|falls|springs|bay|ridge|canyon|forest|woods|pass|peak|point|harbou?r|port|cakes?|books?|pies?|beans|bikes?|cars|photos?|photography|coffee|tea|wine|beer|grey|gray|blue|green|red|black|white|gold|
    stra(?:ß|ss)e|platz|weg|allee|schule|kirche|markt|laden|verein|tag|rue|place|école|eglise|église|calle|plaza|via|piazza|rua|praça|und|et|y|e)\.?"""
)
PLACE = re.compile(
    r"(?:room|hall|school|street|square|park|prize|award|cup|trophy|library|museum|club|reading|quotes?|fan|style|method)s?"
)
# Names that everybody knows belong to no customer.
FAMOUS = (
    "martin luther king", "anne frank", "harry potter", "sherlock holmes", "frank lloyd wright", "johann sebastian bach", "taylor swift", "leonardo da vinci", "marie curie",
    "albert einstein", "william shakespeare", "santa claus", "james bond", "jane austen", "elon musk", "steve jobs", "nelson mandela", "michael jackson", "robin hood", "peter pan",
    "mickey mouse", "charlie chaplin", "frida kahlo", "maria montessori", "rudolf steiner", "sebastian kneipp", "mary poppins", "bob ross", "stephen king", "agatha christie", "maria theresia",
)  # fmt: skip


def names(text: str, beside: Iterable[Found] = ()) -> Iterator[Found]:
    """People's names. beside: addresses and numbers that make a given name near them a finding."""
    for rule in (TOLD, TITLED, CALLED, EAST):
        for match in rule.finditer(text):
            if rule is CALLED and not _person(match["name"]):
                continue
            if not _famous(text, match.start("name")) and not NO_FAMILY.fullmatch(match["name"]):
                yield _found(match, "name")
    for match in BEING.finditer(text):
        first = match["name"].split()[0]
        if first in given() and not _famous(text, match.start("name")):
            yield _found(match, "name")
    for match in I_AM.finditer(text):
        yield _found(match, "one" if match["one"] else "two")
    for match in LITTLE.finditer(text):
        if match["name"].capitalize() in given():
            yield _found(match, "name")
    for match in (*SMALL.finditer(text), *HERE.finditer(text)):
        if match["given"].capitalize() in given() and match.groupdict().get("family") not in PLAIN_WORDS:
            start = match.start("name" if "name" in match.groupdict() else "given")
            yield Found(start, match.end("name" if "name" in match.groupdict() else "family"), "NAME")
    for match in PLAIN.finditer(text):
        if (
            match["given"] in given()
            and not NO_FAMILY.fullmatch(match["family"].split()[-1])
            and not _famous(text, match.start())
        ):
            after = re.match(r" ([^\W\d_]+)", text[match.end() :])
            if not (after and NO_FAMILY.fullmatch(after[1]) and (after[1][0].isupper() or PLACE.fullmatch(after[1]))):
                yield Found(*match.span(), "NAME")
                yield from _further(text, match.end())
    for one in beside:
        around = max(0, one.start - NEAR), one.end + NEAR
        for match in ALONE.finditer(text[around[0] : around[1]]):
            place = match.start() + around[0], match.end() + around[0]
            line = text[min(place[1], one.end) : max(place[0], one.start)]
            if match[0] in given() and "\n" not in line and "." not in line.strip("."):
                yield Found(*place, "NAME")


def _further(text: str, end: int) -> Iterator[Found]:
    """More names, where one begins a list of them."""
    while match := NEXT.match(text, end):
        if any(NO_FAMILY.fullmatch(word) for word in match["name"].split()):
            return
        yield _found(match, "name")
        end = match.end()


def _famous(text: str, start: int) -> bool:
    return text[start : start + 40].casefold().startswith(FAMOUS)


def _person(name: str) -> bool:
    """Is that somebody, and no word with a capital? A known given name, or two words that are none of a place."""
    words = name.split()
    return words[0] in given() or (len(words) > 1 and not any(NO_FAMILY.fullmatch(word) for word in words) and words[0].lower() not in PLAIN_WORDS)  # fmt: skip


PLAIN_WORDS = set(
    "the a an our my your their his her please make it this that there all each every no new add one two we i and from here but with who at in on of".split()
)


def _found(match: re.Match[str], group: str) -> Found:
    return Found(match.start(group), match.end(group), "NAME")


@cache
def given() -> frozenset[str]:
    """The given names that are no words besides."""
    return frozenset(LIST.read_text("utf-8").splitlines())
