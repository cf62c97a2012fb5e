"""What may go wrong with machines, done to real processes under load: `make faults`. On this machine only, and bounded."""
