"""How units, names and phones are written and spoken, and what a sheet of homes must look like. No database."""
