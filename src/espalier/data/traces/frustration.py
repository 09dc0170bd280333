"""Does a message sound frustrated? Rules for twelve languages: something still does not work, was said before, is nonsense; shouting.

A request alone (`make it blue`) is none, nor is a fault that is told calmly for the first time (`the calendar starts on Sunday`). How often
the rules are right is measured on heard.jsonl.
"""

from __future__ import annotations

import re

# Each of these alone is enough.
STRONG = re.compile(
    r"""(?xi)
    \bstill\ (?:\w+\ )?(?:not?\b|doesn|does\ not|isn|is\ not|aren|can['’]?t|cannot|won|wrong|broken|missing|the\ same|empty|nothing|fails?|bad|ugly|there|shows?|crash|there)
    | \b(?:doesn['’]?t|does\ not|don['’]?t|do\ not|didn['’]?t|did\ not|won['’]?t|never)\ (?:even\ )?(?:work|listen|understand|get\ it|help)(?:s|ed)?\b
    | \b(?:not|never)\ what\ i\ (?:asked|said|meant|wanted|told)
    | \b(?:i|as\ i)\ (?:already\ |just\ |clearly\ )?(?:told|said|asked)\b.{0,40}\b(?:already|before|twice|times|not|no|blue|you)\b | \bi\ (?:already|clearly|literally)\ (?:said|told|asked)\b
    | \bhow\ (?:many\ times|often\ do\ i|hard\ can) | \b(?:second|third|fourth|fifth|10th|tenth|hundredth|2nd|3rd|4th|5th)\ time\b
    | \byou\ (?:keep|broke|ruined|deleted|ignored|messed|removed|forgot|lost|always|never)\b
    | \b(?:useless|garbage|rubbish|trash(?!\ (?:can|bin|bag|day)s?\b)|terrible|horrible|awful|ridiculous|pathetic|nonsense|stupid|idiotic|annoying|frustrat\w+|disappoint\w+|unusable|pointless|crap|crappy|shit\w*|bullshit|damn\w*|wtf|ffs|omg|fuck\w*|bloody|hopeless|waste\ of\ (?:my\ )?time)\b
    | \b(?:ugh+|argh+|grr+|facepalm)\b | \b(?:give|giving|gave)\ up\b | \bfor\ (?:god|christ|heaven|fuck)['’]?s?\s?sake | \bcome\ on\b | \bfed\ up\b | \bsick\ of\b | \bseriously\b\s?[?!]
    | \b(?:completely|totally|all|just|again|even)\ (?:wrong|worse|broken)\b | \b(?:wrong|broken|gone|blank)\ again\b | \bmade\ it\ worse\b | \bworse\ than\ before\b | \bwhat\ (?:the\ hell|is\ wrong\ with) | \bwhy\ (?:won['’]?t|can['’]?t|don['’]?t|doesn['’]?t|do\ i\ have\ to|is\ it\ so\ hard)\b
    | \b(?:geht|funktioniert|klappt|tut)\ (?:\w+\ )?(?:immer\ noch|schon\ wieder|noch\ immer|wieder|überhaupt)\ nicht | \bimmer\ noch\ (?:nicht|falsch|kaputt|leer|da|kein|das) | \bschon\ wieder\b | \bhab(?:e)?\ ich\ (?:doch\ )?(?:schon|bereits|gesagt)
    | \b(?:unbrauchbar|nutzlos|mist|scheiß\w*|scheiss\w*|blödsinn|quatsch|nervt|murks|unsinn|katastrophe|verdammt)\b | \bzum\ (?:dritten|zweiten|zehnten|x-ten)\ mal\b | \bwas\ soll\ das\b | \b(?:das\ )?war\ nicht\ gefragt | \bich\ sagte\b
    | \b(?:ne|n['’])\ ?(?:marche|fonctionne)\ (?:toujours|encore|plus|même)?\ ?pas | \btoujours\ (?:pas|faux|cassé|vide|le\ même|la\ même)\b | \bj['’]ai\ (?:déjà\ )?dit\b | \b(?:nul|inutile|ras\ le\ bol|n['’]importe\ quoi|merde|putain|j['’]en\ ai\ marre|encore\ raté)\b
    | \b(?:sigue|todavía|aún)\ (?:sin|no|mal|igual|roto) | \bno\ (?:funciona|sirve|entiendes)\b | \b(?:ya\ (?:te\ )?(?:lo\ )?dije|inútil|qué\ mal|basura|mierda|otra\ vez\ (?:mal|lo\ mismo|igual)|estoy\ hart[oa])\b
    | \b(?:non\ funziona|ancora\ (?:sbagliat|rott|non|vuot)\w*|te\ l['’]ho\ (?:già\ )?detto|inutile|schifo|basta)\b
    | \b(?:não\ funciona|ainda\ (?:não|errad|quebrad)\w*|já\ (?:falei|disse)|inútil|lixo|droga|que\ saco|de\ novo\ errado)\b
    | \b(?:werkt\ (?:nog\ steeds|weer|helemaal)?\ ?niet|nog\ steeds|waardeloos|onzin|alweer|ik\ zei)\b
    | \b(?:dalej\ nie|wciąż\ nie|nadal\ nie|znowu\ (?:źle|to)|bez\ sensu|beznadziej\w*|mówiłem|mówiłam)\b | \b(?:fungerar\ (?:fortfarande|inte)|fortfarande\ (?:inte|fel)|värdelös\w*)\b | \b(?:hâlâ|hala)\ (?:çalışmıyor|yanlış|yok|olmadı)|\bçalışmıyor\b|\bberbat\b
    | вс[её]\ ещ[её]\ не|опять\ (?:не|то\ же)|не\ работает|сколько\ (?:раз|можно)|бесполезн|ужасно|фигня | まだ(?:動|直|でき|表示)|動かない|直ってない|使えない|何度(?:も|言) | 还是(?:不|没|错)|没用|又(?:错|坏)了|不能用|垃圾|说了多少 | 여전히|아직도\ ?안|안\ ?돼요|왜\ 안|짜증 | لا\ (?:يعمل|يزال)|ما\ زال
    """
)
POLITE = re.compile(
    r"(?i)\b(?:if (?:it|that|the \w+) (?:doesn|does not|still)|when it doesn|in case|users? (?:who|that)|(?:show|say|display|write) (?:a |an )?(?:message|error|[\"“])|so (?:it|that|they) (?:doesn|don))"
)
SHOUTED = re.compile(r"\b[A-ZÀ-Þ]{3,}(?:['’][A-Z]+)?(?:\W+[A-ZÀ-Þ]{2,}){2,}")
GLAD = re.compile(
    r"(?i)\b(?:love|great|thanks?|thank you|perfect|wow|awesome|nice|beautiful|super|danke|toll|merci|génial|gracias|genial|perfecto|grazie|bellissim\w|obrigad\w|ótimo|dzięki)\b"
)
SIGNS = re.compile(r"[!?]{3,}|!!\s*$|[😡🤬😤🙄😠🤦]")


def frustrated(message: str) -> bool:
    """Does it sound frustrated?"""
    text = message[:5000]
    if SIGNS.search(text) and not GLAD.search(text):
        return True
    if SHOUTED.search(text) and any(sign.islower() for sign in text) is False:
        return True
    return bool(STRONG.search(text)) and not (POLITE.search(text) and len(STRONG.findall(text)) == 1)
