"""Keeps HiGHS' own package out of a process that OR-Tools is in: the two cannot be loaded together (google/or-tools issue 5246).

What draws the programs imports the engine, and the engine its solver, which is never called there.
"""

from __future__ import annotations

import sys
from types import ModuleType

sys.modules["highspy"] = ModuleType("highspy")
