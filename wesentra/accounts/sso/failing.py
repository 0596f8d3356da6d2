"""Why somebody did not come in by single sign-on: a sentence for them, a reason for the log."""

from wesentra.refusal import Refused
from wesentra.texts import mark

NOT_ACCEPTED = mark(
    "The sign-in service’s answer was not accepted. Try again; if that does not help, tell the "
    "administrator."
)
SILENT = mark("The sign-in service does not answer now. Try again, or use your password.")
TOO_LATE = mark("That took too long. Sign in again.")
SAID_NO = mark("The sign-in service did not let you in.")
NO_ACCOUNT = mark("There is no account for you here. Ask the administrator.")
OF_ANOTHER = mark(
    "Your account belongs to another identity of the sign-in service. Ask the administrator."
)
NOT_ANEW = mark("The sign-in service did not ask anew who you are. Try again.")
ANOTHER_PERSON = mark("Somebody else signed in there. Sign in as yourself.")


class NotSignedOn(Refused):
    """Single sign-on ended here. `reason` goes into the server's log: a few fixed words of ours,
    never a value that somebody sent."""

    def __init__(self, reason: str, sentence: str = NOT_ACCEPTED) -> None:
        super().__init__(sentence)
        self.reason = reason
