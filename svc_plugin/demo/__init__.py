"""One whole story through the house, to be watched or to be tested."""
