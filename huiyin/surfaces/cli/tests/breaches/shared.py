"""What the planted statements have in common."""

OPEN = "status IN ('new', 'working', 'on_hold')"
ANY = "(SELECT MIN(id) FROM {} WHERE {})"
