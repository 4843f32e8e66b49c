"""What a plain program does with the ``python-redmine`` library: find the issues, then read one after the other."""

from redminelib import Redmine


def read_all(url: str, key: str, project: str) -> int:
    """Read every issue of a project with its journals; return how many."""
    client = Redmine(url, key=key)
    count = 0
    for found in client.issue.filter(project_id=project, status_id="*", sort="updated_on:asc"):
        issue = client.issue.get(found.id, include=["journals"])
        assert list(issue.journals)
        count += 1
    return count
