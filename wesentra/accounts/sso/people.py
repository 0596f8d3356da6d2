"""Whose account an identity of the provider opens."""

from sqlalchemy import select

from wesentra import clock
from wesentra.accounts import actions, links, queries
from wesentra.accounts.sso import roles
from wesentra.accounts.sso.claims import Identity
from wesentra.accounts.sso.failing import NO_ACCOUNT, OF_ANOTHER, NotSignedOn
from wesentra.actor import current
from wesentra.models import SignOnLink, User, db
from wesentra.refusal import NotFound
from wesentra.settings import Settings
from wesentra.sign_on import SignOn
from wesentra.texts import LANGUAGES, mark


def known(identity: Identity, settings: Settings) -> User:
    """The user who signed in, with the roles that the provider says.

    Known by issuer and subject; at the first time by the name, and then tied to these. Raises
    NotSignedOn for who has no account that is open, in the same words whatever the reason.
    """
    link = _link(identity)
    user = db.session.get_one(User, link.user_id) if link else _by_name(identity, settings)
    if not user.is_active:
        raise NotSignedOn("the account is closed", NO_ACCOUNT)
    if link is None:
        link = _tie(user, identity)
    link.used_at = clock.now()
    if identity.roles is not None:
        roles.follow(user, identity.issuer, identity.roles)
    return user


def is_of(user_id: int, identity: Identity) -> bool:
    """Whether this identity is tied to this user."""
    link = _link(identity)
    return link is not None and link.user_id == user_id


def link_of(user_id: int, issuer: str | None) -> SignOnLink | None:
    """By which identity of a provider a user is known, if by any."""
    own = (SignOnLink.user_id == user_id, SignOnLink.issuer == issuer)
    return db.session.scalar(select(SignOnLink).where(*own))


def is_known(user_id: int, settings: SignOn) -> bool:
    """Whether a user has signed in by the provider of the settings."""
    return link_of(user_id, settings.sso_issuer) is not None


def untie(user: User, issuer: str | None) -> None:
    """Forget by which identity a user is known, and sign them out everywhere: the next who comes
    by their name is tied anew. Raises NotFound when there is nothing to forget."""
    link = link_of(user.id, issuer)
    if link is None:
        raise NotFound(mark("This user is not known by single sign-on."))
    db.session.delete(link)
    actions.end_sessions(user)
    current().deed("account", "user", [user.id], ["sso_removed"])


def _link(identity: Identity) -> SignOnLink | None:
    """The row of an identity; who comes in by it in another browser just now waits here."""
    own = (SignOnLink.issuer == identity.issuer, SignOnLink.subject == identity.subject)
    return db.session.scalar(select(SignOnLink).where(*own).with_for_update())


def _by_name(identity: Identity, settings: Settings) -> User:
    """The account of this name, or a new one where the settings want that and a role comes along.

    An account that is tied to another identity is somebody else's: names are given anew.
    """
    if not actions.NAME.fullmatch(identity.name):
        raise NotSignedOn("no user name", NO_ACCOUNT)
    user = queries.by_name(identity.name)
    if user is None and settings.sso_make_accounts and identity.roles:
        return _made(identity, settings)
    if user is None:
        raise NotSignedOn("no account of this name", NO_ACCOUNT)
    if link_of(user.id, identity.issuer) is not None:
        raise NotSignedOn("the account is another's", OF_ANOTHER)
    return user


def _made(identity: Identity, settings: Settings) -> User:
    """A new account that no password opens."""
    full_name = "".join(sign for sign in identity.full_name if sign.isprintable())
    language = identity.language if identity.language in LANGUAGES else settings.language
    shown = full_name.strip() or identity.name
    return actions.add(identity.name, shown, links.NO_PASSWORD, language=language)


def _tie(user: User, identity: Identity) -> SignOnLink:
    link = SignOnLink(user_id=user.id, issuer=identity.issuer, subject=identity.subject)
    link.made_at = clock.now()
    db.session.add(link)
    current().deed("account", "user", [user.id], ["sso"])
    return link
