"""Organisations with their needs and offers out of the house, in the format of the import."""
