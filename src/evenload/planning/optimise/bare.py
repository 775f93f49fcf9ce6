"""Small kernels without a count of references.

A record of arrays that is handed on has the references of each of its arrays counted, up and down, atomically: some hundred counts for a
row of two hundred pairs take longer than the pairs themselves. Whoever calls holds the arrays all the while, so within they need no count.
Only for functions that make no array and return none.
"""

from __future__ import annotations

from numba import njit

bare = njit(cache=True, forceinline=True, error_model="numpy", _nrt=False)
