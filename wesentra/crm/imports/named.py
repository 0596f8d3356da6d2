"""Groups, languages and countries, by their codes or by their names in any of our languages."""

from functools import cache

from babel import Locale

from wesentra.crm.values import phone
from wesentra.models.codes import GROUP_NAMES, by_name
from wesentra.refusal import Refused
from wesentra.texts import LANGUAGES, mark


def group(text: str) -> str:
    """The key of a group of data subjects; refuses one that there is not."""
    code = by_name(GROUP_NAMES, text)
    if code is None:
        raise Refused(mark("There is no such group: %(value)s."), value=text)
    return code.value


@cache
def _language_names() -> dict[str, str]:
    """Every code and name of our languages, in each of them, with its code."""
    names = {Locale(by).languages[code].casefold(): code for by in LANGUAGES for code in LANGUAGES}
    return names | {code: code for code in LANGUAGES}


@cache
def _country_names() -> dict[str, str]:
    """Every code and name of the countries in our languages, with its two letters."""
    pairs = (pair for by in LANGUAGES for pair in Locale(by).territories.items())
    names = {name.casefold(): code for code, name in pairs if code in phone.REGIONS}
    return names | {code.casefold(): code for code in names.values()}


def language(text: str) -> str:
    """The code of one of our languages; refuses another."""
    code = _language_names().get(text.strip().casefold())
    if code is None:
        raise Refused(
            mark("The language is not Finnish, Swedish or English: %(value)s."), value=text
        )
    return code


def country(text: str) -> str:
    """The two letters of a country; refuses one that there is not."""
    code = _country_names().get(text.strip().casefold())
    if code is None:
        raise Refused(mark("There is no such country: %(value)s."), value=text)
    return code
