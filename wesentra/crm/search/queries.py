"""Questions of the search: by the beginnings of words, in the order of the index.

The index is a B-tree of folded words. The longest word typed drives: a range of it is read in
order until enough candidates are found that have the other words as well, so that one letter
costs no more than a whole name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from wesentra.crm.companies import queries as company_queries
from wesentra.crm.contacts import queries as contact_queries
from wesentra.crm.search import terms
from wesentra.models import Company, CompanyWord, Contact, ContactWord, db

MOST_PEOPLE = 30
MOST_COMPANIES = 10
CANDIDATES = 90
"""So many index rows give `MOST_PEOPLE` persons: few have more than three words alike."""
_LAST = chr(0x10FFFF)


@dataclass(frozen=True)
class Found:
    """People and companies, the best first; `more` when there were too many to show."""

    people: Sequence[Contact]
    companies: Sequence[Company]

    @property
    def more(self) -> bool:
        """Whether the search should be made narrower."""
        return len(self.people) == MOST_PEOPLE or len(self.companies) == MOST_COMPANIES

    def __bool__(self) -> bool:
        return bool(self.people or self.companies)


def find(text: str) -> Found:
    """People and companies that have every word of `text` at the beginning of one of theirs.

    The words of a company find its people, too. Digits find a number in any spelling.
    """
    words = terms.of(text)
    if not words:
        return Found([], [])
    ends = {f"end{place}": word + _LAST for place, word in enumerate(words)}
    typed = {f"word{place}": word for place, word in enumerate(words)} | ends
    return Found(
        db.session.scalars(_people(len(words)), typed).all(),
        db.session.scalars(_companies(len(words)), typed).all(),
    )


@cache
def _people(words: int) -> Select[Contact]:
    """The statement for so many words; made once, because to make it takes longer than to run."""
    also = [or_(_of_contact(n), _of_company(Contact.company_id, n)) for n in range(1, words)]
    by_own = (
        select(ContactWord.contact_id, ContactWord.word, literal(0).label("kind"))
        .join(Contact, Contact.id == ContactWord.contact_id)
        .where(_begins(ContactWord.word, 0), Contact.pending_import_id.is_(None), *also)
        .order_by(ContactWord.word, ContactWord.contact_id)
    )
    by_company = (
        select(Contact.id.label("contact_id"), CompanyWord.word, literal(2).label("kind"))
        .select_from(CompanyWord)
        .join(Contact, Contact.company_id == CompanyWord.company_id)
        .where(_begins(CompanyWord.word, 0), Contact.pending_import_id.is_(None), *also)
        .order_by(CompanyWord.word, CompanyWord.company_id)
    )
    parts = (part.limit(CANDIDATES).subquery() for part in (by_own, by_company))
    best = _best(union_all(*(select(part) for part in parts)).subquery(), "contact_id")
    return (
        contact_queries.rows()
        .join(best, best.c.id == Contact.id)
        .order_by(best.c.rank, Contact.sort_key, Contact.id)
        .limit(MOST_PEOPLE)
    )


@cache
def _companies(words: int) -> Select[Company]:
    """The statement for so many words."""
    found = (
        select(CompanyWord.company_id, CompanyWord.word, literal(0).label("kind"))
        .join(Company, Company.id == CompanyWord.company_id)
        .where(
            _begins(CompanyWord.word, 0),
            Company.pending_import_id.is_(None),
            *(_of_company(Company.id, n) for n in range(1, words)),
        )
        .order_by(CompanyWord.word, CompanyWord.company_id)
        .limit(CANDIDATES)
        .subquery()
    )
    best = _best(found, "company_id")
    return (
        company_queries.rows()
        .join(best, best.c.id == Company.id)
        .order_by(best.c.rank, Company.sort_key, Company.id)
        .limit(MOST_COMPANIES)
    )


def _best(found: Subquery, id_: str) -> Subquery:
    """Each candidate once, with its best rank: a whole word before the beginning of one."""
    rank = found.c.kind + case((found.c.word == bindparam("word0"), 0), else_=1)
    return (
        select(found.c[id_].label("id"), func.min(rank).label("rank"))
        .group_by(found.c[id_])
        .subquery()
    )


def _begins(column: Any, place: int) -> ColumnElement[bool]:
    """The column begins with the typed word at `place` (0: the longest)."""
    return and_(column >= bindparam(f"word{place}"), column < bindparam(f"end{place}"))


def _of_contact(place: int) -> ColumnElement[bool]:
    own = select(ContactWord.word).where(ContactWord.contact_id == Contact.id)
    return own.where(_begins(ContactWord.word, place)).correlate(Contact).exists()


def _of_company(company_id: Any, place: int) -> ColumnElement[bool]:
    own = select(CompanyWord.word).where(CompanyWord.company_id == company_id)
    return own.where(_begins(CompanyWord.word, place)).correlate(Contact, Company).exists()
