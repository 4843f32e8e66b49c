"""What a plain program does with the ``jira`` library: find the issues, then read one after the other."""

from jira import JIRA


def read_all(url: str, jql: str, *, email: str, token: str) -> int:
    """Read every issue that ``jql`` finds with its history; return how many. Without ``email`` a bearer token."""
    if email:
        client = JIRA(url, basic_auth=(email, token), timeout=30)
    else:
        client = JIRA(url, token_auth=token, timeout=30)
    count = 0
    for found in client.search_issues(jql, maxResults=False, fields="updated"):
        issue = client.issue(found.id, expand="changelog")
        assert issue.fields.comment.comments
        assert issue.changelog.histories
        count += 1
    return count
