"""What the tests do quicker than the product, without doing anything else.

Every test makes its application anew, and most begin by signing somebody in. Templates, addresses
and statements are compiled once a process and not once an application; passwords are hashed by
argon2id with its smallest parameters. A server that a test starts is another process and has none
of it.
"""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from argon2 import PasswordHasher
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule, rules

from wesentra.accounts import passwords
from wesentra.web.unit_of_work import Register


class Compiled(BytecodeCache):
    """Compiled templates of this process; jinja2 compares each with its source."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._held:
            bucket.bytecode_from_string(self._held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._held[bucket.key] = bucket.bytecode_to_string()


def _compile_addresses_once() -> None:
    """What a rule of addresses consists of, and what builds one, is the same in every application:
    it follows from the rule's text alone."""
    rules._part_re = SimpleNamespace(match=cache(rules._part_re.match))  # type: ignore[assignment]
    made: dict[Any, Callable[..., tuple[str, str]]] = {}
    compiled = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compiled(rule, append_unknown)
        key = (tuple(rule._trace), append_unknown)
        if key not in made:
            made[key] = compiled(rule, append_unknown)
        return made[key]

    Rule._compile_builder = once  # type: ignore[assignment, method-assign]


class Statements(LRUCache[Any, Any]):
    """Compiled statements of this process, by the kind of database and not by each test's own."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)


def _of_kind(key: Any) -> Any:
    dialect, *rest = key
    return (type(dialect), *rest)


def _compile_statements_once() -> None:
    statements = Statements(5000)

    def share(connection: Connection) -> None:
        connection.engine._compiled_cache = statements

    event.listen(Engine, "engine_connect", share)


def make_quick() -> None:
    """For this process, before its first application."""
    Register.jinja_options = {**Register.jinja_options, "bytecode_cache": Compiled()}
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    _compile_addresses_once()
    _compile_statements_once()
