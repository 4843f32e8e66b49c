"""Hands out issued documents to whoever holds a signed link that has not expired."""

from flask import Blueprint, Response, make_response

from svc_plugin.links import LinkExpiredError, Links
from svc_plugin.store.documents import DocumentStore

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_OURS = (
    "此链接无效。请从问题单上重新打开。\nThis link is not valid. Please open it from the issue again.\n"
)
_EXPIRED = (
    "此链接已过期。请下载问题单上的附件。\n"
    "This link has expired. Please download the file attached to the issue.\n"
)
_GONE = "没有这份文档。\nThere is no such document.\n"


def create_downloads(documents: DocumentStore, links: Links) -> Blueprint:
    """Build ``/documents/<token>``."""
    downloads = Blueprint("downloads", __name__)

    @downloads.get("/documents/<token>")
    def download(token: str) -> Response:
        """Send the file as it was issued, byte for byte."""
        try:
            key = links.read(token)
        except LinkExpiredError:
            return _refusal(_EXPIRED, 410)
        if key is None:
            return _refusal(_NOT_OURS, 404)
        document = documents.get(key.document_id, key.version, key.language)
        if document is None:
            return _refusal(_GONE, 404)
        response = make_response(document.content)
        response.headers.set("Content-Disposition", "attachment", filename=document.file_name)
        response.headers["Content-Type"] = _WORD
        response.headers["ETag"] = f'"{document.file_sha256}"'
        return response

    return downloads


def _refusal(text: str, status: int) -> Response:
    response = make_response(text, status)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    return response
