"""Evenload: capacity planning and caseload assignment for therapy services."""

__version__ = "0.1.0"
