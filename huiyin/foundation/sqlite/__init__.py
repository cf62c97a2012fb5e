"""Django's SQLite backend on the SQLite that we ship, with the settings that keep an acknowledged write."""
