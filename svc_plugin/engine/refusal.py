"""Names each thing that a site answered with success and did not do."""

from collections.abc import Sequence

from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Assign, Attach, EnsureIssue, PutComment, SetField, SetStage, Watch
from svc_plugin.engine.ports import Write

_WHAT: dict[type[Write], str] = {
    Watch: "refused.what.watch",
    PutComment: "refused.what.comment",
    EnsureIssue: "refused.what.issue",
    Attach: "refused.what.file",
}


def refusal_text(seen: Snapshot, unmet: Sequence[Write]) -> str:
    """Return one sentence for each write that did not take effect, in the site's language."""
    return "\n".join(_sentence(seen, write) for write in unmet)


def _sentence(seen: Snapshot, write: Write) -> str:
    issue, texts = seen.issue, seen.texts
    match write:
        case SetStage(stage):
            return texts.say("refused.stage", before=texts.stage(issue.stage), wanted=texts.stage(stage))
        case SetField(name, value):
            before, field = texts.choice(name, issue.value(name)), texts.field(name)
            return texts.say("refused.field", field=field, wanted=texts.choice(name, value), before=before)
        case Assign(account):
            before = seen.registers.name_of(issue.assignee) or texts.say("none")
            return texts.say("refused.assign", wanted=seen.registers.name_of(account), before=before)
        case Watch() | PutComment() | EnsureIssue() | Attach():
            return texts.say("refused.other", what=texts.say(_WHAT[type(write)]))
