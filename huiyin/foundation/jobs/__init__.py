"""Background jobs: rows written in the caller's transaction, run after it by leased workers, at least once."""
