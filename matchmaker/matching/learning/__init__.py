"""Learning: what outcomes say about weights and scales, always as of each outcome's own date."""
