"""Reads FollowTheMoney entities with its own library, in the environment of `install_followthemoney.sh`.

Prints the entities as the library cleans them, and a list of what it finds wrong, as one JSON object.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from followthemoney import model
from followthemoney.exc import InvalidData


def main(path: Path) -> None:
    """Validate the file."""
    problems = []
    proxies = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        try:
            model.get(data["schema"]).validate(data)
        except InvalidData as error:
            problems.append(f"{data['id']}: {error}")
        proxy = model.get_proxy(data)
        kept = proxy.to_dict()["properties"]
        if set(kept) != set(data["properties"]):
            lost = set(data["properties"]) ^ set(kept)
            problems.append(f"{data['id']}: {data['schema']} has no clean {', '.join(sorted(lost))}")
        proxies[proxy.id] = proxy
    for proxy in proxies.values():
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity" and not proxies[value].schema.is_a(prop.range.name):
                problems.append(
                    f"{proxy.id}: {prop.name} must be a {prop.range.name}, not {proxies[value].schema.name}"
                )
    entities = {key: {"schema": p.schema.name, **p.to_dict()["properties"]} for key, p in proxies.items()}
    print(json.dumps({"problems": problems, "entities": entities}, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
