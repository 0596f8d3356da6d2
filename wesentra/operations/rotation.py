"""A new secret for the installation, as if the old one had been read by somebody.

What is derived from the secret: the tokens of forms (`web/csrf.py`), the hashes by which names
are counted and browsers known at the sign-in (`accounts/known_browser.py`; after it every browser
is a stranger once), the seals of second factors and the hashes of recovery codes
(`accounts/sealing.py`). Apps are sealed anew; recovery codes are known by their hashes only and go.
Sessions are found by hashes of their own tokens. They end all the same: nothing of before is to be
good any more, and a form that comes without its session goes along through the sign-in, where one
with an old token would be lost.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import delete, select

from wesentra.accounts import authenticators, recovery_codes
from wesentra.actor import current
from wesentra.instance import SECRET, write_private
from wesentra.models import UserSession
from wesentra.models.base import db
from wesentra.refusal import Refused
from wesentra.texts import mark

BEFORE = "secret.key.before"
"""The old secret while the new one is not committed yet: put back by hand after a crash."""


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """The secret as it was, unless what is done inside comes to its end.

    Otherwise second factors that are sealed by the old one would stand beside a new one. Raises
    Refused while the secret of an earlier change is kept: it may be the only one that opens them.
    """
    file, before = folder / SECRET, folder / BEFORE
    if before.exists():
        raise Refused(
            mark(
                "An earlier change of the secret was cut off; the one of before is in %(file)s. "
                "First do what wesentra doctor says."
            ),
            file=before,
        )
    write_private(before, file.read_bytes())
    try:
        yield
    except BaseException:
        before.replace(file)
        raise
    before.unlink()


def rotate(folder: Path) -> int:
    """Put a new secret into the instance's folder and end every session; how many ended.

    To be committed inside `kept`. Servers that run go on with the old secret until they start anew.
    Raises OSError when the file cannot be written; nothing has changed then.
    """
    new = secrets.token_hex(32)
    users = list(db.session.scalars(select(UserSession.user_id).with_for_update()))
    ending = delete(UserSession).execution_options(synchronize_session=False)
    db.session.execute(ending)
    authenticators.seal_anew(new)
    recovery_codes.forget_all()
    current().deed("account", "user", sorted(set(users)), ["new_secret"])
    write_private(folder / SECRET, new.encode())
    return len(users)
