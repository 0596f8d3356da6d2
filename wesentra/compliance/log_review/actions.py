"""What is done with a review: items are judged, explained, and the review is closed.

Whoever did something never judges it. A closed review changes no more.
"""

from collections.abc import Callable, Sequence

from wesentra import clock
from wesentra.actor import current
from wesentra.compliance.log_review import queries
from wesentra.models import LogReview, LogReviewItem
from wesentra.models.log_review import Verdict
from wesentra.refusal import Refused
from wesentra.texts import mark

VERDICTS = (Verdict.JUSTIFIED, Verdict.ASKED, Verdict.UNJUSTIFIED)

OpenBreach = Callable[[int], int]
"""Opens the draft of a breach for an item that was found unjustified; returns its number."""


def judge(
    items: Sequence[LogReviewItem], verdict: str, text: str, open_breach: OpenBreach
) -> int | None:
    """Judge items of one user and one rule together; they are locked and of one open review.

    The verdict *unjustified* needs a reason and opens the draft of one breach, whose number is
    returned. Asking needs somebody to ask.
    """
    if not items:
        raise Refused(mark("There is nothing left to judge here."))
    if verdict not in VERDICTS:
        raise Refused(mark("Choose what you find."), field="verdict")
    if items[0].actor_id is not None and items[0].actor_id == current().user_id:
        raise Refused(mark("This is about you. Somebody else has to judge it."))
    if verdict == Verdict.UNJUSTIFIED and not text:
        raise Refused(mark("Write why this is unjustified."), field="text")
    if verdict == Verdict.ASKED and items[0].actor_id is None:
        raise Refused(mark("There is nobody who could be asked."), field="verdict")
    for item in items:
        _judge(item, verdict, text)
    current().deed("review", "log_review_item", [item.id for item in items], [verdict])
    return open_breach(items[0].id) if verdict == Verdict.UNJUSTIFIED else None


def _judge(item: LogReviewItem, verdict: str, text: str) -> None:
    now = clock.now()
    item.verdict, item.judged_at, item.judged_by = verdict, now, current().user_id
    if verdict == Verdict.ASKED:
        item.question, item.asked_at = text, now
    else:
        item.reason = text


def answer(items: Sequence[LogReviewItem], text: str) -> None:
    """Explain what one was asked about; said once, it stays. The same again changes nothing."""
    if not text:
        raise Refused(mark("Write what the look was for."), field="text")
    for item in items:
        if item.actor_id != current().user_id:
            raise Refused(mark("Somebody else was asked about this."))
        if item.answered_at is not None and item.answer != text:
            raise Refused(mark("You have answered this already."), field="text")
        item.answer, item.answered_at = text, item.answered_at or clock.now()
    current().deed("review", "log_review_item", [item.id for item in items], ["answer"])


def close(review: LogReview, reason: str) -> None:
    """End a review. What is not judged to the end needs one reason."""
    if review.closed_at is not None:
        return
    left = queries.left_open(review.id)
    if left and not reason:
        raise Refused(mark("Write why the rest was not judged."), field="reason")
    review.left_open, review.reason = left, reason
    review.closed_at, review.closed_by = clock.now(), current().user_id
    current().deed("review", "log_review", [review.id], ["closed"])
