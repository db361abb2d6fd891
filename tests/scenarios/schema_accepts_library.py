"""The JSON Schema takes every scenario that comes with metertwin, and refuses a misspelt key, a wrong unit and a missing one."""
import copy
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"SKIPPED: {missing.name} not found (apt: python3-jsonschema, python3-yaml)")
    sys.exit(77)


class EditorsYaml(yaml.SafeLoader):
    """YAML 1.2 as editors read it: an unquoted instant stays text."""


EditorsYaml.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

folder = pathlib.Path(sys.argv[1])
schema = json.loads((folder / "scenario.schema.json").read_text(encoding="utf-8"))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
scenarios = {file: yaml.load(file.read_text(encoding="utf-8"), EditorsYaml) for file in sorted(folder.glob("*/scenario.yaml"))}
assert len(scenarios) >= 3, "no scenarios found"
for file, scenario in scenarios.items():
    errors = [f"{file}: {'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(scenario)]
    assert not errors, "\n".join(errors)


def refused(change):
    scenario = copy.deepcopy(scenarios[folder / "first-day" / "scenario.yaml"])
    change(scenario)
    return not validator.is_valid(scenario)


assert refused(lambda s: s.update(latss="1d"))
assert refused(lambda s: s.update(lasts="15 kWh"))
assert refused(lambda s: s.update(lasts=15))
assert refused(lambda s: s.pop("starts"))
assert refused(lambda s: s["areas"][0]["meters"][0].update(count=0))
assert refused(lambda s: s["areas"][0]["meters"][0].update(payment="prepaid"))
assert refused(lambda s: s["tariffs"][0]["periods"][0].update(prices=["-0.5 CNY/kWh"]))
print(f"{len(scenarios)} scenarios fit the schema; seven bad ones do not")
