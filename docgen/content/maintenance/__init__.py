"""The chapters of the product maintenance report."""
