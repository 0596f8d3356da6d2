"""The second factor of a user: an app on the telephone, with recovery codes beside it."""

from wesentra import clock
from wesentra.accounts import (
    authenticators,
    passkeys,
    recovery_codes,
    rescues,
    sealing,
    throttle,
)
from wesentra.accounts.actions import end_sessions
from wesentra.accounts.rescues import Way
from wesentra.actor import current
from wesentra.models import Authenticator, User
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web.unit_of_work import keep_changes

WRONG = mark("The code is not right. Each code can be used once; wait for the next one.")


def is_asked_of(user: User) -> bool:
    """Whether this user comes in only with a second factor."""
    return authenticators.of(user.id) is not None


def demand(user: User, typed: str) -> str:
    """Take a code of the app or a recovery code; returns which, `code` or `recovery_code`.

    Raises Refused for a wrong one. Wrong codes are counted apart from wrong passwords, which a
    right password forgets: whoever knows it could guess on. A browser or an address is known here
    only after a right code, and all others share one lane (`throttle`), so that many addresses get
    no more tries than one: about a hundred a day, and a guess hits one time in 300,000.
    """
    _demand_patience(user)
    app = authenticators.held(user.id, to_use=True)
    if app is not None and app.confirmed_at is not None and authenticators.takes(app, typed):
        kind = "code"
    elif app is not None and recovery_codes.takes(user.id, typed):
        kind = "recovery_code"
    else:
        raise _wrong(user)
    throttle.passed(*_counted(user))
    return kind


def confirm(user: User, typed: str) -> list[str]:
    """Let the app that waits count, by its first code; returns the recovery codes, this once.

    Raises Refused for a wrong code.
    """
    _waiting(user)  # a form that was sent twice is no wrong try
    _demand_patience(user)
    app = _waiting(user)
    if not authenticators.takes(app, typed):
        raise _wrong(user)
    throttle.passed(*_counted(user))
    app.confirmed_at = clock.now()
    current().deed("account", "user", [user.id], ["second_factor"])
    return recovery_codes.anew(user.id)


def renew_codes(user: User, typed: str) -> list[str]:
    """Ten new recovery codes for one of the codes there are; those before are not taken more."""
    demand(user, typed)
    current().deed("account", "user", [user.id], ["recovery_codes"])
    return recovery_codes.anew(user.id)


def remove(user: User, typed: str) -> None:
    """Take one's own second factor away with its recovery codes and passkeys, for a code."""
    demand(user, typed)
    _take_away(user)


def take_from(user: User) -> None:
    """Take a colleague's lost factor away and sign them out everywhere.

    Nobody does it to themself: an open session would otherwise be enough to get rid of it. Nobody
    does it to somebody in charge to whom they gave a link for a password (`rescues`).
    """
    if user.id == current().user_id:
        raise Refused(
            mark("Remove your own second factor under My account, with one of its codes.")
        )
    rescues.demand(user, Way.FACTOR)
    _take_away(user)
    end_sessions(user)
    rescues.note(user, Way.FACTOR)


def of(user: User) -> Authenticator | None:
    """The app that counts, to say since when."""
    return authenticators.of(user.id)


def _waiting(user: User) -> Authenticator:
    app = authenticators.held(user.id, to_use=True)
    if app is None or app.confirmed_at is not None:
        raise Refused(mark("There is no second factor to confirm. Begin anew."))
    return app


def _take_away(user: User) -> None:
    if not is_asked_of(user):
        raise Refused(mark("There is no second factor."))
    authenticators.forget(user.id)
    recovery_codes.forget(user.id)
    passkeys.forget(user.id)
    current().deed("account", "user", [user.id], ["second_factor_removed"])


def _counted(user: User) -> tuple[str, str]:
    """The name under which wrong codes of a user are counted, and the address (`throttle`).

    It needs the installation's secret: who could type it as a user name would fill these lanes.
    """
    return sealing.keyed_hash(user.name, "wrong codes"), current().source


def _demand_patience(user: User) -> None:
    """What the request has not committed before is rolled back; `user` stays readable."""
    throttle.check(*_counted(user))


def _wrong(user: User) -> Refused:
    throttle.failed(*_counted(user))
    current().event("sign_in_failed", "user", [user.id], ["code"], outcome="denied")
    keep_changes()
    return Refused(WRONG, field="code")
