"""The mix of a working day in the log: which requests there are and what entries they leave."""

from dataclasses import dataclass

LINE = '["email","family_name","given_name","group","phone","title"]'
PERSON = (
    '["email","family_name","field_check.outcome","field_check.reason","given_name","group",'
    '"interaction.at","interaction.channel","interaction.direction","interaction.purpose",'
    '"interaction.summary","language","note","phone","source","title"]'
)
Part = tuple[str, str, int, str, bool]
"""Operation, type, how many of them (0: no list of people), fields, whether it counts a request."""


@dataclass(frozen=True)
class Kind:
    """One kind of request, how often it comes among the others, and the entries it leaves."""

    weight: float
    endpoint: str
    parts: tuple[Part, ...]
    outcome: str = "done"


def kinds(people_an_entry: float) -> list[Kind]:
    """The mix of a working day; as many lists as it takes for so many people an entry."""
    company = ("company", 1, '["name"]', False)
    mix = [
        Kind(60, "contacts.show", (("view", *company), ("view", "contact", 1, PERSON, True))),
        Kind(12, "contacts.save", (("update", "contact", 1, '["phone"]', True),)),
        Kind(8, "day.index", (("list", "contact", 8, LINE, True),)),
        Kind(8, "search.index", (("search", "contact", 30, LINE, True),)),
        Kind(3, "accounts.sign_in_post", (("sign_in", "user", 1, "[]", True),)),
        Kind(1, "log.index", (("log_read", "contact", 1, '["contact"]', True),)),
        Kind(0.3, "users.index", (("denied", "", 0, "[]", True),), "denied"),
        Kind(0.02, "contacts.export", (("export", "contact", 200, LINE, True),)),
    ]
    listed = (
        ("list", "company", 45, '["name"]', False),
        ("list", "contact", 50, LINE, True),
        ("program", "paging", 0, "[]", True),
    )
    entries = sum(kind.weight * len(kind.parts) for kind in mix)
    people = sum(k.weight * part[2] for k in mix for part in k.parts if part[1] == "contact")
    lists = (people_an_entry * entries - people) / (50 - people_an_entry * len(listed))
    if lists < 0:
        raise SystemExit("with so few people an entry there would be no list at all")
    return [*mix, Kind(lists, "contacts.index", listed)]
