"""The load: `wrk` with small Lua scripts, each client with sessions of its own."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DONE = """
local serial = 0
function setup(thread) serial = serial + 1; thread:set("serial", serial) end
function init(args) math.randomseed(os.time() + 7919 * serial + os.clock() * 1e6) end
function pick(list) return list[math.random(#list)] end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("bench %d %d %d %d %d\\n", summary.requests, summary.duration,
    e.status + e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(95)))
end
"""
GET = """
function request()
  local address = string.gsub("%(address)s", "NUMBER", math.random(%(contacts)d))
  address = string.gsub(address, "WORD", pick(words))
  return wrk.format("GET", address, {["Cookie"] = pick(sessions)[1]})
end
"""
SAVE = """
function request()
  local own = pick(sessions)
  local headers = {["Cookie"] = own[1], ["Content-Type"] = "application/x-www-form-urlencoded"}
  local number = string.format("%%%%2B35840%%07d", math.random(9999999))
  local body = "csrf_token=" .. own[2] .. "&value=" .. number
  local address = "/contacts/" .. math.random(%(contacts)d) .. "/edit/phone"
  return wrk.format("POST", address, headers, body)
end
"""
ADDRESSES = {
    "contact page": "/contacts/NUMBER",
    "list of 50": "/contacts/?after=NUMBER",
    "search": "/search/?q=WORD",
}


@dataclass(frozen=True)
class Session:
    """A signed-in browser: its cookie header and the token of its forms."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Measured:
    """What one run of the load gave: requests per second, milliseconds, requests, failures."""

    rate: float
    p50: float
    p95: float
    requests: int
    failures: int


def missing() -> bool:
    """Whether the load generator is not installed."""
    return shutil.which("wrk") is None


def write(
    folder: Path, contacts: int, sessions: Sequence[Session], words: Sequence[str]
) -> dict[str, Path]:
    """Write the scripts into `folder`; by the name of what they do, in the table's order."""
    own = ", ".join(f'{{"{session.cookie}", "{session.token}"}}' for session in sessions)
    asked = ", ".join(f'"{word}"' for word in words)
    head = f"{DONE}\nsessions = {{{own}}}\nwords = {{{asked}}}\n"
    bodies = {
        name: GET % {"address": address, "contacts": contacts}
        for name, address in ADDRESSES.items()
    }
    bodies["save"] = SAVE % {"contacts": contacts}
    scripts = {}
    for name, body in bodies.items():
        scripts[name] = folder / f"{name.replace(' ', '-')}.lua"
        scripts[name].write_text(head + body, encoding="utf-8")
    return scripts


def run(script: Path, url: str, clients: int, seconds: float) -> Measured:
    """Let `clients` connections ask as fast as they are answered for so many seconds."""
    command = ["wrk", "-t", str(min(2, clients)), "-c", str(clients), "-d", f"{seconds:g}s"]
    command += ["--timeout", "20s", "-s", str(script), url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures = next(line for line in output.splitlines() if line.startswith("bench "))
    requests, duration, failures, p50, p95 = (int(word) for word in figures.split()[1:])
    return Measured(requests / duration * 1e6, p50 / 1e3, p95 / 1e3, requests, failures)
