"""Issued documents: written from the mirror, kept, compared, verified, packed."""
