"""Questions about the two sides of a review: who is asked, and who may judge."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select

from wesentra import clock
from wesentra.actor import current
from wesentra.audit import ledger
from wesentra.models import LogReview, LogReviewItem, RoleGrant, User, db
from wesentra.models.log_review import Verdict
from wesentra.web.permissions import PERMISSIONS


def asked_of(user_id: int) -> Sequence[LogReviewItem]:
    """What a user is asked to explain and has not yet; those asked together one after another."""
    query = _asked(select(LogReviewItem), user_id)
    return db.session.scalars(query.order_by(LogReviewItem.id)).all()


def asked_count(user_id: int) -> int:
    """How much that is."""
    return int(db.session.scalar(_asked(select(func.count(LogReviewItem.id)), user_id)) or 0)


def _asked(query: Select[Any], user_id: int) -> Select[Any]:
    return (
        query.join(LogReview, LogReview.id == LogReviewItem.review_id)
        .where(LogReviewItem.actor_id == user_id, LogReviewItem.verdict == Verdict.ASKED)
        .where(LogReviewItem.answered_at.is_(None), LogReview.closed_at.is_(None))
    )


def asked_with(one: LogReviewItem) -> Sequence[LogReviewItem]:
    """What was asked at once with an item, itself included: one answer is enough for all."""
    return db.session.scalars(
        select(LogReviewItem).where(
            LogReviewItem.actor_id == one.actor_id,
            LogReviewItem.review_id == one.review_id,
            LogReviewItem.rule == one.rule,
            LogReviewItem.asked_at == one.asked_at,
            LogReviewItem.verdict == Verdict.ASKED,
        )
    ).all()


def reviewers() -> set[int]:
    """The users who may judge today."""
    now = clock.now()
    held = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    held = held.where(RoleGrant.role.in_(PERMISSIONS["log_review.write"]))
    held = held.where(RoleGrant.valid_from <= now, User.disabled_at.is_(None))
    held = held.where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now))
    return set(db.session.scalars(held))


def others() -> list[str]:
    """The names of those who may judge what the one who acts did."""
    names = ledger.user_names()
    return [names[user] for user in sorted(reviewers() - {current().user_id})]
