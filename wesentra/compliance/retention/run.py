"""The run: whoever's day has come goes, and a certificate without names stays.

The plan is read first, beside everybody's work; then follow small transactions, each of which asks
once more whether somebody still goes. A run that was cut off goes on where it was.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select

from wesentra import clock
from wesentra.actor import current
from wesentra.audit.entry import Operation
from wesentra.compliance.retention import dates, events, holds, plan, rules, state, word
from wesentra.compliance.retention.plan import Plan
from wesentra.compliance.retention.policy import Case, Fate, fate
from wesentra.erasure import door
from wesentra.models import Company, Contact, RetentionRun, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import meant_to_write
from wesentra.models.retention_run import RunState
from wesentra.refusal import Refused
from wesentra.texts import mark

TOGETHER = 50
"""So many go in one transaction: others wait for its write lock only so long."""
TOO_MANY = mark(
    "%(going)s would go in one run, more than the settings allow (%(percent)s %% of the register). "
    "Nobody went: the privacy contact looks who it is and lets them go, or changes the rule back."
)

Step = Callable[[RetentionRun], None]


def carry_out(day: date) -> int:
    """Run for a day, in transactions of its own; the number of the certificate.

    Raises Refused, once the certificate says so, where too many would go.
    """
    made = plan.of(day)
    number, stopped = _begun(day, made)
    if stopped:
        raise Refused(TOO_MANY, going=made.number(), percent=rules.limit().percent)
    for step in _steps(made):
        with meant_to_write():
            step(_run(number))
            db.session.commit()
    for some in events.portions(day):
        with meant_to_write():
            _count(_run(number), "events", some())
            db.session.commit()
    with meant_to_write():
        run = _run(number)
        run.state, run.ended_at = RunState.DONE, clock.now()
        current().deed(Operation.RETENTION, "retention_run", [run.id], ["done"])
        db.session.commit()
    return number


def follow(run: RetentionRun) -> None:
    """Write the dates anew by rules that were changed since this run ended; nobody goes.

    Whoever goes, goes at night: so somebody sees in the lists what the new rule does, and there is
    time to change it back.
    """
    number, by = run.id, rules.newest()
    for step in _put_right_all(plan.of(run.day)):
        with meant_to_write():
            step(_run(number))
            db.session.commit()
    with meant_to_write():
        _run(number).counts = {**_run(number).counts, state.FOLLOWED: by}
        db.session.commit()


def _steps(made: Plan) -> Iterator[Step]:
    """What a run does, in portions; contacts go before the companies in which they work."""
    for kind, by_rule in made.going.items():
        for rule_id, ids in by_rule.items():
            for some in _portions(ids):
                yield partial(_let_go, made.day, kind, rule_id, some)
    for kind, ids in made.asked.items():
        for some in _portions(ids):
            yield partial(_ask, made.day, kind, some)
    yield from _put_right_all(made)


def _put_right_all(made: Plan) -> Iterator[Step]:
    for kind, ids in made.wrong.items():
        for some in _portions(ids):
            yield partial(_put_right, kind, some)


def _portions(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER))


# --- the certificate ----------------------------------------------------------------------------


def _begun(day: date, made: Plan) -> tuple[int, bool]:
    """The number of the certificate of a day, and whether the run stops there."""
    db.session.rollback()
    with meant_to_write():
        run = state.of(day)
        if run is None:
            _take_over()
            run = RetentionRun(day=day, begun_at=clock.now(), state="", rules=[], counts={})
            db.session.add(run)
        stops = word.lacks(made, run)
        run.state = RunState.STOPPED if stops else RunState.RUNNING
        if stops:  # a word that was given for fewer is none for these
            run.approved_at = run.approved_by = None
        run.rules = rules.as_kept()
        run.counts = {**run.counts, **_foretold(made, run)}
        db.session.flush()
        told = "stopped" if stops else "begun"
        current().deed(Operation.RETENTION, "retention_run", [run.id], [told])
        number = run.id
        db.session.commit()
    return number, stops


def _take_over() -> None:
    """What earlier days have left is this day's."""
    left = RetentionRun.state == RunState.RUNNING
    for one in db.session.scalars(select(RetentionRun).where(left)):
        one.state = RunState.CUT_OFF


def _foretold(made: Plan, run: RetentionRun) -> dict[str, Any]:
    """Of the whole day, also of what went before a run was cut off."""
    gone = state.gone(run)
    return {
        "everybody": made.everybody + gone,
        "due": made.number() + gone,
        "undated": made.undated,
        "kept": made.kept,
        "held": dict(made.held),
    }


def _run(number: int) -> RetentionRun:
    return db.session.get_one(RetentionRun, number, populate_existing=True)


def _count(run: RetentionRun, what: str, number: int) -> None:
    if number:
        run.counts = {**run.counts, what: run.counts.get(what, 0) + number}


# --- the steps ----------------------------------------------------------------------------------


def _let_go(day: date, kind: str, rule_id: int, ids: list[int], run: RetentionRun) -> None:
    """Let those go who still have to, by this rule: meanwhile somebody may have called, or have
    changed the rule."""
    _lock(kind, ids)
    going = [case.number for case in _again(kind, ids) if _goes(case, day, rule_id)]
    rule = next((one for one in rules.in_force() if one.id == rule_id), None)
    if rule is None:
        return
    told = f"{rule.kind}.{rule.group}.{rule.trigger}@{rule.id}"
    people, companies = (going, []) if kind == "contact" else ([], going)
    door.erase(people, companies, "retention", told)
    _count(run, f"gone.{kind}", len(going))


def _lock(kind: str, ids: list[int]) -> None:
    """Nobody places a hold between the question and the deletion (PostgreSQL)."""
    owns = [Company.id.in_(ids)]
    if kind == "contact":
        people = select(Contact.id).where(Contact.id.in_(ids)).order_by(Contact.id)
        db.session.execute(people.with_for_update(), execution_options=seen_by_program("retention"))
        owns = [Company.person_id.in_(ids)]
    firms = select(Company.id).where(*owns).order_by(Company.id)
    db.session.execute(firms.with_for_update(), execution_options=seen_by_program("retention"))


def _goes(case: Case, day: date, rule_id: int) -> bool:
    return case.due is not None and case.due.rule.id == rule_id and fate(case, day) == Fate.GOES


def _again(kind: str, ids: list[int]) -> list[Case]:
    return plan.cases(kind, dates.dues(kind, ids))


def _ask(day: date, kind: str, ids: list[int], run: RetentionRun) -> None:
    asked = [case.number for case in _again(kind, ids) if fate(case, day) == Fate.ASKED]
    holds.ask(kind, asked, day)
    _count(run, "asked", len(asked))


def _put_right(kind: str, ids: list[int], run: RetentionRun) -> None:
    _count(run, "put_right", dates.keep(kind, ids))
