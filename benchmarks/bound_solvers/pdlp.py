"""HiGHS's first-order solver, to a relative gap of 1e-4."""

from benchmarks.bound_solvers.same_arcs import run, solved_by_highs

OPTIONS = {"solver": "pdlp", "pdlp_optimality_tolerance": 1e-4, "kkt_tolerance": 1e-4}

if __name__ == "__main__":
    run("pdlp", lambda case, seconds: solved_by_highs(case, seconds, OPTIONS))
