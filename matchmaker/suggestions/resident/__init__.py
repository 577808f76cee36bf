"""The index each worker keeps in memory, in step with the database."""
