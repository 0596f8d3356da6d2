"""Checkpoints by mail, once a day: one message with all since the last one."""

import hashlib
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from wesentra import clock
from wesentra.audit.seal import Checkpoint
from wesentra.sentences import say
from wesentra.settings import Settings
from wesentra.texts import mark

TIMEOUT = 20.0
"""Seconds for each answer of the mail server."""

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

    def held(self) -> None:
        """Nobody can look."""

    def send(self, lines: Sequence[str], checkpoints: Sequence[Checkpoint]) -> None:
        """Send one message. Raises OSError when it is not taken."""
        message = self._message(lines, checkpoints)
        server = self._connected()
        try:
            if self.settings.smtp_user is not None and self.settings.smtp_password is not None:
                server.login(self.settings.smtp_user, self.settings.smtp_password)
            server.send_message(message)
            with suppress(OSError):
                server.quit()  # the message is taken, whatever becomes of the farewell
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        host, port = str(self.settings.smtp_host), self.settings.smtp_port
        own = socket.gethostname()
        if self.settings.smtp_security == "tls":
            trusted = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, own, timeout=TIMEOUT, context=trusted)
        server = smtplib.SMTP(host, port, own, timeout=TIMEOUT)
        if self.settings.smtp_security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server

    def _message(self, lines: Sequence[str], checkpoints: Sequence[Checkpoint]) -> EmailMessage:
        own, message = self.settings, EmailMessage()
        first, last = checkpoints[0].number, checkpoints[-1].number
        told = {"controller": own.controller_name, "first": first, "last": last}
        message["From"] = own.mail_from
        message["To"] = self.receiver
        message["Subject"] = " ".join(say(SUBJECT, told, own.language).split())
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = make_msgid(domain=str(own.mail_from).rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(say(BODY, {}, own.language))
        # Sent as they are: no line is broken on the way, so that a saved message is a copy, too.
        content = "".join(line + "\n" for line in lines)
        file = f"checkpoints-{first}-{last}.txt"
        message.add_attachment(content, cte="7bit", charset="us-ascii", filename=file)
        return message
