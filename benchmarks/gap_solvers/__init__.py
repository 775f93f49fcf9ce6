"""Solvers of the generalised assignment problem, each run in a process of its own: `python -m benchmarks.gap_solvers.highs FILE`."""
