"""Locks that reach across processes and machines, on PostgreSQL; on SQLite there is one machine, and its writers wait for each other."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def one_at_a_time(connection: BaseDatabaseWrapper, name: str) -> Iterator[None]:
    """Waits until nobody else holds the lock of that name, and holds it; it falls when the connection does."""
    if connection.vendor != "postgresql":
        yield
        return
    key = zlib.crc32(f"evenload:{name}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # this one is worth any wait: another node brings the tables up
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
