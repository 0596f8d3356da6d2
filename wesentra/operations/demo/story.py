"""Two years of a small company's work: decided purely, as deeds in the order of time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from wesentra.clock import HELSINKI
from wesentra.models.codes import Role
from wesentra.operations.demo import words
from wesentra.operations.demo.disclosing import EVERY
from wesentra.operations.demo.invention import Firm, Person

DAYS = 730
LEAVES_ON_DAY = 480
KEPT_FROM = DAYS - 300
"""Whoever was in contact since then is kept by every rule; so is a contract that ended later."""
SOON_GOES = DAYS - 348
"""Whoever was in contact last on this day leaves within a month, if a rule has twelve months."""
BATCH = 500
"""People of one batch, which is one transaction, when a large register is asked for."""
PEOPLE_PER_FIRM = 60 / 25
APART = 3
"""Days between what has to come before and what comes after: more than a weekend."""
OPEN_STEPS = (-6, -1, 0, 0, 3, 8, 21)
"""Days from today on which the last promised steps are due: some are late, one is for today."""


@dataclass(frozen=True)
class Colleague:
    """Somebody who uses the register; `leaves` with the roles ending on LEAVES_ON_DAY.

    Who is not `informed` has not signed in yet: the first page is then the notice about logging.
    """

    name: str
    full_name: str
    role: Role
    language: str = "fi"
    leaves: bool = False
    informed: bool = True


COLLEAGUES = (
    Colleague("admin.halonen", "Heikki Halonen", Role.ADMIN),
    Colleague("aino.virtanen", "Aino Virtanen", Role.STAFF),
    Colleague("mikael.lindholm", "Mikael Lindholm", Role.STAFF, "sv"),
    Colleague("paula.niemi", "Paula Niemi", Role.PRIVACY),
    Colleague("auditor.ek", "Eva Ek", Role.AUDITOR, informed=False),
    Colleague("sami.ranta", "Sami Ranta", Role.STAFF, leaves=True),
)
STAFF = tuple(one.name for one in COLLEAGUES if one.role == Role.STAFF)
PRIVACY = next(one.name for one in COLLEAGUES if one.role == Role.PRIVACY)


@dataclass(frozen=True)
class Deed:
    """One thing that one colleague did at one moment; `number` is of a firm or a person."""

    at: datetime
    kind: str
    who: str = ""
    number: int = 0
    summary: str = ""
    step: str = ""
    due_on: date | None = None
    channel: str = "call"
    direction: str = "in"
    purpose: str = "customer_service"


@dataclass
class Storyteller:
    """Tells the deeds of two years that end yesterday."""

    rng: Random
    today: date

    def tell(self, firms: list[Firm], people: list[Person], more_people: int) -> list[Deed]:
        """Everything that happens, sorted by time."""
        deeds = [Deed(self._moment(0, time(8)), "open")]
        added: dict[int, int] = {}
        for number in range(len(firms)):
            day = self.rng.randint(1, 40 + number * 20)
            added[number] = day
            deeds.append(Deed(self._moment(day), "firm", self._who(day), number))
            if firms[number].typed["group"] == "former-customer":
                ended = self.rng.randint(KEPT_FROM, DAYS - 40)
                deeds.append(Deed(self._moment(ended), "ended", STAFF[0], number))
        for number, person in enumerate(people):
            deeds += self._of_person(number, person, added.get(person.firm or 0, 1))
        batches = -(-more_people // BATCH)
        days = (KEPT_FROM + (DAYS - KEPT_FROM - 20) * n // batches for n in range(batches))
        deeds += [Deed(self._moment(day), "batch", number=n) for n, day in enumerate(days)]
        deeds += [self._disclosed(number) for number in range(3, len(people), EVERY)]
        deeds += [Deed(self._moment(day), "list", self._who(day)) for day in range(14, DAYS, 14)]
        deeds.append(Deed(self._moment(LEAVES_ON_DAY, time(17)), "leave"))
        return sorted(deeds, key=lambda deed: deed.at)

    def _of_person(self, number: int, person: Person, firm_day: int) -> list[Deed]:
        rng = self.rng
        first = firm_day + rng.choice((0, 0, 1, 30, 90)) if person.firm is not None else 50
        first = min(first + APART, DAYS - 30)
        deeds = [Deed(self._moment(first), "person", self._who(first), number)]
        busy = {"contract-customer": (2, 5), "prospect": (1, 3)}.get(person.typed["group"], (0, 2))
        days = sorted(rng.randint(first + APART, DAYS - 12) for _ in range(rng.randint(*busy)))
        for day in days:
            deeds += self._talk(number, person, day)
        if person.typed["group"] in ("prospect", "stakeholder") and days[-1:] < [KEPT_FROM]:
            day = SOON_GOES if number % 4 == 3 else rng.randint(KEPT_FROM, DAYS - 12)
            deeds += self._talk(number, person, max(day, first + APART), "in")
        if rng.random() < 0.5:
            day = rng.randint(first + APART, DAYS - 1)
            purpose = rng.choice(("customer_service", "contract", "sales", "billing"))
            deeds += self._look(number, day, self._who(day), purpose)
        if number % 15 == 4:
            deeds += self._look(number, DAYS - 100 + number, PRIVACY, "subject_request")
        if number < len(OPEN_STEPS):
            deeds.append(self._last_talk(number, OPEN_STEPS[number]))
        return deeds

    def _disclosed(self, number: int) -> Deed:
        """Lately, so that everybody is there by then."""
        at = self._moment(DAYS - 20 - number % 6, time(12, number % 60))
        return Deed(at, "disclose", STAFF[number % 2], number, purpose="contract")

    def _look(self, number: int, day: int, who: str, purpose: str) -> list[Deed]:
        """Somebody is searched for, found and read about."""
        at = self._moment(day)
        soon = at + timedelta(seconds=self.rng.randint(4, 20))
        return [
            Deed(at, "search", who, number, purpose=purpose),
            Deed(soon, "look", who, number, purpose=purpose),
        ]

    def _talk(self, number: int, person: Person, day: int, direction: str = "") -> list[Deed]:
        rng, swedish = self.rng, person.typed["language"] == "sv"
        who, at = self._who(day), self._moment(day)
        step = rng.choice(words.STEPS) if rng.random() < 0.35 else ""
        due = self.today - timedelta(days=DAYS - day - rng.randint(3, 11))
        talk = Deed(
            at,
            "talk",
            who,
            number,
            summary=rng.choice(words.SUMMARIES_SV if swedish else words.SUMMARIES),
            step=step,
            due_on=due if step else None,
            channel=rng.choices(("call", "email", "meeting", "message"), (6, 3, 1, 1))[0],
            direction=direction or rng.choice(("in", "in", "out")),
            purpose="sales" if person.typed["group"] == "prospect" else "customer_service",
        )
        done = [Deed(self._moment(day + 11, time(16)), "finish", who, number)] if step else []
        return [talk, *done]

    def _last_talk(self, number: int, due_in_days: int) -> Deed:
        """A recent talk of Aino's or Mikael's that ends in something still to be done."""
        return Deed(
            self._moment(DAYS - 8 + number % 7),
            "talk",
            STAFF[number % 2],
            number,
            summary=words.SUMMARIES[number % len(words.SUMMARIES)],
            step=words.STEPS[number % len(words.STEPS)],
            due_on=self.today + timedelta(days=due_in_days),
        )

    def _who(self, day: int) -> str:
        return self.rng.choice(STAFF if 0 < day < LEAVES_ON_DAY else STAFF[:2])

    def _moment(self, day: int, at: time | None = None) -> datetime:
        """A working moment of the `day`-th day (0 to 729, yesterday); weekends move to Friday."""
        moved = self.today - timedelta(days=DAYS - min(day, DAYS - 1))
        moved -= timedelta(days=max(0, moved.weekday() - 4))
        at = at or time(self.rng.randint(8, 15), self.rng.randint(0, 59), self.rng.randint(0, 59))
        return datetime.combine(moved, at, HELSINKI)
