"""The date of deletion in lists, of companies and of contacts alike."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import joinedload, load_only

from wesentra.models import Company, Contact, RetentionDue, RetentionRule

Class = type[Contact] | type[Company]


def with_date(class_: Class) -> Any:
    """Load of the date, with what happens on it."""
    rule = joinedload(RetentionDue.rule).load_only(RetentionRule.action)
    return joinedload(class_.retention).options(load_only(RetentionDue.due_on), rule)


def goes_until(class_: Class, until: date | None = None) -> ColumnElement[bool]:
    """Whether somebody goes up to a day; without it, up to the one that is bound as `until`."""
    own = RetentionDue.contact_id if class_ is Contact else RetentionDue.company_id
    there = own.is_not(None), RetentionDue.due_on <= (until or bindparam("until"))
    return class_.id.in_(select(own).where(*there))
