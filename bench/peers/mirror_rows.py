"""The least that a report takes: read a span's snapshots of a product out of the database, parse their JSON.

``python -m bench.peers.mirror_rows DATABASE PRODUCT SINCE UNTIL`` (seconds since 1970); prints how many.
"""

import json
import sys

import psycopg
import sqlalchemy as sa

_WANTED = "SELECT issue FROM mirror WHERE product = %s AND updated_at >= %s AND updated_at < %s"


def main(database: str, product: str, since: float, until: float) -> None:
    """Read and parse them."""
    url = sa.make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        rows = connection.execute(_WANTED, (product, since, until)).fetchall()
    print(sum(1 for (text,) in rows if json.loads(text)["ref"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
