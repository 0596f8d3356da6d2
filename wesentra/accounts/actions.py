"""What is done with accounts. A closed account loses its roles, so its history stays exact."""

import re

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from wesentra import clock
from wesentra.accounts import queries
from wesentra.actor import current
from wesentra.models import PasswordLink, RoleGrant, RoleRequest, User, UserSession, db
from wesentra.models.codes import Role
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
MAIL = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9.-]+[a-zA-Z0-9]")
"""One address without quotes and comments, which a mail program could read as another."""


def add(
    name: str, full_name: str, password_hash: str, language: str = "fi", mail: str = ""
) -> User:
    """Open an account; the name is kept in small letters."""
    name = _free_name(name)
    user = User(
        name=name,
        full_name=_full_name(full_name),
        password_hash=password_hash,
        language=language,
        mail=mail_address(mail),
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:  # another administrator was quicker
        raise _taken(name) from error
    current().deed("account", "user", [user.id], ["created"])
    return user


def grant(
    user: User,
    role: Role,
    reason: str = "",
    asked: RoleRequest | None = None,
    issuer: str | None = None,
) -> None:
    """Give a role from now on; somebody who holds it already keeps it.

    Nobody gives one to themself: an administrator would otherwise become, by one click, somebody
    who sees customers. With `asked` it was asked for, and whoever acts now confirms it
    (`accounts.roles` says which roles need that). `issuer` is the sign-in service that says so.
    """
    demand_another(user)
    demand_open(user)
    one_at_a_time(user.id)
    if role in queries.roles_on(user.id):
        return
    given = RoleGrant(user_id=user.id, role=role, valid_from=clock.now(), reason=reason or None)
    given.issuer = asked.issuer if asked else issuer
    given.granted_by = asked.asked_by if asked else current().user_id
    given.confirmed_by = current().user_id if asked else None
    db.session.add(given)
    current().deed("account", "user", [user.id], [f"granted:{role}"])


def revoke(user: User, role: Role, reason: str = "") -> None:
    """End a role now; the last administrator keeps theirs."""
    if role == Role.ADMIN:
        _leaves_an_administrator(user)
    for held in _open_grants(user):
        if held.role == role:
            _end(held, reason)
    current().deed("account", "user", [user.id], [f"revoked:{role}"])


def _end(held: RoleGrant, reason: str = "") -> None:
    held.valid_to, held.ended_by = clock.now(), current().user_id
    held.end_reason = reason or None


def disable(user: User) -> None:
    """Close an account at once: its roles end and its sessions with them."""
    _leaves_an_administrator(user)
    user.disabled_at = clock.now()
    for held in _open_grants(user):
        _end(held)
    end_sessions(user)
    current().deed("account", "user", [user.id], ["disabled"])


def set_password(user: User, password_hash: str) -> None:
    """Put a new password (already hashed), sign the user out everywhere and end their links."""
    demand_open(user)
    user.password_hash = password_hash
    end_sessions(user)
    unused = (PasswordLink.user_id == user.id, PasswordLink.used_at.is_(None))
    db.session.execute(delete(PasswordLink).where(*unused))
    current().deed("account", "user", [user.id], ["password"])


def write_to(user: User, mail: str) -> None:
    """Say where links for the password of a user go; nothing to hand them over by oneself."""
    demand_open(user)
    address = mail_address(mail)
    if address != user.mail:
        user.mail = address
        current().deed("account", "user", [user.id], ["mail"])


def mail_address(text: str) -> str | None:
    """The address, or None for no text; refuses what no mail goes to."""
    address = text.strip()
    if address and (not MAIL.fullmatch(address) or len(address) > 254):
        raise Refused(mark("This is no e-mail address."), field="mail")
    return address or None


def one_at_a_time(user_id: int) -> None:
    """Of two who change the same thing of one account at once the second waits here, and finds what
    the first has done."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())


def end_sessions(user: User) -> None:
    """Sign a user out everywhere."""
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id))


def named(name: str) -> User:
    """The account with this name; refuses when there is none."""
    user = queries.by_name(name)
    if user is None:
        raise NotFound(mark("There is no user %(name)s."), name=name)
    return user


def demand_free(name: str, full_name: str, mail: str) -> None:
    """Refuse what `add` would refuse, before anything is done for the new account."""
    _free_name(name)
    _full_name(full_name)
    mail_address(mail)


def demand_open(user: User) -> None:
    """Refuse what a closed account cannot get."""
    if not user.is_active:
        raise Refused(mark("The account %(name)s is closed."), name=user.name)


def demand_another(user: User) -> None:
    """Refuse what nobody can give to themself."""
    if user.id == current().user_id:
        raise Refused(mark("Nobody can give a role to themself. Ask another administrator."))


def _free_name(text: str) -> str:
    name = text.strip().lower()
    if not NAME.fullmatch(name):
        raise Refused(
            mark("A user name has 2 to 60 letters, digits, dots and hyphens."), field="name"
        )
    if queries.by_name(name):
        raise _taken(name)
    return name


def _full_name(text: str) -> str:
    full_name = " ".join(text.split())
    if not full_name:
        raise Refused(mark("Write the full name."), field="full_name")
    if not full_name.isprintable():
        raise Refused(
            mark("The text has a character that cannot be shown. Type it again."),
            field="full_name",
        )
    return full_name[:120]


def _taken(name: str) -> Refused:
    return Refused(mark("There is already a user %(name)s."), field="name", name=name)


def _leaves_an_administrator(user: User) -> None:
    """Refuse to end the last administrator's role; of two who end each other's, one waits here."""
    held = select(RoleGrant.user_id).where(
        RoleGrant.role == Role.ADMIN, RoleGrant.valid_to.is_(None)
    )
    if set(db.session.scalars(held.order_by(RoleGrant.id).with_for_update())) == {user.id}:
        raise Refused(
            mark("This is the last administrator. Make somebody else administrator first.")
        )


def _open_grants(user: User) -> list[RoleGrant]:
    open_now = select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.valid_to.is_(None))
    return list(db.session.scalars(open_now))
