"""Forms of the organisations room, a file a noun."""
