"""The headers of every answer: a strict policy for content, and no caching of people."""

from flask import Flask, Response, g, request

HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.10/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-H5SrcfygHmAuTDZphMHqBJLc3FhssKjG7w/CeCpFReSfwBWDTKpkzPP8c+cLsK+V"


FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # as frame-ancestors, for what does not know that
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Of every answer, also of one that is given before the application is asked."""
FOR_A_YEAR = "max-age=31536000; includeSubDomains"


def policy(assets: str) -> str:
    """The Content-Security-Policy; the CDN stands in it by the exact address of its one file."""
    script = f"'self' {HTMX_URL}" if assets == "cdn" else "'self'"
    return (
        f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


PLAIN = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Security-Policy", policy("local")),
    ("Cache-Control", "no-store"),
    *FIXED.items(),
]
"""Of an answer that is given before the application is asked. It may go out in the clear, where
nobody is told to come over HTTPS only (RFC 6797, section 7.2)."""


def install(app: Flask, assets: str) -> None:
    """Send the headers with every answer."""
    content_policy = policy(assets)

    def send(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = content_policy
        headers["Strict-Transport-Security"] = FOR_A_YEAR
        headers.update(FIXED)
        headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint == "static" and response.status_code in (200, 304):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            headers["Cache-Control"] = "no-store"
        return response

    app.after_request(send)
