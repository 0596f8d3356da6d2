"""E-invoice addresses and operators of Finnish companies.

An address is an OVT (`0037`, the eight digits of a business ID, up to five characters for a
unit) or, from the banks' era, an IBAN. An operator is known by a BIC or by an OVT of its own.
"""

import re

from stdnum import iban

from wesentra.crm.values import business_id
from wesentra.crm.values.line import check, without_invisible
from wesentra.refusal import Refused
from wesentra.texts import mark

OPERATOR_LIMIT = 35
EXAMPLE = "003701120389"

_OVT = re.compile(r"0037(\d{7})(\d)([0-9A-Z]{0,5})", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[0-9A-Z]{2}(?:[0-9A-Z]{3})?", re.ASCII)
_FILLING = re.compile(r"[\s\-\u2010-\u2015]+")


def parse(text: str) -> str:
    """Return the e-invoice address without blanks and hyphens, in capitals.

    Raises Refused when it is neither an OVT with a right business ID nor a right IBAN.
    """
    typed = _compact(text)
    ovt = _OVT.fullmatch(typed)
    if ovt is not None and _right(ovt[1], ovt[2]):
        return typed
    if _IBAN.fullmatch(typed) and iban.is_valid(typed, check_country=False):
        return typed
    if ovt is not None:
        raise _refusal(
            mark(
                "The business ID inside this e-invoice address is not right: %(value)s. "
                "A right address looks like %(example)s."
            ),
            text,
        )
    raise _refusal(
        mark(
            "This is not an e-invoice address: %(value)s. It is 0037 and the business ID "
            "without its hyphen, for example %(example)s, or an IBAN."
        ),
        text,
    )


def owner(address: str) -> str | None:
    """Return the business ID inside an OVT address, or None when the address is an IBAN."""
    ovt = _OVT.fullmatch(address)
    return f"{ovt[1]}-{ovt[2]}" if ovt else None


def is_of_another(address: str, company_id: str | None) -> bool:
    """Tell whether the OVT belongs to another business ID: usual in groups, so only a warning."""
    inside = owner(address)
    return bool(inside and company_id and inside != company_id)


def operator(text: str) -> str:
    """Return the operator: a code in capitals without blanks, or a name as it was typed."""
    code = _compact(text)
    return code if is_operator_code(code) else check(text, OPERATOR_LIMIT)


def is_operator_code(code: str) -> bool:
    """Tell whether `code` is a BIC or an OVT; for anything else a form warns and accepts."""
    ovt = _OVT.fullmatch(code)
    return bool(_BIC.fullmatch(code) or (ovt and _right(ovt[1], ovt[2])))


def _compact(text: str) -> str:
    return _FILLING.sub("", without_invisible(text)).upper()


def _right(base: str, check_char: str) -> bool:
    return business_id.check_digit(base) == check_char


def _refusal(sentence: str, text: str) -> Refused:
    return Refused(sentence, value=text.strip(), example=EXAMPLE)
