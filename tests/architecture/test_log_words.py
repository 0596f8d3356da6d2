"""Whatever the program writes into the log by name has a name in the language of who reads it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask

from tests import factories
from tests.architecture.test_house_rules import READ, names
from tests.databases import sqlite_only
from wesentra.audit import holds, redacting
from wesentra.audit.entry import Operation
from wesentra.audit.names import OPERATIONS, SUBJECTS
from wesentra.audit.wanted import Wanted
from wesentra.compliance.access_log import words
from wesentra.compliance.access_log.deeds import NAMES
from wesentra.compliance.breaches.actions import COLUMNS
from wesentra.compliance.breaches.forms import BreachForm
from wesentra.compliance.log_review import actions as reviewing
from wesentra.compliance.log_review.words import VERDICTS

NAMED_ELSEWHERE: dict[str, object] = {
    "wesentra/accounts/coming_in.py:list(how)": (
        *("code", "passkey", "recovery_code"),
        *("sso", "sso_factor"),
    ),
    "wesentra/accounts/purposes_views.py:changed": "marketing.note",
    "wesentra/audit/holds.py:hold.reason": tuple(holds.REASONS),
    "wesentra/audit/redacting.py:reason": tuple(redacting.REASONS),
    "wesentra/compliance/access_log/reading.py:fields": tuple(vars(Wanted())),
    "wesentra/compliance/breaches/actions.py:changed": COLUMNS,
    "wesentra/compliance/log_review/actions.py:verdict": reviewing.VERDICTS,
    "wesentra/compliance/retention/run.py:told": ("begun", "stopped"),
}
"""Fields that are a variable, with all that it can be."""
NUMBERS = "wesentra/operations/schema.py"
"""Tells revisions of the schema, which are numbers in every language."""


class Said(NamedTuple):
    """One field that the program writes under an operation, and where it does."""

    place: str
    operation: str
    field: str


def called() -> Iterator[tuple[str, ast.Call]]:
    """Every noted deed and event, and the file in which it stands."""
    for path in READ:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                on = ast.unparse(node.func.value)
                if node.func.attr in ("deed", "event") and on in ("current()", "acting"):
                    yield names(path), node
                if node.func.attr == "note" and on == "reading":
                    yield names(path), node


def operation_of(node: ast.Call) -> str:
    text = ast.unparse(node.args[0])
    if text.startswith("Operation."):
        return str(Operation[text.removeprefix("Operation.")])
    return text.strip("'") if text.startswith("'") else Operation.LOG_READ  # in `reading.note`


def fields_of(node: ast.Call) -> list[ast.expr]:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "note":
        return node.args[2:]
    given = [word.value for word in node.keywords if word.arg == "fields"] + node.args[3:4]
    return [one for each in given for one in (each.elts if isinstance(each, ast.List) else [each])]


def in_sources() -> list[Said]:
    found = []
    for place, node in called():
        for field in fields_of(node):
            text = ast.unparse(field)
            if isinstance(field, ast.Constant):
                known: object = field.value
            elif isinstance(field, ast.JoinedStr):
                known = f"{ast.literal_eval(field.values[0])}1"
            else:
                known = NAMED_ELSEWHERE.get(f"{place}:{text}", f"{text}?")
            if place != NUMBERS:
                several = known if isinstance(known, tuple) else (known,)
                found += [Said(place, operation_of(node), str(one)) for one in several]
    return found


@sqlite_only
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_field_of_a_deed_has_a_name(app: Flask, language: str) -> None:
    said = in_sources()
    assert len({one.place for one in said}) > 10
    with app.test_request_context(headers={"Accept-Language": language}), factories.register(app):
        raw = [one for one in said if words.field_name(one.field, one.operation) == one.field]
    assert raw == []


def test_every_operation_and_its_subject_has_a_name() -> None:
    assert {operation_of(node) for _, node in called()} <= set(OPERATIONS)
    about = {
        node.args[1].value
        for _, node in called()
        if len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
        and operation_of(node) != Operation.PROGRAM
    }
    assert about
    assert about <= set(SUBJECTS)


def test_whatever_only_the_program_looks_for_has_a_name() -> None:
    looked_for = {
        node.args[0].value
        for path in READ
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("seen_by_program")
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(looked_for) > 10
    assert looked_for - words.REASONS.keys() == set()


@sqlite_only
def test_the_log_calls_what_is_written_of_a_breach_as_its_form_does(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        form = BreachForm()
        labels = {name: str(form[name].label.text) for name in COLUMNS}
    assert {name: NAMES["breach"][name] for name in COLUMNS} == labels
    assert {str(verdict) for verdict in reviewing.VERDICTS} <= VERDICTS.keys()
    for verdict in reviewing.VERDICTS:
        assert NAMES["review"][verdict] == VERDICTS[verdict]


@sqlite_only
def test_one_code_under_two_operations_has_two_names(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert words.field_name("created", "account") == "Account opened"
        assert words.field_name("created", "breach") == "New breach"
        assert words.field_name("answer", "log_read") == "For the person’s answer"
        assert words.field_name("answer", "review") == "Explanation given"
        assert words.field_name("notice:2", "notice") == "Read in version 2"
        assert words.field_name("email", "view") == "E-mail"
