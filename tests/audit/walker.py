"""Walks every address of the application as somebody, and hands each answer to a judge.

Addresses come from the application's own map. Parameters are given by name; an address that asks
for one nobody has told here fails by name. Forms are those of the pages that were seen: each is
sent as it stands, empty, and with values of a stranger.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import pages
from tests.audit import marked
from wesentra.crm.companies import fields as company_fields
from wesentra.crm.contacts import fields as contact_fields

HTMX = {"HX-Request": "true"}
CONTACT, TRADER, TRADERS_COMPANY, COMPANY = 123, 21, 7, 45
NAMES = {
    "contacts": [*contact_fields.FIELDS, "owner", "company", "nonsense"],
    "companies": [*company_fields.FIELDS, "owner", "nonsense"],
}
PARAMETERS: dict[str, list[Any]] = {
    "contact_id": [
        *(CONTACT, TRADER, marked.OBJECTING, marked.RESTRICTED, marked.WAITING, marked.STRANGER),
    ],
    "company_id": [COMPANY, TRADERS_COMPANY, marked.COMPANIES, marked.STRANGER],
    "job_id": [1, 2, 3, 4, marked.STRANGER],
    "import_id": [1, marked.STRANGER],
    "task_id": [CONTACT, marked.RESTRICTED, marked.WAITING, marked.STRANGER],
    "interaction_id": [CONTACT, marked.STRANGER],
    "request_id": ["marked", "walked", "nonsense"],
    "review_id": [1, marked.STRANGER],
    "item_id": [1, 3, marked.STRANGER],
    "breach_id": [1, marked.STRANGER],
    "key": ["marketing", "nonsense"],
    "entry_id": [1, marked.STRANGER],
    "passkey_id": [1, marked.STRANGER],
    "hold_id": [1, 2, marked.STRANGER],
    "run_id": [1, marked.STRANGER],
    "rule_id": [1, 21, marked.STRANGER],
    "disclosure_id": [1, 2, 3, 4, marked.STRANGER],
    "departure_id": [1, marked.STRANGER],
    "group": ["prospect", "nonsense"],
    "field": ["phone", "nonsense"],
}
"""What an address is given for a parameter, by its name; `user_id` and `name` are found out."""

NUMBERS = ("0401000123", "+358 40 1000123", "(040) 100 0021", "09 2000045", "0000")
QUERIES: dict[str, list[dict[str, Any]]] = {
    "contacts.index": [{"group": "prospect"}, {"mine": 1}, {"after": 77}, {"leaving": 1}],
    "contacts.new": [{"company": COMPANY}, {"company": TRADERS_COMPANY}, {"number": "0407"}],
    "companies.index": [{"group": "prospect"}, {"after": 20}, {"leaving": 1}],
    "interactions.new": [
        {"contact": CONTACT},
        {"contact": marked.RESTRICTED},
        {"contact": TRADER},
        {"contact": marked.STRANGER},
    ],
    "tasks.new": [
        {"contact": CONTACT},
        {"contact": marked.RESTRICTED},
        {"contact": marked.STRANGER},
    ],
    "search.index": [
        *({"q": q} for q in ("Etu000123", "etu00012", "suku0001", "s000021@", "Yritys000007")),
        *({"q": q} for q in ("", "0401000123", "040 100", "zzz", "Etu000123 Suku000123")),
    ],
    "search.call": [{"number": number} for number in NUMBERS],
    "log.index": [{"contact": CONTACT}, {"operation": "list"}, {"user": 1}, {"from": "nonsense"}],
    "log.export_file": [{"format": "csv"}, {"contact": CONTACT}, {"format": "nonsense"}],
    "log_users.own": [{"contact": CONTACT}, {"user": 1}, {"from": "2020-01-01"}, {"from": "no"}],
    "log_users.export_own": [{"format": "jsonl"}, {"user": 1}, {"format": "nonsense"}],
    "dashboard.index": [{"days": 30}],
}
"""Questions that addresses are asked beside being opened plainly."""

WHOLE = ("/title", "/street", "/nonsense")
"""Fields that are also seen as a page of their own; the others as fragments in their place."""

LATER = (
    "close",
    "delete",
    "disable",
    "undo",
    "lift",
    "logout",
    "password",
    "reset",
    "revoke",
    "purpose",
)
"""What ends something comes when everything else was seen."""


@dataclass
class Walk:
    """One walk of one browser; `judge` is called with every answer."""

    app: Flask
    client: FlaskClient
    judge: Callable[[str, TestResponse], None]
    user_id: int
    statuses: dict[str, set[int]] = field(default_factory=dict)
    forms: dict[tuple[str, ...], pages.Form] = field(default_factory=dict)
    unfilled: set[str] = field(default_factory=set)

    def everywhere(self, permitted: Callable[[Rule], bool]) -> None:
        """Open all addresses, those not permitted only once, then send all forms."""
        for rule in sorted(self.app.url_map.iter_rules(), key=str):
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            addresses = list(self.addresses(rule))
            for address in addresses if permitted(rule) else addresses[:1]:
                in_place = "name" in rule.arguments and not address.endswith(WHOLE)
                if not in_place:
                    self.open(rule.endpoint, address)
                if permitted(rule) and str(marked.STRANGER) not in address:
                    self.open(rule.endpoint, address, HTMX)
        sent: set[tuple[str, ...]] = set()
        while waiting := {key: form for key, form in self.forms.items() if key not in sent}:
            key, form = min(waiting.items(), key=lambda item: _order(item[1]))
            sent.add(key)
            for values in self.fillings(form):
                self.send(form, values)

    def addresses(self, rule: Rule) -> Iterator[str]:
        """The addresses of a rule with every parameter, and with the questions told above."""
        folder = rule.endpoint.split(".")[0]
        known = PARAMETERS | {"user_id": [self.user_id, marked.STRANGER]}
        if folder in NAMES:
            known["name"] = NAMES[folder]
        missing = rule.arguments - known.keys()
        if missing:
            self.unfilled.add(f"{rule}: {', '.join(sorted(missing))}")
            return
        names = sorted(rule.arguments)
        for chosen in product(*(known[name] for name in names)):
            given = dict(zip(names, chosen, strict=True))
            if "name" in given and chosen[0] != known[names[0]][0] and given["name"] != "title":
                continue
            with self.app.test_request_context("https://localhost/"):
                yield self.app.url_for(rule.endpoint, **given)
        for query in QUERIES.get(rule.endpoint, []):
            yield f"{rule.rule}?{urlencode(query)}"

    def open(self, endpoint: str, address: str, headers: dict[str, str] | None = None) -> None:
        """Go to an address and remember the forms of the page."""
        answer = self.client.get(address, headers=headers)
        self._seen(endpoint, f"GET {address}{' htmx' if headers else ''}", answer)
        self._gather(answer)

    def _gather(self, answer: TestResponse) -> None:
        """Remember the forms of an answer, one of each kind."""
        if answer.mimetype == "text/html":
            for form in pages.read(self.client, answer).forms:
                if form.method == "post":
                    ends = any(word in form.action for word in LATER)
                    key = form.action if ends else self._endpoint(form.action)
                    self.forms.setdefault((key, *sorted(form.names)), form)

    def fillings(self, form: pages.Form) -> Iterator[dict[str, Any]]:
        """What a form is sent with: empty, a stranger's values, and as it stands."""
        if not any(word in form.action for word in LATER):
            own = [n for n in form.fields if n not in ("csrf_token", "contact", "next", "token")]
            yield dict.fromkeys(own, "")
            yield dict.fromkeys(own, f"Typed{marked.STRANGER}")
        yield {}

    def send(self, form: pages.Form, values: dict[str, Any]) -> None:
        """Send a form as a browser does, and once more as htmx does when it changed nothing."""
        data = {**form.fields, **values}
        if form.attributes.get("enctype") == "multipart/form-data":
            file = b"Etunimi;Sukunimi;Yritys\nTyped;Stranger;Unknown Oy\n"
            files = [n for n in form.names if n not in form.fields]
            data |= {name: (io.BytesIO(file), "people.csv") for name in files}
        for headers in ({}, HTMX):
            if headers and any(word in form.action for word in LATER):
                continue
            answer = self.client.post(form.action, data=dict(data), headers=headers)
            name = f"POST {form.action} {sorted(values) or 'as it stands'} {headers}"
            self._seen(self._endpoint(form.action), name, answer)
            self._gather(answer)
            if "enctype" in form.attributes:
                break

    def _endpoint(self, action: str) -> str:
        adapter = self.app.url_map.bind("localhost", url_scheme="https")
        try:
            endpoint, _ = adapter.match(action.partition("?")[0], method="POST")
        except HTTPException:
            self.unfilled.add(f"a form leads nowhere: {re.sub('[0-9]+', 'N', action)}")
            return "nowhere"
        return str(endpoint)

    def _seen(self, endpoint: str, name: str, answer: TestResponse) -> None:
        self.statuses.setdefault(endpoint, set()).add(answer.status_code)
        self.judge(name, answer)


def _order(form: pages.Form) -> tuple[int, str]:
    rank = next((place for place, word in enumerate(LATER, 1) if word in form.action), 0)
    return (99 if form.action == "/logout" else rank, form.action)
