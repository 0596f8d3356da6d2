"""A review is drawn: the month is read while others write, then everything is stored at once."""

import json
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert, select

from wesentra import clock
from wesentra.actor import current
from wesentra.audit import ledger, spans
from wesentra.compliance.log_review import context, day_rules
from wesentra.compliance.log_review.month import Month, sample_hit
from wesentra.compliance.log_review.records import Hit
from wesentra.compliance.log_review.sampling import Draw
from wesentra.limits import ReviewLimits
from wesentra.models import LogReview, LogReviewItem, db
from wesentra.refusal import Refused
from wesentra.texts import mark

NAMES = tuple(each.name for each in fields(ReviewLimits))


@dataclass(frozen=True)
class Drawn:
    """What was read of a month, not stored yet."""

    month: date
    seed: str
    bounds: tuple[int, int]
    limits: ReviewLimits
    read: Month
    sample: list[int]
    hits: list[Hit]


def following(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def begin_of(day: date) -> datetime:
    """The moment at which a day begins in Finland."""
    return datetime.combine(day, time.min, clock.HELSINKI)


def read(month: date, seed: str, limits: ReviewLimits) -> Drawn:
    """Read everything a review of `month` (its first day) needs, and draw the sample by `seed`.

    Refuses a month that has not ended and one of which the log knows nothing.
    """
    begin, end = begin_of(month), begin_of(following(month))
    if end > clock.now():
        raise Refused(mark("This month has not ended yet."), field="month")
    bounds = spans.bounds(begin, end)
    if bounds is None:
        raise Refused(mark("The log has no entries of this month."), field="month")
    current().event("log_read", "log", fields=["review"])
    draw = Draw(seed, limits.review_sample, limits.review_sample_each)
    reading = _reading(begin, end, bounds, limits, draw)
    sample = draw.drawn()
    hits = reading.found() + _in_bulk(begin, end, limits)
    hits += [Hit("R14", None, at, facts={"fault": 1}) for at in spans.faults(begin, end)]
    hits += [sample_hit(row) for row in spans.some(sample)]
    return Drawn(month, seed, bounds, limits, reading, sample, hits)


def _reading(
    begin: datetime, end: datetime, bounds: tuple[int, int], limits: ReviewLimits, draw: Draw
) -> Month:
    known = context.gathered(begin, end, limits)
    month = Month(known, limits, draw, last=spans.before(bounds[0]))
    since = begin - timedelta(days=limits.review_leaving_days)
    month.before(spans.of_users(known.leaving, since, bounds[0]))
    return month.read(spans.rows(*bounds))


def store(drawn: Drawn) -> LogReview:
    """Store a review with its items, ordered by rule and user. Refuses a second one of a month.

    What can be made ready before the first statement is: others who write wait from there on.
    """
    rows = [_row(hit) for hit in sorted(drawn.hits, key=_order)]
    known = db.session.scalar(select(LogReview.id).where(LogReview.month == drawn.month))
    if known is not None:
        raise Refused(mark("There is a review of this month already."), field="month")
    review = _review(drawn)
    db.session.add(review)
    db.session.flush()
    for row in rows:
        row["review_id"] = review.id
    if rows:
        db.session.execute(insert(LogReviewItem), rows)
    current().deed("review", "log_review", [review.id], ["drawn"])
    return review


def _review(drawn: Drawn) -> LogReview:
    """How it was drawn, so that it can be drawn again; when the log begins, if rules asked further.

    What old entries said before the month is gone with them: then the review tells since when the
    log knows.
    """
    begun = ledger.coverage().first
    back = max(drawn.limits.review_source_days, drawn.limits.review_leaving_days)
    within = begun is not None and begun > begin_of(drawn.month) - timedelta(days=back)
    return LogReview(
        month=drawn.month,
        seed=drawn.seed,
        first_entry=drawn.bounds[0],
        last_entry=drawn.bounds[1],
        population=drawn.read.draw.population,
        sampled=len(drawn.sample),
        gaps=drawn.read.gaps,
        limits=json.dumps({name: getattr(drawn.limits, name) for name in NAMES}),
        measured_from=begun if within else None,
        drawn_at=clock.now(),
        drawn_by=current().user_id,
    )


def _in_bulk(begin: datetime, end: datetime, limits: ReviewLimits) -> list[Hit]:
    found = []
    for user, checks in context.confirmed(begin, end).items():
        for at, facts in day_rules.confirmed_in_bulk(checks, limits):
            found.append(Hit("R15", user, at, count=facts["people"], facts=facts))
    return found


def _order(hit: Hit) -> tuple[str, int, datetime]:
    return hit.rule, hit.user or 0, hit.at


def _row(hit: Hit) -> dict[str, object]:
    told = vars(hit) | {"facts": json.dumps(hit.facts)}
    named = {"user": "actor_id", "entry": "entry_id", "contact": "contact_number"}
    return {named.get(key, key): value for key, value in told.items()}
