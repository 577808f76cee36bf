"""Code lists as dated data files with labels, parents and validity, and typed look-ups."""
