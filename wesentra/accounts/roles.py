"""Roles are given and ended for a reason; two of them only when a second person says yes.

Whoever can make privacy contacts alone could make one of a friend, or of an account of their own
making, and see every customer. So the roles of the privacy contact and of the administrator wait
for a second person: another administrator or a privacy contact, who is neither the one who asked
nor the one who is to get the role. Only the first administrator, made by the command line, gets the
roles at once: there is nobody else yet.
"""

from collections.abc import Sequence

from sqlalchemy import select

from wesentra import clock
from wesentra.accounts import actions, queries
from wesentra.actor import current
from wesentra.models import RoleGrant, RoleRequest, User, db
from wesentra.models.codes import Role
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark
from wesentra.web.permissions import PERMISSIONS

BY_TWO = (Role.PRIVACY, Role.ADMIN)
"""Roles that one person alone cannot give."""
MAY_CONFIRM = PERMISSIONS["roles.write"]
LONGEST = 200


def give(user: User, roles: Sequence[Role], reason: str) -> list[Role]:
    """Give roles, or ask for them; returns those that wait for a second person.

    Raises Refused for oneself, for a closed account and for a missing reason.
    """
    why = reason_of(reason)
    first = current().user_id is None and not queries.holders_on([Role.ADMIN], clock.now())
    held = queries.roles_on(user.id)
    waiting = [] if first else [role for role in roles if role in BY_TWO and role not in held]
    for role in roles:
        if role in waiting:
            ask(user, role, why)
        else:
            actions.grant(user, role, why)
    return waiting


def end(user: User, role: Role, reason: str) -> None:
    """End a role now, for a reason. Raises Refused for the last administrator."""
    actions.revoke(user, role, reason_of(reason))


def by_service(user: User) -> list[str]:
    """The roles that a user holds by the word of the sign-in service, which gives them again."""
    own = (RoleGrant.user_id == user.id, RoleGrant.issuer.is_not(None))
    query = select(RoleGrant.role).where(*own, RoleGrant.valid_to.is_(None))
    return list(db.session.scalars(query.order_by(RoleGrant.id)))


def waiting() -> Sequence[RoleRequest]:
    """What was asked for and is not decided, the oldest first; not of closed accounts."""
    query = select(RoleRequest).join(User, User.id == RoleRequest.user_id)
    query = query.where(RoleRequest.decided_at.is_(None), User.disabled_at.is_(None))
    return db.session.scalars(query.order_by(RoleRequest.id)).all()


def may_decide(request: RoleRequest, user_id: int) -> bool:
    """Whether somebody is the second person for this: not who asked, nor who would get it."""
    return user_id not in (request.asked_by, request.user_id)


def can_be_confirmed(request: RoleRequest) -> bool:
    """Whether there is a second person at all."""
    held = queries.roles_today()
    others = (user for user, roles in held.items() if set(roles) & set(MAY_CONFIRM))
    return any(may_decide(request, user) for user in others)


def ask(user: User, role: Role, reason: str, issuer: str | None = None) -> None:
    """Note what is asked for; the same a second time changes nothing. `issuer` is the sign-in
    service that asks."""
    actions.demand_another(user)
    actions.demand_open(user)
    actions.one_at_a_time(user.id)
    if any(one.user_id == user.id and one.role == role for one in waiting()):
        return
    asked = RoleRequest(user_id=user.id, role=role, reason=reason, asked_at=clock.now())
    asked.issuer = issuer
    asked.asked_by = current().user_id
    db.session.add(asked)
    current().deed("account", "user", [user.id], [f"asked:{role}"])


def confirm(request_id: int) -> None:
    """Give what was asked for, as its second person. Raises Refused, and NotFound."""
    request, user = _undecided(request_id)
    _decide(request, given=True)
    actions.grant(user, Role(request.role), request.reason, request)


def refuse(request_id: int) -> None:
    """Do not give what was asked for. Who asked may take it back in the same way."""
    request, user = _undecided(request_id)
    if request.asked_by != current().user_id:
        _demand_second(request)
    _decide(request, given=False)
    current().deed("account", "user", [user.id], [f"not_granted:{request.role}"])


def _undecided(request_id: int) -> tuple[RoleRequest, User]:
    """What is asked for and for whom; of two who decide at once one waits here."""
    query = select(RoleRequest).where(RoleRequest.id == request_id).with_for_update()
    request = db.session.scalar(query)
    if request is None:
        raise NotFound(mark("There is no such request."))
    if request.decided_at is not None:
        raise Refused(mark("Somebody has decided on this already."))
    return request, db.session.get_one(User, request.user_id)


def _decide(request: RoleRequest, *, given: bool) -> None:
    if given:
        _demand_second(request)
    request.decided_by, request.decided_at, request.given = current().user_id, clock.now(), given


def _demand_second(request: RoleRequest) -> None:
    decides = current().user_id
    if decides is None or not may_decide(request, decides):
        raise Refused(
            mark("A second person has to decide: not who asked, and not who would get the role.")
        )


def reason_of(text: str) -> str:
    """The reason in one line. Raises Refused for none, and for what is no line."""
    reason = " ".join(text.split())
    if not reason:
        raise Refused(mark("Write why, in a few words."), field="reason")
    if not reason.isprintable() or len(reason) > LONGEST:
        raise Refused(mark("The reason has at most 200 characters on one line."), field="reason")
    return reason
