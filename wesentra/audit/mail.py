"""Checkpoints by mail, once a day: one message with all since the last one."""

import hashlib
from collections.abc import Sequence
from email.message import EmailMessage

from wesentra import mail
from wesentra.audit.restorations import Restoration
from wesentra.audit.seal import Checkpoint
from wesentra.sentences import say
from wesentra.settings import Settings
from wesentra.texts import mark

SUBJECT = mark("Checkpoints of the access log, %(controller)s: %(first)s–%(last)s")
BODY = mark(
    "The attached file holds checkpoints of the access log: signed states of its chain. Keep "
    "this message, best where the register's administrators cannot change it. It shows whether "
    "the log was cut or written anew: save the attachment, or all such messages as one file, "
    "and compare it on the server:\n\n"
    "    wesentra log verify --copies FILE\n\n"
    "A message comes every day, also when nothing was logged. If none comes, ask why."
)


class Mail:
    """Mail to one receiver through an SMTP server whose certificate is verified (RFC 5321, 3207).

    Each receiver is a place of its own, so that nobody gets again what another did not take. Its
    name does not tell the address.
    """

    at_once, most = False, 5000

    def __init__(self, settings: Settings, receiver: str) -> None:
        self.settings, self.receiver = settings, receiver
        self.name = f"mail-{hashlib.sha256(receiver.encode()).hexdigest()[:5]}"

    def where(self) -> str:
        """The mail server; whoever gets the mail stays unnamed."""
        return f"{self.settings.smtp_host}:{self.settings.smtp_port}"

    def held(self, restores: Sequence[Restoration]) -> None:
        """Nobody can look."""

    def send(self, lines: Sequence[str], checkpoints: Sequence[Checkpoint]) -> None:
        """Send one message. Raises OSError when it is not taken."""
        mail.send(self.settings, self._message(lines, checkpoints))

    def _message(self, lines: Sequence[str], checkpoints: Sequence[Checkpoint]) -> EmailMessage:
        own = self.settings
        first, last = checkpoints[0].number, checkpoints[-1].number
        told = {"controller": own.controller_name, "first": first, "last": last}
        words = [say(SUBJECT, told, own.language), say(BODY, {}, own.language)]
        message = mail.letter(own, self.receiver, *words)
        # Sent as they are: no line is broken on the way, so that a saved message is a copy, too.
        content = "".join(line + "\n" for line in lines)
        file = f"checkpoints-{first}-{last}.txt"
        message.add_attachment(content, cte="7bit", charset="us-ascii", filename=file)
        return message
