"""How many looks at issues one, two and four workers make."""
