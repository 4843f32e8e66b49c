"""``svc-plugin clauses``: which clause of the process is kept by which rule, and how it acts here."""

import click

from svc_plugin.cli.base import Shell, json_option, print_json
from svc_plugin.domain.clauses import CLAUSES, Keeping
from svc_plugin.domain.rules import RULES
from svc_plugin.messages import load

_ACTING = {Keeping.ENFORCED, Keeping.WARNED}


@click.command()
@json_option
@click.pass_obj
def clauses(shell: Shell, *, as_json: bool) -> None:
    """列出流程条款 M01–M76 由哪条规则执行、当前方式。

    List the clauses of the process, the rule that keeps each, and its mode under the policy in force.

    \b
    Example: svc-plugin clauses
    """
    settings = shell.settings()
    texts = load(settings.language)
    rules = {clause: rule.id for rule in RULES for clause in rule.clauses}
    rows = [
        {
            "clause": name,
            "words": clause.words,
            "keeping": "".join(clause.keeping),
            "rule": rules.get(name, ""),
            "mode": str(settings.policy.mode(rules[name])) if name in rules else "",
        }
        for name, clause in CLAUSES.items()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        shown = f"{row['rule']} {texts.say('mode.' + row['mode'])}" if row["rule"] else "-"
        click.echo(f"{row['clause']}  {row['keeping']:<4} {shown:<10} {row['words']}")
    acting = [name for name, clause in CLAUSES.items() if _ACTING & set(clause.keeping)]
    kept = [name for name in acting if name in rules]
    click.echo(texts.say("cli.clauses", kept=len(kept), acting=len(acting)))
