"""The judge of the attack sees what the tools say, and does not take silence for strength."""

import json
from pathlib import Path

import pytest

from tests.attack import bandit, guesser, sqlmap, testssl, wapiti
from tests.attack.accepted import ACCEPTED
from tests.attack.findings import Accepted, Finding, Outcome, faults_of

INJECTED = """[10:00:01] [PAYLOAD] aino' AND 1=1
[10:00:02] [PAYLOAD] aino' AND 1=2
sqlmap identified the following injection point(s) with a total of 41 HTTP(s) requests:
---
Parameter: q (GET)
    Type: boolean-based blind
    Title: AND boolean-based blind - WHERE or HAVING clause
    Payload: q=aino' AND 1=1
---
"""
CLEAN = """[10:00:01] [PAYLOAD] aino'
[10:00:02] [CRITICAL] all tested parameters do not appear to be injectable. Try more
"""
BROKEN = CLEAN + "[10:00:03] [WARNING] HTTP error codes detected during run:\n"
REFUSED = "[10:00:01] [CRITICAL] unable to connect to the target URL\n"


def outcome(tool: str, least: int = 1) -> Outcome:
    return Outcome(tool, "requests", least=least)


def faults(found: Outcome, *accepted: Accepted) -> str:
    return "\n".join(faults_of(found, accepted))


def test_what_sqlmap_can_inject_is_a_fault() -> None:
    found = outcome("sqlmap")
    sqlmap.read("staff search.index", INJECTED, found)
    assert "staff search.index q (GET) AND boolean-based blind" in faults(found)
    assert found.line() == "sqlmap: 2 requests, findings: 1 high, 0 medium, 0 low, 0 info"


def test_what_sqlmap_cannot_inject_is_none() -> None:
    found = outcome("sqlmap")
    sqlmap.read("staff search.index", CLEAN, found)
    assert (found.asked, faults(found)) == (1, "")


def test_an_answer_of_500_to_sqlmap_is_a_fault() -> None:
    found = outcome("sqlmap")
    told = "500 (Internal Server Error) - 3 times, 422 (Unprocessable Entity) - 9 times\n"
    sqlmap.read("staff contacts.new", f"{BROKEN}{told}", found)
    assert "broken: staff contacts.new: 500, 3 times" in faults(found)
    assert "422" not in faults(found)


@pytest.mark.parametrize("said", [REFUSED, "", "[10:00:01] [PAYLOAD] aino'\n"])
def test_a_run_of_sqlmap_that_broke_off_shows_nothing(said: str) -> None:
    found = outcome("sqlmap")
    sqlmap.read("staff search.index", said, found)
    assert "staff search.index" in faults(found)


def checks(*severities: str) -> str:
    made = [
        {"id": f"check{n}", "severity": one, "finding": "words", "port": "443"}
        for n, one in enumerate(severities)
    ]
    return json.dumps(made)


@pytest.mark.parametrize("severity", ["MEDIUM", "HIGH", "CRITICAL", "FATAL", "no such word"])
def test_what_testssl_finds_above_low_is_a_fault(severity: str) -> None:
    found = outcome("testssl.sh")
    testssl.read(checks("OK", severity), found)
    assert "check1" in faults(found)
    assert "check0" not in faults(found)


def test_what_testssl_finds_low_or_is_not_sure_of_may_stay() -> None:
    found = outcome("testssl.sh")
    testssl.read(checks("OK", "INFO", "LOW", "WARN"), found)
    assert faults(found) == ""
    assert found.line().endswith("4 requests, findings: 0 high, 0 medium, 2 low, 0 info")


def report(kind: str, level: int = 1) -> str:
    one = {"method": "GET", "path": "/search/", "parameter": "q", "level": level, "info": "words"}
    told = {"vulnerabilities": {}, "anomalies": {}, "infos": {"crawled_pages_nbr": 30}}
    return json.dumps(told | {kind: {"Reflected Cross Site Scripting": [one]}})


@pytest.mark.parametrize("kind", ["vulnerabilities", "anomalies"])
def test_what_wapiti_finds_is_a_fault(kind: str) -> None:
    found = outcome("wapiti")
    wapiti.read("staff", report(kind), found)
    assert "Reflected Cross Site Scripting: staff GET /search/ q words" in faults(found)
    assert found.asked == 30


def scan(severity: str, file: Path) -> str:
    one = {"filename": str(file), "line_number": 3, "issue_severity": severity}
    one |= {"test_id": "B602", "issue_text": "a shell"}
    return json.dumps({"metrics": {"_totals": {"loc": 9}}, "errors": [], "results": [one]})


@pytest.mark.parametrize(("severity", "fault"), [("LOW", False), ("MEDIUM", True), ("HIGH", True)])
def test_what_bandit_finds_above_low_is_a_fault(severity: str, fault: bool) -> None:
    found = outcome("bandit")
    bandit.read(scan(severity, Path("elsewhere.py")), found)
    assert ("elsewhere.py:3 a shell" in faults(found)) == fault


def test_a_tool_that_asked_next_to_nothing_was_blind() -> None:
    found = outcome("wapiti", least=200)
    wapiti.read("staff", report("additionals"), found)
    assert "wapiti was blind: 30 requests, at least 200" in faults(found)


def test_what_is_accepted_is_accepted_there_and_nowhere_else() -> None:
    found = outcome("bandit", least=0)
    found.findings = [Finding("bandit", "medium", "B608", f"wesentra/{n}.py:1") for n in "ab"]
    accepted = Accepted("bandit", "B608", "wesentra/a.py", "why")
    assert "wesentra/a.py" not in faults(found, accepted)
    assert "wesentra/b.py" in faults(found, accepted)


def test_what_may_stay_has_its_reason() -> None:
    assert all(len(one.reason) > 20 for one in ACCEPTED)
    assert len({(one.tool, one.name, one.where) for one in ACCEPTED}) == len(ACCEPTED)


def test_what_is_missing_is_said_in_the_line() -> None:
    found = Outcome("testssl.sh", "checks", least=90, lacks="testssl.sh")
    assert found.line() == "testssl.sh: NOT RUN, missing: testssl.sh"
    assert faults(found) == ""


def guessed(**answers: int) -> guesser.Tally:
    """What a guesser saw of a register that keeps everybody out and the colleague in."""
    tally = guesser.Tally()
    for kind in ("wrong", "wait"):
        for known in ("known", "unknown"):
            tally.words[kind, known] = {f"422 {kind}"}
    tally.colleague[True] = 9
    tally.answers.update({"wrong": 100, "wait": 900} | answers)
    return tally


def judged(tally: guesser.Tally) -> str:
    found = Outcome("guesser", "guesses", least=1000)
    guesser.judge(tally, found)
    return faults(found)


def test_a_guesser_who_stays_outside_is_no_fault() -> None:
    assert judged(guessed()) == ""


def test_a_guess_that_comes_in_is_a_fault() -> None:
    tally = guessed(wait=899)
    tally.take("house.staff", 303, "")
    assert "came in: house.staff" in judged(tally)


def test_more_verified_guesses_than_are_promised_are_a_fault() -> None:
    assert "verified: 200, at most" in judged(guessed(wrong=200))


def test_guesses_of_which_none_was_verified_show_nothing() -> None:
    assert "none of them was verified" in judged(guessed(wrong=0, wait=1000))


def test_other_words_for_a_known_name_are_a_fault() -> None:
    tally = guessed()
    tally.words["wait", "known"].add("422 wait, dear colleague")
    assert "other words: for a name that is known (wait)" in judged(tally)


@pytest.mark.parametrize("came_in", [0, 8])
def test_a_colleague_who_is_kept_out_is_a_fault(came_in: int) -> None:
    tally = guessed()
    tally.colleague.update({True: came_in - 9, False: 1})
    assert "locked out: 1 times" in judged(tally)


def test_answers_of_another_kind_are_a_fault() -> None:
    tally = guessed(wait=899)
    tally.take("house.staff", 500, "broken")
    assert "another answer: 1 times" in judged(tally)


def test_the_right_passwords_are_among_the_guesses() -> None:
    made = guesser.guesses(1000)
    right = [name for name, password in made[900:] if password == guesser.factories.PASSWORD]
    assert sorted(right) == sorted(guesser.KNOWN)
    assert len(made) == 1000
    assert {name for name, _ in made} > {*guesser.KNOWN, *guesser.UNKNOWN}
