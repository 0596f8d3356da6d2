"""Servers in processes of their own, on free ports of 127.0.0.1."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 30


@contextmanager
def served(kind: str, instance: Path, workers: int) -> Iterator[str]:
    """One of the three applications, served; its address."""
    port = _free_port()
    command = [sys.executable, "-m", "bench.served", kind, str(instance)]
    command += ["--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command)
    try:
        _wait(process, port)
        yield f"https://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")
