"""Organisations with their needs and offers, in from files and out again."""
