"""Drawn markets take their time on a busy machine: no deadline for one example."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("matching", deadline=None, max_examples=40)
settings.load_profile("matching")
