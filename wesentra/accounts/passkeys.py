"""Passkeys (WebAuthn): a device that knows its user signs in without password and code.

They come beside the app, never in its place: who has lost the device, or whose browser runs no
script, still comes in.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import current_app, request
from sqlalchemy import delete, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wesentra import clock
from wesentra.accounts import challenges, queries
from wesentra.actor import current
from wesentra.models import Passkey, User, db
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark

LONGEST = 16 * 1024
"""Characters of what a browser says of a passkey."""
MOST = 20
"""Passkeys of one user."""
WRONG = mark("The passkey was not taken. Try again, or sign in with password and code.")
KNOWS_ITS_USER = UserVerificationRequirement.REQUIRED
"""By fingerprint, face or PIN: a device that was found somewhere opens nothing."""


def of(user_id: int) -> Sequence[Passkey]:
    """The passkeys of a user, the oldest first."""
    query = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
    return db.session.scalars(query).all()


def to_create(user: User, challenge: bytes) -> str:
    """What the browser is asked for a new passkey, as JSON."""
    known = [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id))
        for one in of(user.id)
    ]
    options = generate_registration_options(
        rp_id=_host(),
        rp_name=f"Wesentra {current_app.extensions['wesentra_settings'].controller_name}",
        user_name=user.name,
        user_id=f"wesentra user {user.id}".encode(),
        user_display_name=user.full_name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=KNOWS_ITS_USER,
        ),
        exclude_credentials=known,
    )
    return options_to_json(options)


def to_get(challenge: bytes) -> str:
    """What the browser is asked for signing in, as JSON; it tells of no account."""
    return options_to_json(
        generate_authentication_options(
            rp_id=_host(), challenge=challenge, user_verification=KNOWS_ITS_USER
        )
    )


def add(user: User, name: str, ticket: str, said: str) -> None:
    """Keep a new passkey; raises Refused for what does not fit the challenge of the page."""
    challenge = challenges.taken("create", ticket)
    try:
        made = verify_registration_response(
            credential=said[:LONGEST],
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=f"https://{request.host}",
            require_user_verification=True,
        )
    except Exception as error:
        raise Refused(mark("The passkey was not taken. Try again.")) from error
    if len(of(user.id)) >= MOST:
        raise Refused(mark("You have as many passkeys as one can have. Remove one first."))
    row = Passkey(
        user_id=user.id,
        name=name[:60],
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        made_at=clock.now(),
    )
    db.session.add(row)
    current().deed("account", "user", [user.id], ["passkey"])


def holder(ticket: str, said: str) -> User:
    """Whose passkey has signed the challenge; raises Refused for anything else."""
    challenge = challenges.taken("get", ticket)
    try:
        found = _signed(challenge, said[:LONGEST])
    except Exception as error:
        raise Refused(WRONG) from error
    user = queries.by_id(found.user_id)
    if user is None or not user.is_active:
        raise Refused(WRONG)
    return user


def _signed(challenge: bytes, said: str) -> Passkey:
    credential = parse_authentication_credential_json(said)
    query = select(Passkey).where(Passkey.credential_id == credential.id).with_for_update()
    found = db.session.scalars(query).one()
    verified = verify_authentication_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=_host(),
        expected_origin=f"https://{request.host}",
        credential_public_key=found.public_key,
        credential_current_sign_count=found.sign_count,
        require_user_verification=True,
    )
    found.sign_count, found.used_at = verified.new_sign_count, clock.now()
    return found


def remove(user: User, passkey_id: int) -> None:
    """Take one of one's own passkeys away."""
    found = db.session.get(Passkey, passkey_id)
    if found is None or found.user_id != user.id:
        raise NotFound(mark("There is no such passkey."))
    db.session.delete(found)
    current().deed("account", "user", [user.id], ["passkey_removed"])


def forget(user_id: int) -> None:
    """Take all passkeys of a user away."""
    db.session.execute(delete(Passkey).where(Passkey.user_id == user_id))


def _host() -> str:
    """The name under which the browser knows this server. A passkey belongs to it: the browser
    signs with none that was made under another."""
    return urlsplit(f"https://{request.host}").hostname or ""
