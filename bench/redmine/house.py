"""A real Redmine of the benches' own, set up by the product for the example company."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.receiver.servers import ROOT
from svc_plugin.cli.init import write_config
from svc_plugin.demo.stage import BOT, api_key, demo_people
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.settings import Settings, load_settings
from tests.e2e.conftest import REAL, add_people, run

PRODUCT = "erp"
ACTS, MANY_ACTS = 6, 60  # of each issue, and of one in fifty
_OWN = {"SVC_REAL_PORT": "3181", "SVC_REAL_HOME": "/var/tmp/svc-plugin-bench-redmine"}


@dataclass(frozen=True, slots=True)
class House:
    """The company's configuration in ``config``, and the Redmine at ``url`` with its console command."""

    config: Path
    url: str
    admin_key: str
    console: str

    def settings(self, **variables: str) -> Settings:
        """Load the configuration."""
        return load_settings(self.config, variables, now=datetime.now(UTC))

    def fill(self, issues: int) -> None:
        """Leave exactly so many issues in Redmine, trainings that want nothing, each with its history."""
        mapping = self.settings().sites["main"].mapping
        task = mapping.kinds[IssueKind.SERVICE_TASK]
        fields = {Field.CUSTOMER: "恒通机械有限公司", Field.TASK_KIND: "training"}
        wanted = {
            "project": mapping.projects[PRODUCT],
            "tracker": task.issue_type,
            "status": mapping.status_of(IssueKind.SERVICE_TASK, Stage.OPEN),
            "people": ["wang.fang", BOT],
            "fields": {mapping.fields[name]: mapping.to_site(name, value) for name, value in fields.items()},
            "issues": issues,
            "acts": ACTS,
            "many": MANY_ACTS,
        }
        file = self.config.parent / "wanted.json"
        file.write_text(json.dumps(wanted), encoding="utf-8")
        found = self._console(Path(__file__).parent / "fill.rb", str(file))
        if found.strip() != str(issues):
            raise RuntimeError(f"Redmine holds {found} issues")

    def point_hooks_at(self, target: str) -> None:
        """Let Redmine tell ``target`` of every change; nobody when it is empty."""
        secret = self.settings().sites["main"].hook_secrets[0]
        self._console(REAL / "configure_hooks.rb", target, secret)

    def _console(self, script: Path, *arguments: str) -> str:
        copy = self.config.parent / script.name  # Redmine's own account reads it there
        copy.write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
        return run([*shlex.split(self.console), str(copy), *arguments])


@contextmanager
def house() -> Iterator[House]:
    """Start the Redmine, let the product set it up, add the company's people; stop it in the end."""
    given = _redmine("up")
    url, key, console = (given[f"SVC_TEST_REDMINE_{name}"] for name in ("URL", "ADMIN_KEY", "CONSOLE"))
    try:
        with TemporaryDirectory(prefix="svc-plugin-bench-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            config = folder / "config"
            write_config(config, api_key=api_key(BOT))
            main = config / "svc-plugin.yaml"
            text = main.read_text(encoding="utf-8")
            main.write_text(text.replace("http://127.0.0.1:8181", url), encoding="utf-8")
            made = House(config, url, key, console)
            ours = [sys.executable, "-m", "svc_plugin", "--config", str(config)]
            run([*ours, "setup", "redmine", "-o", str(folder / "setup"), "--run", console])
            site = made.settings().sites["main"]
            people = demo_people(made.settings().registers, site.mapping, site.language)
            add_people(people, folder, console)
            yield made
    finally:
        _redmine("down")


def _redmine(what: str) -> Mapping[str, str]:
    command = ["bash", str(ROOT / "tests" / "real" / "redmine.sh"), what]
    done = subprocess.run(command, env=os.environ | _OWN, stdout=subprocess.PIPE, text=True, check=True)
    lines = (line.partition("=") for line in done.stdout.splitlines())
    return {name: value.strip("'") for name, _, value in lines}
