"""Mail goes out by the one server of the settings, whose certificate is verified (RFC 5321, 3207).

The log sends its checkpoints by it, the accounts their links.
"""

import smtplib
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from wesentra import clock
from wesentra.settings import Settings

TIMEOUT = 20.0
"""Seconds for each answer of the mail server."""


def can_send(settings: Settings) -> bool:
    """Whether a mail server and a sender are named."""
    return settings.smtp_host is not None and settings.mail_from is not None


def letter(settings: Settings, receiver: str, subject: str, text: str) -> EmailMessage:
    """A message from this register to one receiver; a subject is one line."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = receiver
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=str(settings.mail_from).rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def send(settings: Settings, message: EmailMessage) -> None:
    """Send one message. Raises OSError (of which SMTPException is one) when it is not taken."""
    server = _connected(settings)
    try:
        if settings.smtp_user is not None and settings.smtp_password is not None:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)
        with suppress(OSError):
            server.quit()  # the message is taken, whatever becomes of the farewell
    finally:
        server.close()


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port = str(settings.smtp_host), settings.smtp_port
    own = socket.gethostname()
    if settings.smtp_security == "tls":
        trusted = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, own, timeout=TIMEOUT, context=trusted)
    server = smtplib.SMTP(host, port, own, timeout=TIMEOUT)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
