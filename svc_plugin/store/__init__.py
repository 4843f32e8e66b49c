"""What is kept beside the sites: deliveries, work, mirror, ledger, documents. SQLite or PostgreSQL by URL."""
