"""What the tests do quicker than the product, without doing anything else.

Every test makes its application anew, and most begin by signing somebody in. Templates and
addresses are compiled once a process and not once an application; passwords are hashed by argon2id
with its smallest parameters. A server that a test starts is another process and has none of it.
"""

from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

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
    """What builds an address is made of the rule's parts alone, the same in every application."""
    made: dict[Any, Callable[..., tuple[str, str]]] = {}
    compiled = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compiled(rule, append_unknown)
        key = (tuple(rule._trace), append_unknown)
        if key not in made:
            made[key] = compiled(rule, append_unknown)
        return made[key]

    Rule._compile_builder = once  # type: ignore[method-assign]


def make_quick() -> None:
    """For this process, before its first application."""
    Register.jinja_options = {**Register.jinja_options, "bytecode_cache": Compiled()}
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    _compile_addresses_once()
