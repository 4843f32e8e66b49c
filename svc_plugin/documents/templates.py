"""The templates that a company brings: ``templates/<kind>.<language>.docx`` in the configuration folder."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from docgen.company.faults import Fault, RefusedTemplateError
from docgen.company.intake import examine, missing_means
from docgen.company.template import Template
from docgen.model import Document, Front
from svc_plugin.documents.library import KINDS, Content, document_of, track_of
from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.planning import work_plan
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.report import customer_service_report, product_maintenance_report
from svc_plugin.domain.texts import Texts

FOLDER = "templates"


class Templates:
    """Finds the template for a kind of document, and looks each over once before it is used.

    ``texts`` are by language; ``now`` dates the documents on which templates are tried.
    """

    def __init__(
        self,
        folder: Path,
        registers: Registers,
        policies: Policies | Policy,
        texts: Mapping[str, Texts],
        now: datetime,
    ) -> None:
        self._folder = folder / FOLDER
        self._registers, self._policies, self._texts, self._now = registers, policies, texts, now
        self._good: set[str] = set()

    def find(self, kind: str, language: str) -> Template | None:
        """Return the template for a kind of document in a language, None when there is none.

        Raises ``RefusedTemplateError`` with all its faults when it cannot be used.
        """
        path = self._folder / _file_name(kind, language)
        if not path.is_file():
            return None
        template = Template(path.name, path.read_bytes())
        if template.sha256 not in self._good:
            if faults := self.examine(template, kind, language):
                raise RefusedTemplateError(f"{FOLDER}/{path.name}", faults, self._texts[language])
            self._good.add(template.sha256)
        return template

    def examine(self, template: Template, kind: str, language: str) -> list[Fault]:
        """List what is wrong with a template for a kind of document in a language."""
        return examine(template.content, self.sample(kind, language))

    def faults(self) -> dict[str, list[Fault]]:
        """Look over everything in the folder; return what is wrong by file, [] for a good one."""
        found: dict[str, list[Fault]] = {}
        for path in self._files():
            kind, _, language = path.name.removesuffix(".docx").partition(".")
            if path.name in self._names():
                template = Template(path.name, path.read_bytes())
                found[f"{FOLDER}/{path.name}"] = self.examine(template, kind, language)
            else:
                wrong = Fault("file_name", values={"kinds": ", ".join(KINDS)})
                found[f"{FOLDER}/{path.name}"] = [wrong]
        return found

    def refuse_faulty(self, texts: Texts) -> None:
        """Raise ``ConfigError`` with the faults of all templates, in the language of ``texts``."""
        told = [
            texts.say("template.at", place=name, words=fault.told(texts))
            for name, faults in self.faults().items()
            for fault in faults
        ]
        if told:
            raise ConfigError(told)

    def refuse_useless(self, texts: Texts) -> None:
        """Raise ``ConfigError`` when there are templates and this machine cannot fill them at all."""
        missing = missing_means() if any(self._files()) else None
        if missing:
            raise ConfigError([missing.told(texts)])

    def sample(self, kind: str, language: str) -> Document:
        """Return a document of a kind about nothing: it has all the words that a template may use."""
        texts, now = self._texts[language], self._now
        product, year = next(iter(self._registers.products)), f"{now:%Y}"
        known = (), self._registers, self._policies
        found: Content
        if kind.endswith("_plan"):
            found = work_plan(*known, track=track_of(kind), product=product, period=year, now=now)
        elif kind == "service_report":
            found = customer_service_report(*known, product=product, period=year, now=now)
        else:
            found = product_maintenance_report(*known, product=product, period=year, now=now)
        return document_of(found, self._registers, texts, Front("0", "0", "", now.date(), ""))

    def _files(self) -> Iterator[Path]:
        if self._folder.is_dir():
            # Word keeps a file with ~ beside one that is open
            found = self._folder.glob("*.*")
            yield from sorted(path for path in found if not path.name.startswith(("~", ".")))

    def _names(self) -> set[str]:
        return {_file_name(kind, language) for kind in KINDS for language in self._texts}


def _file_name(kind: str, language: str) -> str:
    return f"{kind}.{language}.docx"
