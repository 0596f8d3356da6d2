"""By which words a company is found, kept in step with the company."""

from sqlalchemy import bindparam, delete, insert, select

from wesentra.crm.values import fold, phone
from wesentra.models import Company, CompanyWord, db
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.models.personal import masked

LONGEST = 80
_TABLE = db.metadata.tables[CompanyWord.__tablename__]
_DELETE = delete(_TABLE).where(_TABLE.c.company_id == bindparam("own"))
_INSERT = insert(_TABLE)


def of_values(name: str, business_id: str, switchboard: str) -> set[str]:
    """The folded words of a name, a business ID with and without hyphen, a number's digits."""
    found = set(fold.words(name))
    if business_id:
        found |= {business_id, business_id.replace("-", "")}
    if switchboard:
        found |= set(phone.spellings(switchboard))
    return {word[:LONGEST] for word in found if word}


def write(company: Company) -> None:
    """Replace the words of a company by those of its present values."""
    options = bulk_write("update", "company", [company.id], [])
    db.session.execute(_DELETE, {"own": company.id}, execution_options=options)
    wanted = of_values(*_values(company))
    if wanted:
        rows = [{"word": word, "company_id": company.id} for word in sorted(wanted)]
        db.session.execute(_INSERT, rows, execution_options=options)


def _values(company: Company) -> tuple[str, str, str]:
    """What the words are made of; what the purpose does not show is looked up by the program."""
    if masked(company).isdisjoint(("business_id", "switchboard")):
        return (company.name, company.business_id, company.switchboard)
    columns = (Company.name, Company.business_id, Company.switchboard)
    stored = select(*columns).where(Company.id == company.id)
    row = db.session.execute(stored, execution_options=seen_by_program("search words")).one()
    return (row.name, row.business_id, row.switchboard)
