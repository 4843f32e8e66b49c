"""Company templates: a Word file in a company's own dress, filled with our content without trusting it."""
