"""Comparing a Jira with what the process needs there: what can be made, and what a person has to click."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.texts import Texts
from svc_plugin.sites.errors import ForbiddenError, KeyRefusedError, NotThereError
from svc_plugin.sites.jira import hooks
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.marker import keeper_of, marker, path_of
from svc_plugin.sites.jira.reader import connect
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.jira.setup.fields import Fields
from svc_plugin.sites.jira.setup.screens import Screens
from svc_plugin.sites.jira.setup.steps import Ground, Item, Place, SetupPlan, Step, Wishes
from svc_plugin.sites.jira.wording import permissions, wording


class JiraSetup:
    """Plans the set-up of one Jira; ``settings`` hold an administrator's token, not that of our account."""

    def __init__(self, settings: JiraSettings, texts: Texts, wishes: Wishes) -> None:
        reader = connect(settings)
        self._ground = Ground(reader, settings, texts, wording(texts.language), wishes)
        self._client = reader.client

    def plan(self, progress: Callable[[int, int], None] = lambda _done, _of: None) -> SetupPlan:
        """Read what is there and return what is missing; nothing is changed.

        ``progress`` is told how many fields were looked at, and of how many. Raises ``TerminalError`` when
        the token is not an administrator's, and what ``svc_plugin.sites.errors`` lists.
        """
        info: Json = self._client.get("/serverInfo")
        if (info.get("deploymentType") == "Cloud") != self._ground.settings.cloud:
            raise TerminalError(self._ground.told("check.edition", found=info.get("deploymentType", "?")))
        try:
            mine = self._client.get("/mypermissions", permissions="ADMINISTER")["permissions"]
        except KeyRefusedError as error:
            raise TerminalError(self._ground.told("check.key", url=self._client.url, cause=error)) from error
        if not mine["ADMINISTER"]["havePermission"]:
            raise TerminalError(self._ground.say("no_admin"))
        return SetupPlan.of(self._items(info, progress))

    def _items(self, info: Json, progress: Callable[[int, int], None]) -> Iterator[Item]:
        places: list[Place] = []
        for one in self._places():
            if isinstance(one, Place):
                places.append(one)
            else:
                yield one
        shown = {one: self._create_screen(one) for one in places}
        self._ground.reader.directory.read_fields()
        fields, mapped = Fields(self._ground, shown), self._ground.reader.mapping.fields
        for number, (name, label) in enumerate(mapped.items(), start=1):
            yield from fields.items(name, label)
            progress(number, len(mapped))
        yield from Screens(self._ground, shown).items()
        yield from self._link_type()
        yield from self._hook(info)
        for project in dict.fromkeys(place.project for place in places):
            yield from self._marker(project)
        yield from self._always()

    def _places(self) -> Iterator[Place | str]:
        """Find the issue types of ours; what is missing of them is made by hand."""
        ground, reader = self._ground, self._ground.reader
        for product, project in reader.mapping.projects.items():
            try:
                types = reader.directory.types(project, fresh=True)
                number = str(self._client.get(f"/project/{project}")["id"])
            except (NotThereError, ForbiddenError):
                yield ground.told("no_project", product=product, project=project)
                continue
            for kind, mapped in reader.mapping.kinds.items():
                known = types.get(mapped.issue_type)
                if known is None:
                    yield ground.told("no_type", type=mapped.issue_type, project=project)
                    continue
                yield Place(project, number, kind, mapped.issue_type, known.id)
                for status in mapped.statuses.values():
                    if status not in known.statuses:
                        facts = {"status": status, "type": mapped.issue_type, "project": project}
                        yield ground.told("no_status", **facts)

    def _create_screen(self, place: Place) -> Mapping[str, Json]:
        """Return what the create screen shows; nothing to whom may not create issues there."""
        try:
            return self._ground.reader.directory.create_fields(place.project, place.type_id)
        except (NotThereError, ForbiddenError):
            return {}

    def _link_type(self) -> Iterator[Item]:
        name = self._ground.settings.link_type
        if name not in {row["name"] for row in self._client.get("/issueLinkType")["issueLinkTypes"]}:
            body = {
                "name": name,
                "outward": self._ground.written("link.outward"),
                "inward": self._ground.written("link.inward"),
            }
            made = partial(self._client.send, "POST", "/issueLinkType", body)
            yield Step(self._ground.say("link", name=name), made)

    def _hook(self, info: Json) -> Iterator[Item]:
        ground, settings = self._ground, self._ground.settings
        url = f"{settings.public_url}/hooks/{settings.name}"
        place, secret = hooks.place(info), ground.wishes.hook_secret
        try:
            found = hooks.ours_of(self._client.get(place), url)
        except (NotThereError, ForbiddenError):
            yield ground.told("check.webhook", path=url)  # not to be seen at this address
            return
        if found:
            for fault, facts in hooks.faults_of(found).items():
                yield ground.told(f"check.webhook.{fault}", path=url, missing=facts)
        elif settings.cloud and not url.startswith("https://"):
            yield ground.say("hook_https", url=url)
        elif not secret:
            yield ground.say("hook_secret", variable=f"SVC_SITE_{settings.name.upper()}_HOOK_SECRETS")
        else:
            body = hooks.registration(info, "svc-plugin", url, secret)
            said = ground.say("hook", url=url, events=len(hooks.EVENTS))
            yield Step(said, partial(self._register, place, url, body))

    def _register(self, place: str, url: str, body: Json) -> None:
        if hooks.ours_of(self._client.get(place), url) is None:
            self._client.send("POST", place, body)

    def _marker(self, project: str) -> Iterator[Item]:
        ground, ours = self._ground, self._ground.settings.public_url
        keeper = keeper_of(self._client, project)
        if keeper == ours:
            return
        if keeper and not ground.wishes.take_over:
            yield ground.say("kept", project=project, keeper=keeper)
            return
        body = marker(ground.settings)
        said = ground.say("marker", project=project, address=ours)
        yield Step(said, partial(self._client.send, "PUT", path_of(project), body))

    def _always(self) -> Iterator[str]:
        """Say what no administrator's token can do or see."""
        say, makes_versions = self._ground.say, self._ground.settings.makes_versions
        wanted = permissions(self._ground.texts.language, makes_versions=makes_versions)
        yield say("workflow")
        yield say("permissions", permissions=", ".join(wanted.values()))
