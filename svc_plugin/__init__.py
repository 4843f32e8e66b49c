"""Customer service and product maintenance inside Redmine."""

__version__ = "0.1.0"
