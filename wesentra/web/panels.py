"""Named slots of shared pages; app.py hangs the features' panels into them."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from wesentra.web import guard

Panel = Callable[..., str]


class Panels:
    """Slots by name; a panel is a function that returns HTML, or nothing to stay away."""

    def __init__(self) -> None:
        self._slots: dict[str, list[tuple[str, Panel]]] = defaultdict(list)

    def hang(self, slot: str, permission: str, panel: Panel) -> None:
        """Add a panel at the end of a slot, for those who hold `permission`."""
        self._slots[slot].append((permission, panel))

    def show(self, slot: str, **values: Any) -> Markup:
        """The HTML of all panels of a slot, in their order."""
        shown = (panel(**values) for need, panel in self._slots[slot] if guard.may(need))
        return Markup("").join(Markup(html) for html in shown if html)  # noqa: S704 - from templates
