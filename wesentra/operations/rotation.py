"""A new secret for the installation, as if the old one had been read by somebody.

What is derived from the secret: the tokens of forms (`web/csrf.py`) and the hashes by which names
are counted and browsers known at the sign-in (`accounts/known_browser.py`); after it every browser
is a stranger once. Sessions are found by hashes of their own tokens. They end all the same: nothing
of before is to be good any more, and a form that comes without its session goes along through the
sign-in, where one with an old token would be lost.
"""

import secrets
from pathlib import Path

from sqlalchemy import delete, select

from wesentra.actor import current
from wesentra.instance import SECRET, write_private
from wesentra.models import UserSession
from wesentra.models.base import db


def rotate(folder: Path) -> int:
    """Put a new secret into the instance's folder and end every session; how many ended.

    Servers that run go on with the old secret until they start anew. When the file cannot be
    written (OSError) nothing has changed; when the end of the sessions cannot be committed the
    secret is new already, which harms nobody, and calling it again does the rest.
    """
    users = list(db.session.scalars(select(UserSession.user_id).with_for_update()))
    ending = delete(UserSession).execution_options(synchronize_session=False)
    db.session.execute(ending)
    current().deed("account", "user", sorted(set(users)), ["new_secret"])
    write_private(folder / SECRET, secrets.token_hex(32).encode())
    return len(users)
