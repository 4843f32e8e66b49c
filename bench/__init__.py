"""Measures the product: ``python -m bench receiver|decide|docgen``. See README.md beside this file."""
