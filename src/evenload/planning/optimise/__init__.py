"""The only home of arrays, solvers and simulation: from a Case to a Plan with a proved bound."""

from evenload.planning.optimise import compiled as compiled  # first: it says when compiled code is another
from evenload.planning.optimise.limit import DEFAULT_LIMIT, Limit, Progress
from evenload.planning.optimise.protect import solve_protected
from evenload.planning.optimise.solve import solve

__all__ = ["DEFAULT_LIMIT", "Limit", "Progress", "solve", "solve_protected"]
