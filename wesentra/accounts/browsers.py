"""Which browser somebody uses, as far as it says so: enough to know one's own machines again."""

import re

from flask import has_request_context, request

FAMILIES = (
    (re.compile(r"\bEdgA?(?:iOS)?/"), "Edge"),
    (re.compile(r"\bOPR/"), "Opera"),
    (re.compile(r"\bSamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"\b(?:Firefox|FxiOS)/"), "Firefox"),
    (re.compile(r"\b(?:Headless)?(?:Chrome|CriOS|Chromium)/"), "Chrome"),
    (re.compile(r"\bVersion/[\d.]+.* Safari/"), "Safari"),
)
SYSTEMS = (
    (re.compile(r"\bAndroid\b"), "Android"),
    (re.compile(r"\biPhone\b"), "iPhone"),
    (re.compile(r"\biPad\b"), "iPad"),
    (re.compile(r"\bWindows\b"), "Windows"),
    (re.compile(r"\bMac OS X\b"), "macOS"),
    (re.compile(r"\bCrOS\b"), "ChromeOS"),
    (re.compile(r"\bLinux\b"), "Linux"),
)
"""Each before those whose name it bears as well: Edge says Chrome, Android says Linux."""
LONGEST = 500


def family(user_agent: str) -> str:
    """`Firefox, Windows`; one of the two when only that is known, and nothing for a stranger."""
    said = user_agent[:LONGEST]
    known = (
        next((name for sign, name in names if sign.search(said)), "")
        for names in (FAMILIES, SYSTEMS)
    )
    return ", ".join(filter(None, known))


def here() -> str:
    """The browser of this request; nothing where there is none."""
    return family(request.headers.get("User-Agent", "")) if has_request_context() else ""
