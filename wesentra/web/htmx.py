"""Page or partial: the only place that looks at htmx's headers and decides how to answer."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request

NOTICE_COOKIE = "__Host-wesentra-notice"


def wants_partial() -> bool:
    """Whether htmx asks for a fragment; history restore and boosted visits get the full page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Boosted") != "true"
    )


def page(template: str, partial: str | None = None, status: int = 200, **values: Any) -> Response:
    """Render `template`, or only its `partial` when htmx asks for it."""
    name = partial if partial and wants_partial() else template
    response = make_response(render_template(name, **values), status)
    response.vary.add("HX-Request")
    return response


def refused(template: str, partial: str | None = None, **values: Any) -> Response:
    """The same form again with its sentences; nothing typed is lost (422)."""
    return page(template, partial, status=422, **values)


def refusal(template: str, partial: str, status: int, **values: Any) -> Response:
    """A page that only says no. For htmx its `partial` goes into `#flash`, and nothing else on the
    page changes, whatever was to be swapped."""
    response = page(template, partial, status, **values)
    if wants_partial():
        response.headers["HX-Retarget"] = "#flash"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def done(url: str, notice: str = "") -> Response:
    """After an action: go to `url`. `notice` is a key of `web.notices`, never a text."""
    if wants_partial():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
    else:
        response = make_response(redirect(url, 303))
    if notice:
        response.set_cookie(
            NOTICE_COOKIE, notice, max_age=60, secure=True, httponly=True, samesite="Lax", path="/"
        )
    return response
