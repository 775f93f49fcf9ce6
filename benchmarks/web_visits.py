"""A browser for the benchmark: one connection kept open, cookies, forms; and the server that it visits, as its own process."""

from __future__ import annotations

import ctypes
import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

START_SECONDS = 120
_clocks: dict[str, int] = {}
"""by address: the clock of what the server there has spent on processors, which other work on the machine hardly moves"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many milliseconds, the body read to its end; of those the server's on a processor, where it is known."""

    status: int
    body: str
    milliseconds: float
    bytes: int
    headers: Mapping[str, str]
    processor_milliseconds: float | None = None


class Visitor:
    """One person at one browser, signed in."""

    def __init__(self, address: str, username: str, password: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
        self._clock = _clocks.get(address)
        self._cookies: dict[str, str] = {}
        self.get("/sign-in")
        answer = self.post("/sign-in", {"username": username, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"{username} could not sign in: {answer.status}")

    def get(self, path: str, query: Mapping[str, str] | None = None, *, htmx: bool = False) -> Answer:
        """A page, or with htmx a fragment."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path, None, htmx)

    def post(self, path: str, fields: Mapping[str, str], *, htmx: bool = False) -> Answer:
        """A form, as its page sends it."""
        return self._ask("POST", path, urlencode(fields).encode(), htmx)

    def _ask(self, method: str, target: str, body: bytes | None, htmx: bool) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self._cookies.get("csrftoken", "")}
        if htmx:
            headers["HX-Request"] = "true"
        used, began = _milliseconds(self._clock), time.perf_counter()
        self._connection.request(method, target, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        spent = 1000 * (time.perf_counter() - began)
        worked = None if used is None else (_milliseconds(self._clock) or 0.0) - used
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, content.decode("utf-8", "replace"), spent, len(content), dict(response.headers), worked)


@contextmanager
def served(home: Path, *, database: str, with_worker: bool = True) -> Iterator[tuple[str, int]]:
    """`evenload serve` on a free port: its address and the number of its process."""
    command = [sys.executable, "-m", "evenload", "serve", "--port", "0", *([] if with_worker else ["--no-worker"])]
    process = subprocess.Popen(command, env=environment(home, database), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"http://[^ ]+/", line)
        if found is None:
            raise RuntimeError(f"the server did not start: {line}")
        address, clock = found[0].rstrip("/"), _clock_of(process.pid)
        if clock is not None:
            _clocks[address] = clock
        yield address, process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _clock_of(process: int) -> int | None:
    """The processor clock of another process, where the system has such clocks (clock_getcpuclockid of POSIX)."""
    ask = getattr(ctypes.CDLL(None), "clock_getcpuclockid", None)
    clock = ctypes.c_int()
    return clock.value if ask is not None and ask(process, ctypes.byref(clock)) == 0 else None


def _milliseconds(clock: int | None) -> float | None:
    return None if clock is None else 1000 * time.clock_gettime(clock)


def environment(home: Path, database: str) -> dict[str, str]:
    """The environment of a process of the benchmark: its own folder and database, and nothing else of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVENLOAD_", "DJANGO_", "DATABASE_"))}
    ours = {"EVENLOAD_HOME": str(home), "EVENLOAD_SECRET_KEY": "of the benchmark only", "DATABASE_URL": database, "EVENLOAD_LANG": "en"}
    return {**kept, **ours, "EVENLOAD_PUBLISH_DIR": str(home / "drive")}
