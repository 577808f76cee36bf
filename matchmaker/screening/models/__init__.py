"""Tables of the screening room."""
