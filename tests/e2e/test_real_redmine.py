"""A person changes an issue in a real Redmine; the workflow answers on it; a Word document comes out."""

import io
import re
import statistics
import sys
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
import requests
from docx import Document

from docgen.readback.model import TextState
from svc_plugin.bootstrap import Services, build, utc_now
from svc_plugin.demo.story import Story, download, quarter_of
from svc_plugin.documents.library import KINDS, wanted_document
from svc_plugin.documents.verification import verify
from svc_plugin.messages import LANGUAGES, load
from svc_plugin.settings import load_settings

pytestmark = [pytest.mark.real_redmine, pytest.mark.clause("M05")]
MARKER = re.compile(r"〔svc:(\w+)〕")
TEXTS = load("zh")
OWN = {"来源标识", "校验码"}  # they hold the numbers of issues, and a sum over numbers and times


def tell(capsys, line: str) -> None:
    with capsys.disabled():
        sys.stdout.write(line + "\n")


def end_state(house, issues: dict[str, int]) -> dict[str, object]:
    """What a person sees at the end, without numbers and times."""
    state = {}
    for name, number in issues.items():
        issue = house.people["wang.fang"].read(number)
        notes = [journal["notes"] for journal in issue["journals"] if journal.get("notes")]
        markers = Counter(found for note in notes for found in MARKER.findall(note))
        assert max(markers.values(), default=1) == 1, f"doubled comments on #{number}: {markers}"
        fields = {f["name"]: f.get("value") for f in issue["custom_fields"] if f["name"] not in OWN}
        state[name] = (
            issue["tracker"]["name"],
            issue["status"]["name"],
            "assigned_to" in issue,  # who it is goes in turn by the issue's number
            fields,
            sorted(markers),
            len(issue.get("relations", [])),
            len(issue["attachments"]),
        )
    return state


def write_documents(services: Services, folder: Path) -> list[Path]:
    """Write the four documents of the story's quarter in both languages, each verified as it was issued."""
    paths = []
    for kind, language in product(KINDS, LANGUAGES):
        wanted = wanted_document(kind, "erp", quarter_of(utc_now().date()))
        stored = services.library.create(wanted, language=language, now=utc_now())
        verified = verify(stored.content, services.library, services.register)
        assert verified.text is TextState.ISSUED
        assert not verified.drifted, f"{kind} {language}: {verified}"
        path = folder / f"{kind}-{language}.docx"
        path.write_bytes(stored.content)
        paths.append(path)
    return paths


def test_the_story_by_webhook_and_by_sweep_alone_ends_in_the_same_state(real_house, served, capsys, tmp_path):
    today = utc_now().date()
    real_house.point_hooks_at(f"{served}/hooks/main")
    story = Story(real_house.people, TEXTS, lambda line: tell(capsys, line), today=today)
    link = story.play()
    seconds = [answer.seconds for answer in story.answers]
    tell(
        capsys,
        f"act to answer on a real Redmine: p50 {statistics.median(seconds):.2f} s, max {max(seconds):.2f} s",
    )
    content = download(link)
    text = "\n".join(
        cell.text
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
        for cell in row.cells
    )
    assert f"{story.issues['request']}" in text
    assert "发布补丁 5.2.1" in text
    assert requests.get(link[:-3] + "xyz", timeout=10).status_code == 404

    real_house.point_hooks_at("")
    settings = load_settings(
        real_house.config, {"SVC_DATABASE_URL": f"sqlite:///{tmp_path}/sweep.db"}, now=utc_now()
    )
    services = build(settings)
    site = services.sites["main"]

    def sweep() -> None:
        services.sweeper.sweep(site)
        services.worker.drain()

    swept = Story(real_house.people, TEXTS, lambda _: None, today=today, wait=60, nudge=sweep)
    swept.play()
    try:
        assert services.cursors.unreported("main") > 0
        assert end_state(real_house, swept.issues) == end_state(real_house, story.issues)
        documents = write_documents(services, tmp_path)
        assert len(documents) == len(KINDS) * len(LANGUAGES)
        tell(capsys, f"documents from a real Redmine: {tmp_path}")
    finally:
        services.close()
