"""How templates are kept: all of them, with one table of global names."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Flask's environment for a fixed set of templates.

    Jinja gives every template a layered table of names, in case it gets names of its own. None
    does here, and a page of fifty small templates and macros looks into it hundreds of times.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own table, unless a template brings names."""
        return super().make_globals(d) if d else self.globals
