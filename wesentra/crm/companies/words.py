"""By which words a company is found, kept in step with the company."""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, insert, select

from wesentra.crm.values import fold, phone
from wesentra.models import Company, CompanyWord, db
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.models.personal import Category, masked

LONGEST = 80
_TABLE = db.metadata.tables[CompanyWord.__tablename__]
_DELETE = delete(_TABLE).where(_TABLE.c.company_id == bindparam("own"))
_INSERT = insert(_TABLE)


def of_values(name: str, business_id: str, switchboard: str) -> dict[str, str]:
    """The folded words of a name, a business ID with and without hyphen, a number's digits, each
    with its category; a word of the name is the name's in any case."""
    found: dict[str, str] = {}
    for word in phone.spellings(switchboard) if switchboard else ():
        found[word[:LONGEST]] = Category.CONTACT_DETAILS.value
    for word in (business_id, business_id.replace("-", "")):
        found[word[:LONGEST]] = Category.BILLING.value
    for word in fold.words(name):
        found[word[:LONGEST]] = Category.IDENTITY.value
    found.pop("", None)
    return found


def write(company: Company) -> None:
    """Replace the words of a company by those of its present values."""
    options = bulk_write("update", "company", [company.id], [])
    db.session.execute(_DELETE, {"own": company.id}, execution_options=options)
    wanted = of_values(*_values(company))
    if wanted:
        db.session.execute(_INSERT, rows(company.id, wanted), execution_options=options)


def _values(company: Company) -> tuple[str, str, str]:
    """What the words are made of; what the purpose does not show is looked up by the program."""
    if masked(company).isdisjoint(("business_id", "switchboard")):
        return (company.name, company.business_id, company.switchboard)
    columns = (Company.name, Company.business_id, Company.switchboard)
    stored = select(*columns).where(Company.id == company.id)
    row = db.session.execute(stored, execution_options=seen_by_program("search words")).one()
    return (row.name, row.business_id, row.switchboard)


def rows(company_id: int, found: Mapping[str, str]) -> list[dict[str, object]]:
    """Rows for a bulk insert of one company's words."""
    return [
        {"word": word, "company_id": company_id, "category": category}
        for word, category in sorted(found.items())
    ]
