"""The thinking room: capacity, demand, match, assignment. Pure: no database, no files, no clock, no language."""
