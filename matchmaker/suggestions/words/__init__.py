"""Codes with facts turned into sentences of the reader's language."""
