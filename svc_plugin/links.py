"""Signed links that expire: until people sign in, the only way to a document over HTTP."""

from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

_SALT = "svc-plugin document link"


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """One issued version of a document in one language."""

    document_id: str
    version: int
    language: str


class LinkExpiredError(Exception):
    """The link was ours but is too old."""


class Links:
    """Makes and reads links under ``base_url``; they are valid for ``age``.

    Raises ``ValueError`` for an empty secret: anybody could sign with it.
    """

    def __init__(self, secret: str, base_url: str, age: timedelta) -> None:
        if not secret:
            raise ValueError("SVC_SECRET_KEY is empty; `svc-plugin init` writes one into secrets.env")
        self._signer = URLSafeTimedSerializer(secret, salt=_SALT)
        self._base_url = base_url
        self.age = age

    def to_document(self, key: DocumentKey) -> str:
        """Return a download address that works until its age is over."""
        token = self._signer.dumps([key.document_id, key.version, key.language])
        return f"{self._base_url}/documents/{token}"

    def read(self, token: str) -> DocumentKey | None:
        """Return what a token stands for; None when we did not sign it. Raises ``LinkExpiredError``."""
        try:
            document_id, version, language = self._signer.loads(token, max_age=int(self.age.total_seconds()))
        except SignatureExpired as error:
            raise LinkExpiredError from error
        except BadSignature:
            return None
        return DocumentKey(document_id, version, language)
