"""A link for a password goes to its user by mail, where there is a mail server and an address."""

import logging
from smtplib import SMTPException

from wesentra import mail
from wesentra.accounts import links
from wesentra.sentences import say
from wesentra.settings import Settings
from wesentra.texts import mark

SUBJECT = mark("Choose your password for the customer register of %(controller)s")
TEXT = mark(
    "Your user name is %(name)s. Choose your password on this page within %(hours)s hours:\n\n"
    "    %(address)s\n\n"
    "The link works once. If you did not expect it, tell your administrator."
)
log = logging.getLogger(__name__)


def sent(settings: Settings, receiver: str, language: str, name: str, address: str) -> bool:
    """Whether the mail server took the link for its user; it may take its time, so no transaction
    may wait for it. What failed is told to the server's log, without any address."""
    if not receiver or not mail.can_send(settings):
        return False
    told = {"controller": settings.controller_name, "name": name, "hours": links.HOURS}
    told["address"] = address
    words = [say(sentence, told, language) for sentence in (SUBJECT, TEXT)]
    try:
        mail.send(settings, mail.letter(settings, receiver, *words))
    except (OSError, SMTPException) as error:
        log.warning("a link for a password could not be mailed: %s", type(error).__name__)
        return False
    return True
