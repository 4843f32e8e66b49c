"""The approval of a plan: its words, and the tags that find its places again (M26, M48, M66, M68)."""

from docgen.model import Approval, Choice, Form, FormRow
from docgen.words import TEXT_CODE
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field

PREFIX = "approval."
DECISION, OPINION, SIGNATORY, TITLE, SIGNATURE, DAY = (
    f"{PREFIX}{name}" for name in ("decision", "opinion", "signatory", "title", "signature", "day")
)


def approval(texts: Texts) -> Approval:
    """Return the block that ends a plan, empty, in the language of ``texts``.

    The heading above it, 本计划的审批意见, belongs to the chapter.
    """

    def say(key: str) -> str:
        return texts.say(f"approval.{key}")

    decisions = FIELD_SPECS[Field.APPROVAL_DECISION].choices
    choices = tuple(Choice(value, texts.choice(Field.APPROVAL_DECISION, value)) for value in decisions)
    rows = (
        FormRow(say("decision"), say("decision.prompt"), DECISION, choices=choices),
        FormRow(say("opinion"), say("opinion.prompt"), OPINION, lines=6),
        FormRow(say("signatory"), say("signatory.prompt"), SIGNATORY),
        FormRow(say("title"), say("title.prompt"), TITLE),
        FormRow(say("signature"), "", SIGNATURE, lines=3),
        FormRow(say("day"), say("day.prompt"), DAY, day=True),
        FormRow(say("text_code"), property=TEXT_CODE),
    )
    return Approval(Form(rows, say("description")))
