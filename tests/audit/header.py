"""What the header of a page says the purpose is: what stands in the entries of that page."""

import re
from collections.abc import Mapping, Sequence

from werkzeug.test import TestResponse

from tests import factories

CHOSEN = re.compile(r'<select id="purpose".*?<option value="([^"]*)" selected>', re.DOTALL)
SAID = re.compile(r'id="purpose-said">.*?</span>\s*([^<]*?)\s*</p>', re.DOTALL)
OF_THE_DOOR = ("sign_in", "sign_in_failed", "sign_out", "purpose")
"""Deeds that end or change what the header said."""


def wrong(
    answer: TestResponse, entries: Sequence[factories.Entry], keys: Mapping[str, str]
) -> list[str]:
    """Where the header of a page and its entries differ; `keys` of purposes by their names.

    A header without any purpose is right where the page shows nobody and nothing of the log.
    """
    if answer.mimetype != "text/html" or '<header class="top">' not in answer.text:
        return []
    purposes = {entry.row.purpose for entry in entries if entry.operation not in OF_THE_DOOR}
    said = [*CHOSEN.findall(answer.text), *(keys[name] for name in SAID.findall(answer.text))]
    if not said:
        silent = ("denied", "program", *OF_THE_DOOR)
        told = [entry for entry in entries if entry.operation not in silent]
        return [f"says no purpose and logs {entry.operation}" for entry in told]
    if len(said) > 1 or not purposes <= {*said}:
        return [f"says {said} and logs {sorted(purposes)}"]
    return []
