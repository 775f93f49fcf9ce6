"""Solvers of one synthetic program, each run in a process of its own and printing one line of JSON."""
