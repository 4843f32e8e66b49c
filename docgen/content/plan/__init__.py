"""The chapters of both plans."""
