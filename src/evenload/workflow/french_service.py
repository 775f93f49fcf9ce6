"""Service in French: asked for, offered, served, how long it was waited for, and where it broke."""

from __future__ import annotations

from evenload.workflow.sole_french import FrenchLoss, would_lose

__all__ = ["FrenchLoss", "would_lose"]
