"""wapiti as nobody and as somebody of each role: it follows links, fills in forms, and attacks."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.attack import tools
from tests.attack.findings import Finding, Outcome
from tests.attack.register import NOBODY, Register, cookies_of

MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,http_headers,inconsistent_redirection,"
    "information_disclosure,methods,permanentxss,redirect,sql,timesql,unsecure_password,"
    "upload,xss"
)
"""Not those that need a machine elsewhere (ssrf, xxe, log4shell, takeover), that guess passwords
(the guesser does), that know other people's programs, or that take pages which differ for an answer
of LDAP, which nothing here speaks."""
QUICK = "cookieflags,csp,csrf,http_headers,information_disclosure,redirect,sql,xss"
LEAVES = (
    *("/logout", "/account/password", "/account/purpose", "/account/sessions/*"),
    *("/account/second-factor/*", "/account/passkeys/*", "/settings/second-factors/*"),
    *("/settings/users/*/disable", "/settings/users/*/reset", "/settings/users/*/revoke"),
    "/login/passkey/*",
)
"""What ends the session, or shows its owner less from then on; sqlmap attacks these forms."""
NUMBERED = re.compile(r"(/(?:[a-z-]+/)+)(\d+)(?=/|$)")
MOST = 130
"""No record of the furnished register has a higher number."""
CRAWL_SECONDS, MODULE_SECONDS = 90, 60
FEW_SECONDS = 5
ASKED = re.compile(r"^\[¨\]", re.MULTILINE)
CUT_OFF = "Max attack time was reached"
LEVELS = {1: "medium", 2: "high", 3: "high", 4: "high"}


def attack(register: Register, home: Path, short: bool) -> Outcome:
    """Each role in turn, each on a register that is as it was."""
    outcome = Outcome("wapiti", "requests", least=200 if short else 5000)
    program = tools.path_of("wapiti")
    if program is None:
        outcome.lacks = "wapiti (requirements/attack.lock)"
        return outcome
    for role in ("staff",) if short else (NOBODY, *register.names):
        register.restore()
        cookies = cookies_of(register.signed_in(role))
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        report = home / f"wapiti-{role}.json"
        starts = register.pages.get(role, ["/login", "/trust/"])
        asked = [program, *command(register.url, starts, cookie, report, home, short)]
        seconds = CRAWL_SECONDS + MODULE_SECONDS * (MODULES.count(",") + 2)
        said = tools.run(asked, home, seconds)
        if not report.exists():
            outcome.faults.append(f"{role}: {said.output[-300:]}")
            continue
        read(role, report.read_text(encoding="utf-8"), outcome)
        outcome.asked += len(ASKED.findall(said.output))
        cut_off = said.output.count(CUT_OFF)
        outcome.notes += [f"{role}: {cut_off} modules cut off"] if cut_off else []
        if role != NOBODY and not register.still_in(cookies):
            outcome.faults.append(f"{role}: was not signed in any more at the end")
    return outcome


def command(
    url: str, starts: list[str], cookie: str, report: Path, home: Path, short: bool
) -> list[str]:
    """From every start one link further, with one cookie that stays; nothing is sent elsewhere."""
    crawl, module = (FEW_SECONDS, FEW_SECONDS) if short else (CRAWL_SECONDS, MODULE_SECONDS)
    said = ["-u", f"{url}/", "--scope", "folder", "-m", QUICK if short else MODULES, "-d", "1"]
    said += ["--max-scan-time", str(crawl), "--max-attack-time", str(module), "--tasks", "2"]
    said += ["--store-session", str(home / "wapiti"), "--flush-session", "--no-bugreport"]
    said += ["-f", "json", "-o", str(report), "-v", "2", "--skip", "csrf_token"]
    said += [each for start in starts for each in ("-s", f"{url}{start}")]
    said += [each for path in (*LEAVES, *_others(starts)) for each in ("-x", f"{url}{path}")]
    if cookie:
        said += ["-H", f"Cookie: {cookie}", "--drop-set-cookie"]
    return said


def _others(starts: list[str]) -> Iterator[str]:
    """Records whose pages are like those that it begins with: sixty of a kind show no more."""
    known: dict[str, set[int]] = {}
    for folder, number in (found for start in starts for found in NUMBERED.findall(start)):
        known.setdefault(folder, set()).add(int(number))
    for folder, numbers in known.items():
        for number in {*range(1, MOST)} - numbers:
            yield from (f"{folder}{number}", f"{folder}{number}/*")


def read(role: str, report: str, outcome: Outcome) -> None:
    """Take in the report; what it calls an anomaly (a 500, a timeout) is one."""
    told = json.loads(report)
    outcome.asked += told["infos"].get("crawled_pages_nbr") or 0
    for kind, lowest in (("vulnerabilities", "medium"), ("anomalies", "medium")):
        for name, found in told[kind].items():
            for one in found:
                where = f"{role} {one['method']} {one['path']} {one['parameter'] or ''}".strip()
                level = LEVELS.get(one["level"], lowest)
                outcome.findings.append(Finding("wapiti", level, name, where, one["info"]))
