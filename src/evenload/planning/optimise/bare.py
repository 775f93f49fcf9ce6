"""Small kernels without a count of references.

A record of arrays that is handed on has the references of each of its arrays counted, up and down, atomically: some hundred counts for a
row of two hundred pairs take longer than the pairs themselves. Whoever calls holds the arrays all the while, so within they need no count.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {"cache": True, "forceinline": True, "error_model": "numpy", "_nrt": False}


def bare(function: Kernel) -> Kernel:
    """Compiles a function that makes no array, returns none, and calls only such functions."""
    compiled: Kernel = njit(**OPTIONS)(function)
    return compiled
