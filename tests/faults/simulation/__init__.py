"""A year of work in seconds: engine, store and a site in memory, one clock, and faults drawn by a seed."""
