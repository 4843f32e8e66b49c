"""What was issued before the register knew more of it is still there afterwards."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import svc_plugin.store
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore

_ELDER = {
    "document_id": "CSR-erp-2026-Q3",
    "version": 1,
    "language": "zh",
    "kind": "service_report",
    "product": "erp",
    "period": "2026-Q3",
    "created_at": 1.0,
    "title": "客户服务报告",
    "file_sha256": "f",
    "content_sha256": "c",
    "data_sha256": "d",
    "content": b"PK\0\xff",
    "data": "{}",
}


def test_a_document_of_before_keeps_its_bytes_and_is_a_draft(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/elder.db"
    config = Config()
    config.set_main_option("script_location", f"{svc_plugin.store.__path__[0]}/migrations")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        names = ", ".join(_ELDER)
        values = ", ".join(f":{name}" for name in _ELDER)
        connection.execute(sa.text(f"INSERT INTO documents ({names}) VALUES ({values})"), _ELDER)
    engine.dispose()
    database = Database(url)
    database.migrate()
    store = DocumentStore(database)
    elder = store.get("CSR-erp-2026-Q3", 1, "zh")
    assert elder is not None
    assert (elder.content, elder.status, elder.text_sha256) == (b"PK\0\xff", "draft", "")
    assert store.files(elder) == []
    database.close()
