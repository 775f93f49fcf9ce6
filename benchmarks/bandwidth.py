"""How fast this machine reads memory: a compiled sum over an array that no cache holds, with one thread and with all."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
USUAL_CACHE = 32 * 2**20
"""Bytes of the largest cache where the system does not say."""

MEGABYTES = 512
ROUNDS = 5


@njit(fastmath=True, nogil=True)
def _sum(numbers: Any) -> float:
    total = 0.0
    for number in numbers:
        total += number
    return total


def read_gigabytes_per_second(threads: int, *, megabytes: int = MEGABYTES) -> float:
    """The best of some rounds: 10^9 bytes per second, read in order, by so many threads each on its own piece."""
    numbers = np.ones(megabytes * 2**20 // 8)
    pieces = np.array_split(numbers, threads)
    _sum(numbers[:8])
    spent = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            total = sum(pool.map(_sum, pieces))
            spent.append(time.perf_counter() - began)
            if total != len(numbers):
                raise SystemExit(f"the sum of {len(numbers)} ones is {total}")
    return numbers.nbytes / min(spent) / 1e9


def cache_bytes() -> int:
    """Size of the largest cache: what fits into it does not come from memory."""
    sizes = [file.read_text().strip() for file in CACHES.glob("index*/size")]
    units = {"K": 2**10, "M": 2**20}
    return max((int(size[:-1]) * units[size[-1]] for size in sizes if size[-1:] in units), default=USUAL_CACHE)
