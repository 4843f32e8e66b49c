"""What a mirror of many issues costs: memory of each process, and a report of one product and quarter."""
