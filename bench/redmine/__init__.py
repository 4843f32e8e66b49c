"""What is measured on a real Redmine, of the benches' own."""
