"""Customer service and product maintenance inside Redmine or Jira."""

__version__ = "0.1.0"
