"""Parts that several documents have in common."""
