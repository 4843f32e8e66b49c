"""The model of many sites gives out work as the product's own table does, claim by claim."""

from datetime import datetime, timedelta
from random import Random

import pytest

from bench.sites.turns import Row, Turns
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.pacing import Limits
from svc_plugin.engine.ports import Notice, WorkItem
from svc_plugin.store.database import Database
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.site_states import SqlSiteStates
from svc_plugin.store.tables import metadata
from svc_plugin.store.work import SqlWorkTable
from tests.builders import MONDAY

SITES, PROJECTS, ISSUES, AT_ONCE = ("east", "west"), 3, 60, 2
STORM = 100  # issues of three projects at once: long queues take turns otherwise than short ones
LEASE = timedelta(hours=1)


class Both:
    """The product's table and the model's, told the same."""

    def __init__(self) -> None:
        database = Database("sqlite://")
        with database.begin() as connection:
            metadata.create_all(connection)
        self.work, self.inbox = SqlWorkTable(database), SqlInbox(database)
        SqlSiteStates(database).limit(dict.fromkeys(SITES, Limits(at_once=AT_ONCE)))
        self.model = Turns(AT_ONCE)
        self.held: list[tuple[WorkItem, Row]] = []
        self.claims = 0

    def deliver(self, site: str, number: int, at: datetime) -> None:
        ref, project = IssueRef(site, str(number)), f"p{number % PROJECTS}"
        self.inbox.accept(Notice(ref, f"{at} {number}", b"{}", at, project=project))
        self.model.deliver((site, project), ref.key, at.timestamp())

    def take(self, at: datetime) -> None:
        item, row = self.work.take(now=at, lease=LEASE), self.model.take()
        assert (item and (item.ref.site, item.ref.key)) == (row and (row.place[0], row.key))
        if item and row:
            self.held.append((item, row))
            self.claims += 1

    def give_back(self, number: int, at: datetime) -> None:
        item, row = self.held.pop(number)
        self.work.done(item, now=at, again=None)
        self.model.done(row, at.timestamp())


@pytest.mark.parametrize("seed", range(3))
def test_the_model_of_many_sites_takes_turns_as_the_product_does(seed: int) -> None:
    random, both = Random(seed), Both()
    for second in range(150):
        at = MONDAY + timedelta(seconds=second)
        chance = random.random()
        if chance < 0.45:
            site, many = random.choice(SITES), STORM if random.random() < 0.1 else 1
            for number in random.sample(range(ISSUES * PROJECTS), many):
                both.deliver(site, number, at)
        elif chance < 0.8 or not both.held:
            both.take(at)
        else:
            both.give_back(random.randrange(len(both.held)), at)
    assert both.claims > 20
