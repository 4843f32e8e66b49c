"""Customer service and product maintenance inside Redmine or Jira."""
