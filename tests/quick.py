"""What the tests do quicker than the product, without doing anything else.

Every test makes its application anew, and most begin by signing somebody in. Templates, addresses
and statements are compiled once a process and not once an application; passwords are hashed by
argon2id with its smallest parameters; the migrations' files are read once. A server that a test
starts is another process and has none of it.

A process of tests makes thousands of applications, and the product one: each is let go when its
test is over, and what is there for good is not looked through for garbage (`gc.freeze`).
"""

import gc
import os
import sys
from collections.abc import Callable
from functools import cache
from types import CodeType, SimpleNamespace
from typing import Any
from weakref import WeakSet

from argon2 import PasswordHasher
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule, rules

from wesentra.accounts import passwords
from wesentra.audit import writer
from wesentra.audit.together import Together
from wesentra.operations import schema
from wesentra.web.unit_of_work import Register


class Compiled(BytecodeCache):
    """Compiled templates of this process, as long as their source is the same."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._held.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self._held[bucket.key] = bucket.checksum, bucket.code


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


class WithEngine:
    """Who writes the log for each engine, kept with the engine and gone with it.

    The product's own table keeps both for as long as the process lives, since each knows the other:
    there it is one engine.
    """

    def __getitem__(self, engine: Engine) -> Together:
        try:
            return engine.__dict__["wesentra_together"]
        except KeyError:
            raise KeyError(engine) from None

    def __setitem__(self, engine: Engine, together: Together) -> None:
        engine.__dict__["wesentra_together"] = together


connected: WeakSet[Engine] = WeakSet()
"""Engines that have or had connections."""


def _note(connection: Connection) -> None:
    connected.add(connection.engine)


def let_go() -> None:
    """Close the connections to PostgreSQL that a test has left behind: its database goes away, and
    a connection that is collected while it is open is told of in a later test."""
    for engine in list(connected):
        if engine.dialect.name == "postgresql":
            engine.dispose()


YOUNG = 100_000
"""Objects that are made before the youngest are looked through: those of a few tests. With Python's
own 700 most of them are still in use, and looking at them was a fifth of the time of all."""


def keep_what_is_there() -> None:
    """What was loaded so far stays until the end: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


def _write_bytecode() -> None:
    """Programs that tests start are not compiled anew each time, whatever the machine says."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def make_quick() -> None:
    """For this process, before its first application."""
    _write_bytecode()
    writer._together = WithEngine()  # type: ignore[assignment]
    event.listen(Engine, "engine_connect", _note)
    schema._revisions = cache(schema._revisions)  # type: ignore[assignment]
    Register.jinja_options = {**Register.jinja_options, "bytecode_cache": Compiled()}
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    _compile_addresses_once()
    _compile_statements_once()
