"""Words that smell of special categories of data (Art. 9 GDPR) or of crimes (Art. 10).

Stems in Finnish, Swedish and English. A hit is never a refusal, only a question whether it is
really needed, so the lists aim at what people write in notes and leave out what is mostly the
name of a customer (hospitals, parishes, clinics, unions as companies).
"""

import re
import unicodedata

from wesentra.fold import LOOKED_AT

_ANYWHERE = """
sairau[sdt] sairasl sairastu sairastel syöpä syövän syöpää leukemi kasvaime(?:n|t)
(?:selkä|polvi|sydän|silmä|lonkka|olkapää|vatsa|aivo)leik sydänkoht sydäninf aivohalv aivoinf
mielenterve työkyvyttöm työuupum burnout vammai masennu masentun
"""
"""Stems that count inside a compound word too (selkäsairaus, keuhkosyöpä)."""

_HEALTH = """
diagno(?:os|s|osi) leikkaukse(?:ssa|en|sta)\\b diabee?t(?:es|eks|ik|ic) raska(?:ana|us|uden|utta)
äitiysl invalidi(?:n|lla|t|teet)?\\b alkoholis alkoholion päihde psykiatr terapia(?:ssa|an|sta)\\b
lääkity allergi astma epilep hiv\\b adhd autis dementi muistisai terveydenti terveyson terveyssy
flunss kuumees kipeänä kuntoutuks sydänvik
sjuk\\b sjuka\\b sjukskr sjukled sjukdom sjukpens cancer depress deprim gravid opererad opereras
utbränd missbruk funktionsned funktionsh handikapp handicap psykisk mammaled
sick\\b illness disease surgery pregnan maternity disabilit alcoholi addict medication hospitali
"""
_BELIEF = """
uskonno uskovai helluntai lestadiol muslim islami juutalai ortodoks katoli jehova mormon luterilai
religi judisk ortodox troende jewish catholic atheis ateist buddhis buddhal hindu
"""
_ORIGIN = """
etnine etnis etnici ethnic romani(?:t|n|en|lle|taust\\w*)?\\b romaneja\\b romsk mustalai zigenar
saamelai samer\\b samisk maahanmuuttajat ulkomaalaist pakolai ihonväri hudfärg racial
"""
_OPINION = """
ammattiliit ammattiyhd fackl fackmed fackför kokoomusl demari(?:t|n)?\\b sosialidem socialdem
socialist sosialist vasemmistol perussuomalai keskustalai kommunist puoluek poliitti politisk
political partimedl
"""
_INTIMATE = """
homo(?:n|na|lla|t|ja|seks\\w*|sex\\w*)?\\b lesbo lesbisk lesbian biseks bisex transsuku transihm
transnai transmie transperson transgender seksuaal gay\\b bög\\b queer lgbt hlbt
"""
_CRIME = """
tuomit(?:tu|tiin|un) tuomio(?:n|ta|lla)?\\b rikosre rikosta rikostu rikosep rikolli rikoks
vankil vanki\\b vankeu ehdonal rattijuop pahoinpi petokses huumei huumau huumet poliisitut esitutkin
syyttee dömd\\b dömdes brottsre fängels åtalad rattfyll misshand convict criminal prison arrested
felony
"""
_PHRASES = """
liiton\\s+jäsen puolueen\\s+jäsen trade\\s+union union\\s+member labou?r\\s+union mental\\s+health
party\\s+member
"""
_CUSTOMER = re.compile(
    r"\w*(?:yhdisty\w*|säätiö\w*|stiftelse\w*|keskus\w*|keskuks\w*|asema\w*|talo\w*|osasto\w*"
    r"|vakuutu\w*|kassa\w*|kassal\w*|apteek\w*|tarvik\w*|laitteet|seurakun\w*|poli|klinik\w*)"
)
"""Words whose last part names an organisation or a product, whatever stands before it."""

_COMPANY_FORM = re.compile(
    r"^(?:[^\S\n]+&?[^\S\n]*[\w-]+){0,3}?[^\S\n]+(?:Oyj?|Ab|Abp|Ky|Kb|Tmi|Osk|ry|rf|rs|säätiö|Ltd|Inc|plc)\b"
)


def _stems(listing: str) -> str:
    return "|".join(listing.split())


_WHOLE = "|".join(_stems(part) for part in (_HEALTH, _BELIEF, _ORIGIN, _OPINION, _INTIMATE, _CRIME))
_SMELL = re.compile(
    rf"\b(?:{_stems(_PHRASES)})\w*|\b\w*(?:{_stems(_ANYWHERE)})\w*|\b(?:{_WHOLE})\w*",
    re.IGNORECASE,
)


def sensitive_words(text: str) -> list[str]:
    """Return the words of `text` that smell of Art. 9 or 10 GDPR, as written, each once."""
    plain = unicodedata.normalize("NFC", text[:LOOKED_AT])
    hits = (hit for hit in _SMELL.finditer(plain) if not _names_customer(plain, hit))
    return list(dict.fromkeys(hit[0] for hit in hits))


def _names_customer(text: str, hit: re.Match[str]) -> bool:
    """Tell whether the word is part of an organisation's name or a line of business."""
    if _CUSTOMER.fullmatch(hit[0].lower()):
        return True
    return hit[0][:1].isupper() and _COMPANY_FORM.match(text[hit.end() :]) is not None
