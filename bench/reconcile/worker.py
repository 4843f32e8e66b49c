"""``python -m bench.reconcile.worker ISSUES``: a worker process whose site is in its own memory.

Its threads, its hints and its tables are those of ``svc-plugin worker``. Prints ``ready``; each line of its
standard input is a minute's tick: what is due is hinted at. Ends with its input.
"""

import os
import sys
from dataclasses import replace
from datetime import timedelta

from bench.samples import START, company
from svc_plugin.bootstrap import build, build_hints, utc_now
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.logs import configure_logs
from svc_plugin.sites.memory import MemorySite

THREADS = 2
_NOTES = 5
_HINTS = 100  # more than there are threads; who hears one works on while there is work


def site_of(issues: int) -> MemorySite:
    """Return a site with so many issues that want nothing, each with a few notes; all processes make the same."""
    moment = [START]
    site = MemorySite("main", lambda: moment[0])
    fields = {Field.CUSTOMER: "恒通机械有限公司", Field.TASK_KIND: "training"}
    for number in range(issues):
        moment[0] = START + timedelta(minutes=number)
        ref = site.create(IssueKind.SERVICE_TASK, "erp", f"培训 {number}", author="wang.fang", fields=fields)
        for note in range(_NOTES):
            site.person_does(ref, "wang.fang", note=f"已与客户约定时间，第 {note} 次。")
    return site


def main(issues: int) -> None:
    """Work until the input ends."""
    configure_logs(quiet=True)
    settings = replace(
        company(), database=os.environ["BENCH_DATABASE"], queue=os.environ["BENCH_QUEUE"], secret_key="k" * 48
    )
    services = build(settings, sites={"main": site_of(issues)})
    hints = build_hints(services)
    consumer = hints.consumer(THREADS)
    consumer.start()
    print("ready", flush=True)
    for _ in sys.stdin:
        hints.send_all(list(services.work.due(now=utc_now(), limit=_HINTS)))
    services.stopping.set()
    consumer.stop(graceful=True)
    services.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
