"""Counting raw rows into roll-ups."""
