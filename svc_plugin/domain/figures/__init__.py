"""The figures of the documents, computed from issues: pure, and each with the issues it was counted from."""
