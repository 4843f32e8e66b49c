"""What the documents say: figures and registers in, a document as data out."""
