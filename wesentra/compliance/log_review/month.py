"""One month of the log, read once: what the rules find, and the sample. Pure but for the reading.

What is remembered grows with the hits and with the people opened a day, not with the entries.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date

from wesentra.audit.ledger import Operation
from wesentra.audit.spans import Row
from wesentra.audit.usual import usual_but
from wesentra.compliance.log_review import day_rules, entry_rules
from wesentra.compliance.log_review.records import Context, Day, Found, Hit, day_of
from wesentra.compliance.log_review.sampling import Draw
from wesentra.limits import ReviewLimits

SAMPLE, LOG_READ = "sample", "log"
"""What is judged without a rule of its own number."""

Key = tuple[Hashable, ...]


def _by_person(row: Row, found: Found) -> Key:
    return row.actor_id, found.contact, day_of(row.at)


def _by_page(row: Row, found: Found) -> Key:
    """The people of a page again on one day; what cannot be measured is one line for a user."""
    if found.facts.get("erased"):
        return (row.actor_id,)
    return row.actor_id, row.subject_ids, day_of(row.at)


def _by_day(row: Row, _found: Found) -> Key:
    return row.actor_id, day_of(row.at)


def _by_request(row: Row, _found: Found) -> Key:
    return (row.request_id,)


def _by_source(row: Row, _found: Found) -> Key:
    return row.actor_id, row.source


ENTRY_RULES: dict[str, tuple[entry_rules.Rule, Callable[[Row, Found], Key]]] = {
    "R1": (entry_rules.without_contact, _by_page),
    "R2": (entry_rules.same_surname, _by_person),
    "R3": (entry_rules.own_or_colleague, _by_person),
    "R4": (entry_rules.odd_time, _by_day),
    "R6": (entry_rules.taken_out, _by_request),
    "R8": (entry_rules.restricted_or_former, _by_person),
    "R9": (entry_rules.new_source, _by_source),
    "R10": (entry_rules.before_leaving, _by_day),
    "R11": (entry_rules.denied, _by_day),
    "R13": (entry_rules.no_purpose, _by_day),
    LOG_READ: (entry_rules.log_read, _by_day),
}
"""Each with what makes several entries one thing to judge."""
DAY_RULES: dict[str, day_rules.DayRule] = {
    "R5": day_rules.many_people,
    "R7": day_rules.by_number,
    "R12": day_rules.only_searches,
}


@dataclass
class Month:
    """The reading of one month; `last` is the entry that the first one follows (None: any)."""

    context: Context
    limits: ReviewLimits
    draw: Draw
    gaps: int = 0
    last: int | None = None
    hits: dict[Key, Hit] = field(default_factory=dict)
    days: dict[tuple[int, date], Day] = field(default_factory=dict)

    def read(self, rows: Iterable[Row]) -> "Month":
        """Read all entries, in their order."""
        for row in rows:
            self._gap(row)
            self._rules(row)
            if row.actor_id is not None and row.operation in entry_rules.WORK:
                self.draw.offer(row.actor_id, row.id)
                self._day(row, row.actor_id)
        return self

    def before(self, rows: Iterable[Row]) -> None:
        """Read what leaving users did shortly before the month: for R10 alone."""
        for row in rows:
            self._rule("R10", row)

    def found(self) -> list[Hit]:
        """Everything that rules found, those of days included."""
        few = self.limits.review_denied
        kept = [hit for hit in self.hits.values() if hit.rule != "R11" or hit.count >= few]
        return kept + self._of_days()

    def _gap(self, row: Row) -> None:
        missing = day_rules.gap(self.last, row.id) if self.last is not None else 0
        if missing:
            self.gaps += missing
            self.hits["R14", row.id] = _hit("R14", row, Found(None, {"entries": missing}), None)
        self.last = row.id

    def _rules(self, row: Row) -> None:
        for name in ENTRY_RULES:
            self._rule(name, row)

    def _rule(self, name: str, row: Row) -> None:
        rule, key_of = ENTRY_RULES[name]
        found = rule(row, self.context, self.limits)
        if found is None:
            return
        key = (name, *key_of(row, found))
        if (known := self.hits.get(key)) is not None:
            known.count += 1
        else:
            self.hits[key] = _hit(name, row, found, row.actor_id)

    def _day(self, row: Row, user: int) -> None:
        on = day_of(row.at)
        day = self.days.get((user, on))
        if day is None:
            day = self.days[user, on] = Day(user, on)
        if row.operation == Operation.SEARCH:
            day.searches += 1
            day.first_search = day.first_search or row
        elif people := entry_rules.opened(row):
            day.opened.append(people)
            day.first_opened = day.first_opened or row

    def _of_days(self) -> list[Hit]:
        found = []
        for (user, on), day in self.days.items():
            usual = usual_but(on, self.context.days.get(user, {}))
            for name, rule in DAY_RULES.items():
                facts = rule(day, usual, self.limits)
                first = day.first_search if name == "R12" else day.first_opened
                if facts is not None and first is not None:
                    hit = _hit(name, first, Found(None, facts), user)
                    hit.count = day.searches if name == "R12" else len(day.opened)
                    found.append(hit)
        return found


def sample_hit(row: Row) -> Hit:
    """An entry of the sample, to be judged by itself."""
    return _hit(SAMPLE, row, Found(entry_rules.only(entry_rules.opened(row))), row.actor_id)


def _hit(rule: str, row: Row, found: Found, user: int | None) -> Hit:
    return Hit(
        rule=rule,
        user=user,
        at=row.at,
        entry=row.id,
        request_id=row.request_id,
        contact=found.contact,
        facts=found.facts,
    )
