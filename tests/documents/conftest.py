"""The report of the example quarter, made once: as figures, as a document and as a file."""

from dataclasses import dataclass
from io import BytesIO

import docx
import pytest
from docx.document import Document as WordDocument

from docgen.content.service_report import build
from docgen.model import Document
from docgen.writer import write
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.report import customer_service_report
from svc_plugin.domain.texts import Texts
from svc_plugin.messages import load
from tests.documents.company import AFTER, FRONT, PERIOD, POLICY, REGISTERS
from tests.documents.quarter import issues


@dataclass(frozen=True)
class Made:
    """One report on its whole way, and read back by python-docx, which had no part in writing its tables."""

    texts: Texts
    report: ServiceReport
    document: Document
    data: bytes

    def read(self) -> WordDocument:
        return docx.Document(BytesIO(self.data))

    def table(self, caption: str) -> list[list[str]]:
        """The cell texts of all tables under a caption, header rows left out."""
        rows: list[list[str]] = []
        for table in self.read().tables:
            titles = table._tbl.tblPr.xpath("w:tblCaption/@w:val")
            if titles == [self.texts.say(f"doc.caption.{caption}")]:
                rows += [[cell.text for cell in row.cells] for row in table.rows[1:]]
        return rows


@pytest.fixture(scope="session")
def report() -> ServiceReport:
    return customer_service_report(issues(), REGISTERS, POLICY, product="erp", period=PERIOD, now=AFTER)


@pytest.fixture(scope="session", params=["zh", "en"])
def made(request: pytest.FixtureRequest, report: ServiceReport) -> Made:
    texts = load(request.param)
    document = build(report, REGISTERS, texts, FRONT)
    return Made(texts, report, document, write(document))
