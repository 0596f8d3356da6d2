"""The last step of every way in: a session begins, and one goes where one wanted to."""

from flask import Response, request

from wesentra.accounts import queries, session_tokens, sessions
from wesentra.actor import current
from wesentra.models import User
from wesentra.web import interrupted
from wesentra.web.csrf import SESSION_COOKIE, VISITOR_COOKIE, begins
from wesentra.web.htmx import done, page


def own_path(text: str) -> str:
    """`text` when it is a path of this site, else the start page: no way to be led elsewhere."""
    plain = text.startswith("/") and not text.startswith("//") and text.isprintable()
    return text if plain and "\\" not in text else "/"


def let_in(user: User, onto: str, *how: str) -> Response:
    """Open a session for somebody who has shown all that is asked; `how` beside the password.

    `sso` is in its place, `sso_factor` a second factor that the sign-in service asked for.
    A form that was interrupted goes on, but not to another person at the same browser.
    """
    current().user_id = user.id
    current().role = next(iter(queries.roles_on(user.id)), "none")
    current().deed("sign_in", "user", [user.id], list(how))
    before = sessions.end_of(request.cookies.get(SESSION_COOKIE, ""))
    token = sessions.begin(user, secured_elsewhere="sso_factor" in how)
    begins(token)
    form = interrupted.of_sign_in()
    if form is not None and _is_own(form, before, user):
        response = page("accounts/go_on.html", interrupted=form)
    else:
        response = done(onto)
    session_tokens.give(response, token)
    response.delete_cookie(VISITOR_COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def _is_own(form: interrupted.Interrupted, before: int | None, user: User) -> bool:
    """Whether a form goes on to `user`: what somebody else typed stays theirs.

    Whose it is the session tells (`before`), also one that has grown too old. Where there is none
    any more, what asks who one is stays behind: somebody may have left it for who comes next.
    """
    return before == user.id or (before is None and not interrupted.asks_who(form))
