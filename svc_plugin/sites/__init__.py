"""Adapters: one configured Redmine or Jira behind the engine's four-method port."""
