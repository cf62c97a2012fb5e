"""Backups of the whole house: database and files in one archive, checked table by table, and the way back from it."""
