"""From the words of a scenario to those of the process: people, products, kinds, stages, fields, choices."""

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from svc_plugin.domain.registers import Person, Registers
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind, Stage
from svc_plugin.settings import Settings, load_settings
from svc_plugin.sites.mapping import SiteMapping
from tests.builders import CONFIG, NOW

YES_NO = {"是": "yes", "否": "no", "yes": "yes", "no": "no"}
STATES = {
    "未满足": "open",
    "已满足": "satisfied",
    "已例外": "waived",
    "无": "none",
    "open": "open",
    "satisfied": "satisfied",
    "waived": "waived",
    "none": "none",
}
_OR = re.compile(r"或| or ")


@cache
def company(language: str, policy: str = "standard") -> Settings:
    """The example company as it ships, on a site that speaks ``language``, under one of its policies."""
    with TemporaryDirectory() as folder:
        config = Path(folder) / "config"
        shutil.copytree(CONFIG, config)
        main = config / "svc-plugin.yaml"
        text = main.read_text(encoding="utf-8")
        for old, new in (("language: zh", language), ("mapping: zh", language), ("policy: standard", policy)):
            text = text.replace(old, f"{old.partition(':')[0]}: {new}")
        main.write_text(text, encoding="utf-8")
        return load_settings(config, {}, now=NOW)


@dataclass(frozen=True)
class Words:
    """What a scenario calls things. English names come from the registers' keys: Wang Fang, Hengtong, ERP."""

    language: str
    registers: Registers
    mapping: SiteMapping

    def person(self, name: str) -> str:
        return {self._called(one): one.account for one in self.registers.people.values()}[name]

    def _called(self, person: Person) -> str:
        return person.name if self.language == "zh" else person.account.replace(".", " ").title()

    def people(self, names: str) -> set[str]:
        """``王芳或吴霞``, ``Wang Fang or Wu Xia``."""
        return {self.person(name) for name in _OR.split(names)}

    def product(self, name: str) -> str:
        return next(key for key, one in self.registers.products.items() if name in {one.name, key.upper()})

    def customer(self, name: str) -> str:
        """Return the full name; a name that the register does not know stays as it is."""
        known = self.registers.customers
        return known[name.lower()].name if name.lower() in known else name

    def kind(self, label: str) -> IssueKind:
        found = self.mapping.kind_of(label)
        assert found, f"no kind of issue is called {label}"
        return found

    def stage(self, kind: IssueKind, label: str) -> Stage:
        found = self.mapping.stage_of(kind, label)
        assert found, f"no stage of {kind} is called {label}"
        return found

    def field(self, label: str) -> Field:
        return next(name for name, known in self.mapping.fields.items() if known == label)

    def value(self, name: Field, text: str) -> str:
        spec = FIELD_SPECS[name]
        if not text:
            return ""
        if spec.type is FieldType.CHOICE:
            value = self.mapping.from_site(name, text)
            assert value in spec.choices, f"{name} has no choice {text}"
            return value
        if spec.type is FieldType.YES_NO:
            return YES_NO[text]
        if spec.type is FieldType.PERSON:
            return self.person(text)
        return self.customer(text) if name is Field.CUSTOMER else text

    def written(self, text: str) -> str:
        """Return a name as the product writes it in comments; any other text as it is."""
        people = (one.name for one in self.registers.people.values() if self._called(one) == text)
        return next(people, self.customer(text))

    def fields(self, table: list[list[str]]) -> dict[Field, str]:
        """Rows of label and value."""
        named = ((self.field(label), text) for label, text in table)
        return {name: self.value(name, text) for name, text in named}
