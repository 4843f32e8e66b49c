"""Pages as people use them, on the stand-in for Redmine."""
