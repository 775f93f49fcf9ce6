"""Dice for kernels: one xorshift stream per tile, so that results do not depend on threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

Dice = NDArray[np.uint64]


@njit(cache=True)
def dice_of(seed: int, stream: int) -> Dice:
    """A stream of its own for every (seed, stream)."""
    dice = np.empty(1, np.uint64)
    dice[0] = uint64(seed) * uint64(0x9E3779B97F4A7C15) + uint64(stream) * uint64(0xD1B54A32D192ED03) + uint64(0x2545F4914F6CDD1D)
    if dice[0] == uint64(0):
        dice[0] = uint64(0x9E3779B97F4A7C15)
    for _ in range(8):
        _next(dice)
    return dice


@njit(cache=True, forceinline=True)
def _next(dice: Dice) -> np.uint64:
    word = dice[0]
    word ^= word << uint64(13)
    word ^= word >> uint64(7)
    word ^= word << uint64(17)
    dice[0] = word
    return word


@njit(cache=True, forceinline=True)
def below(dice: Dice, count: int) -> Any:
    """A number from 0 to count − 1; count < 2^31."""
    return np.int64(((_next(dice) >> uint64(32)) * uint64(count)) >> uint64(32))


@njit(cache=True, forceinline=True)
def share(dice: Dice) -> Any:
    """A number from 0 to just under 1."""
    return (_next(dice) >> uint64(11)) * (1.0 / 9007199254740992.0)
