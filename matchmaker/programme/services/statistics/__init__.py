"""Reading the roll-ups: what the statistics page and the exports show."""
