"""Questions about reviews and their items. People in them are numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from wesentra import clock
from wesentra.audit import ledger
from wesentra.compliance.log_review.drawing import begin_of, following
from wesentra.models import LogReview, LogReviewItem, db
from wesentra.models.base import IDS_END
from wesentra.models.log_review import Verdict
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark

PAGE = 50
MOST_MONTHS = 24
NOT_FINAL = (Verdict.OPEN, Verdict.ASKED)


@dataclass(frozen=True)
class Tally:
    """How many items of a review, or of one rule, have which verdict."""

    counts: dict[str, int]

    @property
    def whole(self) -> int:
        """All items."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """Those without a last word: not judged, or still asked about."""
        return sum(self.counts.get(verdict, 0) for verdict in NOT_FINAL)


# --- reviews ------------------------------------------------------------------------------


def reviews() -> Sequence[LogReview]:
    """All reviews, the newest month first."""
    return db.session.scalars(select(LogReview).order_by(LogReview.month.desc())).all()


def get(review_id: int) -> LogReview:
    """One review."""
    return _there(db.session.get(LogReview, review_id))


def to_change(review_id: int) -> LogReview:
    """One review that is still open, held until the request ends, as it is now."""
    query = select(LogReview).where(LogReview.id == review_id).with_for_update()
    review = _there(db.session.scalar(query.execution_options(populate_existing=True)))
    if review.closed_at is not None:
        raise Refused(mark("This review is closed. It does not change any more."))
    return review


def tallies() -> dict[int, Tally]:
    """The verdicts of every review."""
    rows = db.session.execute(
        select(LogReviewItem.review_id, LogReviewItem.verdict, func.count()).group_by(
            LogReviewItem.review_id, LogReviewItem.verdict
        )
    )
    found: dict[int, dict[str, int]] = {}
    for review, verdict, count in rows:
        found.setdefault(review, {})[verdict] = count
    return {review: Tally(counts) for review, counts in found.items()}


def standing() -> tuple[LogReview | None, int]:
    """The review of the latest month, and how many items of all open reviews are not judged."""
    last = db.session.scalar(select(LogReview).order_by(LogReview.month.desc()).limit(1))
    left = select(func.count(LogReviewItem.id)).join(
        LogReview, LogReview.id == LogReviewItem.review_id
    )
    left = left.where(LogReview.closed_at.is_(None), LogReviewItem.verdict.in_(NOT_FINAL))
    return last, int(db.session.scalar(left) or 0)


def by_rule(review_id: int) -> dict[str, Tally]:
    """The verdicts of one review, rule by rule."""
    rows = db.session.execute(
        select(LogReviewItem.rule, LogReviewItem.verdict, func.count())
        .where(LogReviewItem.review_id == review_id)
        .group_by(LogReviewItem.rule, LogReviewItem.verdict)
    )
    found: dict[str, dict[str, int]] = {}
    for rule, verdict, count in rows:
        found.setdefault(rule, {})[verdict] = count
    return {rule: Tally(counts) for rule, counts in found.items()}


def to_judge(review_id: int, user_id: int) -> dict[str, int]:
    """The rules with items that are not judged yet and that a user may judge, and how many."""
    whose = LogReviewItem.actor_id
    rows = db.session.execute(
        select(LogReviewItem.rule, func.count())
        .where(LogReviewItem.review_id == review_id, LogReviewItem.verdict == Verdict.OPEN)
        .where(or_(whose.is_(None), whose != user_id))
        .group_by(LogReviewItem.rule)
    )
    return dict(rows.all())


def left_open(review_id: int, actor_id: int | None = None) -> int:
    """How many items have no last word yet: all, or those about one user."""
    own = [LogReviewItem.review_id == review_id, LogReviewItem.verdict.in_(NOT_FINAL)]
    if actor_id is not None:
        own.append(LogReviewItem.actor_id == actor_id)
    return int(db.session.scalar(select(func.count()).where(*own)) or 0)


def months_to_review() -> list[date]:
    """The months that have ended, that the log knows and nobody reviewed; the newest first."""
    begun = ledger.coverage().first
    if begun is None:
        return []
    known = set(db.session.scalars(select(LogReview.month)))
    month = clock.day_of(begun).replace(day=1)
    found = []
    while begin_of(following(month)) <= clock.now():
        found.append(month)
        month = following(month)
    return [one for one in reversed(found) if one not in known][:MOST_MONTHS]


# --- items --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemPage:
    """One page of items and the id after which the next one starts (None: this is the last)."""

    items: Sequence[LogReviewItem]
    after: int | None


def items(review_id: int, rule: str, verdict: str | None, after: int | None) -> ItemPage:
    """Items of one rule, user by user; of one verdict or (None) of any."""
    query = select(LogReviewItem).where(
        LogReviewItem.review_id == review_id, LogReviewItem.rule == rule
    )
    if verdict is not None:
        query = query.where(LogReviewItem.verdict == verdict)
    if after is not None and 0 < after < IDS_END:
        query = query.where(LogReviewItem.id > after)
    found = db.session.scalars(query.order_by(LogReviewItem.id).limit(PAGE + 1)).all()
    return ItemPage(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def open_by_user(review_id: int, rule: str) -> dict[int | None, int]:
    """How many items of a rule are not judged yet, by user."""
    rows = db.session.execute(
        select(LogReviewItem.actor_id, func.count())
        .where(LogReviewItem.review_id == review_id, LogReviewItem.rule == rule)
        .where(LogReviewItem.verdict == Verdict.OPEN)
        .group_by(LogReviewItem.actor_id)
    )
    return dict(rows.all())


def item(item_id: int) -> LogReviewItem:
    """One item."""
    found = db.session.get(LogReviewItem, item_id)
    if found is None:
        raise NotFound(mark("There is no such item."))
    return found


def item_to_change(item_id: int) -> LogReviewItem:
    """One item of a review that is open, as it is once the review is held."""
    to_change(item(item_id).review_id)
    query = select(LogReviewItem).where(LogReviewItem.id == item_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def together(review_id: int, rule: str, actor_id: int | None) -> Sequence[LogReviewItem]:
    """The items of one rule and one user that are not judged yet."""
    whose = LogReviewItem.actor_id
    query = select(LogReviewItem).where(
        LogReviewItem.review_id == review_id,
        LogReviewItem.rule == rule,
        LogReviewItem.verdict == Verdict.OPEN,
        whose.is_(None) if actor_id is None else whose == actor_id,
    )
    return db.session.scalars(query.order_by(LogReviewItem.id)).all()


def _there(review: LogReview | None) -> LogReview:
    if review is None:
        raise NotFound(mark("There is no such review."))
    return review
