"""Everything Word: a document as data, what the four documents say, and how they are written as files."""
