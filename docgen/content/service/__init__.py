"""The chapters of the customer service report (section 6.2 of the process design)."""
