"""Benchmarks: the engine against its goals and its peers. See README.md for how to read them."""
