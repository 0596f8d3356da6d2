"""Any history of rules, contacts, holds and dates: what is foretold for a day is what its run does.

Nobody goes before the day, nobody stays after it without a named hold.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests import factories
from tests.databases import Database, Databases
from wesentra import clock
from wesentra.app import create_app
from wesentra.compliance.retention import actions, dates, holds, plan, rules, run, state
from wesentra.models import Company, Contact, Restriction, RetentionHold, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import writing
from wesentra.models.codes import Group
from wesentra.models.retention_hold import HoldKind
from wesentra.refusal import Refused
from wesentra.settings import load

pytestmark = pytest.mark.long
BEGAN = date(2024, 2, 29)
MANY = {"sqlite": 25, "postgresql": 5}
"""Histories by kind of database: each begins with a fresh one."""
WHAT = (
    *("person", "person", "company", "call", "mail", "group", "left", "ended", "invoiced"),
    *("trader", "trader", "hold company"),
    *("hold", "lift", "restrict", "free", "let go", "rule", "run", "run", "run"),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(WHAT), st.integers(0, 9), st.integers(0, 500)),
    min_size=6,
    max_size=24,
)
Subjects = dict[str, set[int]]


class Life:
    """One register and what happens in it; its clock goes on by the days that were drawn."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.app = create_app(load(folder, database.environ()))
        self.day = BEGAN
        with factories.register(self.app):
            self.user = factories.user_id(self.app, factories.user(self.app, "privacy"))

    @contextmanager
    def acting(self) -> Iterator[None]:
        at = datetime.combine(self.day, time(12), clock.HELSINKI)
        with clock.turned_to(at), factories.register(self.app):
            yield

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    # --- what happens ---------------------------------------------------------------------------

    def does(self, what: str, which: int, days: int) -> None:
        self.day += timedelta(days=days)
        if what == "run":
            self.run()
            return
        with self.acting():
            people = list(db.session.scalars(select(Contact).order_by(Contact.id)))
            firms = list(db.session.scalars(select(Company).order_by(Company.id)))
            self.person_or_company(what, which, firms)
            if people:
                self.of_a_person(what, which, people[which % len(people)])
            if firms:
                self.of_a_company(what, which, firms[which % len(firms)])
            if what == "trader" and people and firms:
                firms[which % len(firms)].person_id = people[which % len(people)].id
            if what == "rule":
                self.rule(which, days)

    @staticmethod
    def person_or_company(what: str, which: int, firms: list[Company]) -> None:
        group = list(Group)[which % len(Group)].value
        if what == "person":
            company = firms[which % len(firms)].id if firms and which % 2 else None
            factories.contact(f"P{which}", group=group, company_id=company)
        elif what == "company":
            factories.company(f"Y{which} Oy", group=group)

    def of_a_person(self, what: str, which: int, person: Contact) -> None:
        until = self.day + timedelta(days=30)
        kind = holds.TYPED[which % len(holds.TYPED)]
        does = {
            "call": lambda: factories.interaction(person, channel="call", at=clock.now()),
            "mail": lambda: factories.interaction(person, channel="email", direction="out"),
            "group": lambda: setattr(person, "group", list(Group)[which % len(Group)].value),
            "left": lambda: setattr(person, "left_on", self.day if which % 3 else None),
            "hold": lambda: holds.place("contact", person.id, kind, "velkomus", self.user, until),
            "lift": lambda: [holds.lift(one) for one in db.session.scalars(select(RetentionHold))],
            "restrict": lambda: factories.restriction(person),
            "free": self.free,
            "let go": lambda: holds.let_go("contact", person.id),
        }
        if what in does:
            does[what]()

    @staticmethod
    def free() -> None:
        for one in db.session.scalars(select(Restriction)):
            one.lifted_at = clock.now()

    def of_a_company(self, what: str, which: int, company: Company) -> None:
        if what == "hold company":
            kind = holds.TYPED[which % len(holds.TYPED)]
            until = self.day + timedelta(days=30)
            holds.place("company", company.id, kind, "velkomus", self.user, until)
        elif what == "ended":
            company.contract_ended_on = self.day
        elif what == "invoiced":
            company.invoiced_on = self.day

    @staticmethod
    def rule(which: int, days: int) -> None:
        every = rules.versions()
        rule = every[(which * 7 + days) % len(every)]
        try:
            rules.change(rule, days % 40, rule.action, "")
        except Refused:
            rules.change(rule, 72 + days % 40, rule.action, "")

    # --- what is promised -----------------------------------------------------------------------

    def run(self) -> None:
        """Foretell, carry out, compare; once more where somebody has to give their word."""
        foretold, dues = self.foretold(), self.dues()
        before = self.there()
        with self.acting():
            try:
                run.carry_out(self.day)
            except Refused:
                db.session.rollback()
                found = state.stopped(self.day)
                assert found is not None
                actions.approve(found)
                stopped = True
            else:
                stopped = False
        if stopped:
            assert self.there() == before, "nobody goes while somebody has to be asked"
            self.run()
            return
        after = self.there()
        gone = {kind: before[kind] - after[kind] for kind in before}
        assert gone == foretold
        for kind, numbers in gone.items():
            assert all(dues[kind][number] <= self.day for number in numbers)
        self.nobody_stays()

    def foretold(self) -> Subjects:
        with self.acting():
            made = plan.of(self.day)
            db.session.rollback()
            going = {
                kind: {number for ids in by_rule.values() for number in ids}
                for kind, by_rule in made.going.items()
            }
            theirs = select(Company.id).where(Company.person_id.in_(going["contact"]))
            about = seen_by_program("retention")
            going["company"] |= set(db.session.scalars(theirs, execution_options=about))
            return going

    def dues(self) -> dict[str, dict[int, date]]:
        there = self.there()
        with self.acting():
            found = {kind: dates.dues(kind, ids) for kind, ids in there.items()}
        for kind, of_kind in found.items():
            assert all(of_kind.values()), f"a {kind} without a date"
        return {kind: {n: one.on for n, one in of.items() if one} for kind, of in found.items()}

    def there(self) -> Subjects:
        about = seen_by_program("retention")
        with self.acting():
            return {
                "contact": set(db.session.scalars(select(Contact.id), execution_options=about)),
                "company": set(db.session.scalars(select(Company.id), execution_options=about)),
            }

    def nobody_stays(self) -> None:
        """Whoever's day has come and who is still there has a hold with a name."""
        dues = self.dues()
        with self.acting():
            for kind, of_kind in dues.items():
                late = [number for number, day in of_kind.items() if day <= self.day]
                held = plan.holds_on(kind, late)
                assert all(held.get(number) for number in late), (kind, late, held)
                assert set().union(*held.values(), set()) <= {*HoldKind, "restriction", "people"}


def test_what_is_foretold_for_a_day_is_what_its_run_does(
    databases: Databases, tmp_path: Path
) -> None:
    @settings(
        max_examples=MANY[databases.kind],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(STEPS)
    def happens(steps: list[tuple[str, int, int]]) -> None:
        folder = tmp_path / "instance"
        token = writing.set(True)
        try:
            with databases.fresh() as database:
                life = Life(database, folder)
                try:
                    for what, which, days in steps:
                        life.does(what, which, days)
                    life.run()
                    life.day += timedelta(days=3000)
                    life.run()
                finally:
                    life.close()
        finally:
            writing.reset(token)

    happens()
