"""HiGHS's simplex."""

from benchmarks.bound_solvers.same_arcs import run, solved_by_highs

if __name__ == "__main__":
    run("simplex", lambda case, seconds: solved_by_highs(case, seconds, {"solver": "simplex"}))
