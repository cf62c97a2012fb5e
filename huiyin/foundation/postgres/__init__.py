"""What a database server needs besides Django: migrations that do not stand in anybody's way, limits on waiting."""
