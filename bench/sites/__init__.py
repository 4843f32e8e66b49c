"""A thousand sites on paper and by simulation: measured costs, the product's order of turns, no HTTP."""
