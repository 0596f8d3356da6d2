"""Passkeys (WebAuthn): public keys of the devices with which a user signs in."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Passkey(Base):
    """One device of one user, by the name that they gave it; the private key never leaves it.

    `sign_count` is the device's own counter: one that goes back means a copy.
    """

    __tablename__ = "passkey"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = not_personal(String(60))
    credential_id: Mapped[str] = not_personal(String(1400), unique=True)
    public_key: Mapped[bytes] = not_personal(LargeBinary)
    sign_count: Mapped[int] = not_personal(BigInteger)
    made_at: Mapped[datetime] = not_personal(UtcDateTime)
    used_at: Mapped[datetime | None] = not_personal(UtcDateTime)
