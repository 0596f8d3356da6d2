"""Fixed codes of the register: groups of data subjects, channels, outcomes, roles."""

from enum import StrEnum
from typing import TypeVar

from wesentra.texts import mark

T = TypeVar("T", bound=StrEnum)


class Group(StrEnum):
    """Groups of data subjects (*rekisteröityjen ryhmä*)."""

    CONTRACT_CUSTOMER = "contract-customer"
    PROSPECT = "prospect"
    STAKEHOLDER = "stakeholder"
    SUPPLIER = "supplier"
    FORMER_CUSTOMER = "former-customer"


GROUP_NAMES: dict[Group, tuple[str, str, str]] = {
    Group.CONTRACT_CUSTOMER: ("sopimusasiakas", "avtalskund", "contract customer"),
    Group.PROSPECT: ("mahdollinen asiakas", "potentiell kund", "prospect"),
    Group.STAKEHOLDER: ("sidosryhmä", "intressentgrupp", "stakeholder"),
    Group.SUPPLIER: ("toimittaja", "leverantör", "supplier"),
    Group.FORMER_CUSTOMER: ("entinen asiakas", "tidigare kund", "former customer"),
}
"""Names in Finnish, Swedish and English: input is taken in any of them."""


class ContactChannel(StrEnum):
    """How we were in contact."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    MESSAGE = "message"


CHANNELS: dict[str, str] = {
    ContactChannel.CALL: mark("Call"),
    ContactChannel.EMAIL: mark("E-mail"),
    ContactChannel.MEETING: mark("Meeting"),
    ContactChannel.MESSAGE: mark("Message"),
}
"""What channels are called, as message ids; so also below."""


class Direction(StrEnum):
    """Who began it."""

    INBOUND = "in"
    OUTBOUND = "out"


DIRECTIONS: dict[str, str] = {
    Direction.INBOUND: mark("They contacted us"),
    Direction.OUTBOUND: mark("We contacted them"),
}


class Outcome(StrEnum):
    """What came of asking about one field (*vahvistettu, korjattu, poistettu, ohitettu*)."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REMOVED = "removed"
    SKIPPED = "skipped"


OUTCOMES: dict[str, str] = {
    Outcome.CONFIRMED: mark("confirmed"),
    Outcome.CORRECTED: mark("corrected"),
    Outcome.REMOVED: mark("removed"),
    Outcome.SKIPPED: mark("skipped"),
}


class SkipReason(StrEnum):
    """Why a field was not asked about; the report counts these."""

    NO_TIME = "no_time"
    NOT_SUITABLE = "not_suitable"
    PERSON_DECLINED = "person_declined"
    ALREADY_KNOWN = "already_known"
    NOT_ANSWERED = "not_answered"


SKIP_REASONS: dict[str, str] = {
    SkipReason.NO_TIME: mark("No time"),
    SkipReason.NOT_SUITABLE: mark("Not the moment"),
    SkipReason.PERSON_DECLINED: mark("The person did not want to"),
    SkipReason.ALREADY_KNOWN: mark("I know it already"),
    SkipReason.NOT_ANSWERED: mark("No answer"),
}


class Ground(StrEnum):
    """Why processing is restricted: the points of Art. 18(1) GDPR."""

    ACCURACY = "a"
    UNLAWFUL = "b"
    CLAIMS = "c"
    OBJECTION = "d"


GROUNDS: dict[str, str] = {
    Ground.ACCURACY: mark("The accuracy of the data is being checked (Art. 18(1)(a))"),
    Ground.UNLAWFUL: mark("Unlawful, but the person wants no erasure (Art. 18(1)(b))"),
    Ground.CLAIMS: mark("The person needs the data for a legal claim (Art. 18(1)(c))"),
    Ground.OBJECTION: mark("The person’s objection is being examined (Art. 18(1)(d))"),
}

OBJECTIONS: dict[str, str] = {"marketing": mark("Direct marketing (Art. 21(2))")}
"""What a person can object to in the register."""
NOTED_AGAIN = "again"
"""The channel of an objection that came back with an address whose owner was erased."""


class Role(StrEnum):
    """What somebody may do; granted from a day to a day."""

    STAFF = "staff"
    PRIVACY = "privacy"
    ADMIN = "admin"
    AUDITOR = "auditor"


ROLE_NAMES: dict[Role, tuple[str, str, str]] = {
    Role.STAFF: ("henkilöstö", "personal", "staff"),
    Role.PRIVACY: ("tietosuojan yhteyshenkilö", "kontaktperson för dataskydd", "privacy contact"),
    Role.ADMIN: ("pääkäyttäjä", "administratör", "administrator"),
    Role.AUDITOR: ("tarkastaja", "granskare", "auditor"),
}


def by_name(names: dict[T, tuple[str, str, str]], text: str) -> T | None:
    """The code whose key or name in any of the three languages is `text`, else None."""
    wanted = text.strip().casefold()
    for code, own in names.items():
        if wanted == code.value or wanted in own:
            return code
    return None
