"""The one way out as a restore takes it: who went before goes again, then whose day has come."""

import logging
from contextlib import suppress

from wesentra import clock
from wesentra.compliance.retention import run
from wesentra.erasure import ledger
from wesentra.instance import OWNER_ONLY_FILE
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.settings import Settings

log = logging.getLogger(__name__)


def begin_ledger(settings: Settings) -> None:
    """An empty ledger where none is: it says that nobody was erased, and a missing one nothing.

    Only in the instance's folder: elsewhere it may be away for now, as a share is.
    """
    path = ledger.path_of(settings)
    if path.parent == settings.instance:
        with suppress(OSError):
            path.touch(OWNER_ONLY_FILE)


def retention_run(settings: Settings) -> None:
    """Let everybody go whose time has come while the backup lay there.

    A run that stops, since it would take many, keeps nobody from work: the dashboard says it. Any
    other refusal is the restore's: whoever is to go has gone before anybody sees anything.
    """
    try:
        run.carry_out(clock.today())
    except Refused as refused:
        if refused.sentence != run.TOO_MANY:
            raise
        log.warning("%s", say(refused.sentence, refused.values, settings.language))
