"""Solvers of the linear program of a synthetic program, each run in a process of its own and printing one line of JSON."""
