"""Reads Dockerfile, docker-compose.yml and .env.example as Docker does, without Docker."""

import json
import re
import shlex

import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
SECRETS = {"SECRET_KEY": "k" * 64, "POSTGRES_PASSWORD": "p" * 32}
VARIABLE = re.compile(r"\$(?:(\$)|\{([A-Z_]+)(?::([-?])([^}]*))?\})")


def filled_env(filled=None):
    """The variables of a copied .env.example in which only these were filled in."""
    text = (ROOT / ".env.example").read_text()
    for name, value in (SECRETS if filled is None else filled).items():
        text, times = re.subn(rf"^#{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        assert times == 1, name
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))


def read_compose(env=None):
    """docker-compose.yml with its variables filled in; LookupError where one is required and missing."""
    env = filled_env() if env is None else env

    def value_of(match):
        dollar, name, how, text = match.groups()
        if dollar or env.get(name):
            return dollar or env[name]
        if how == "?":
            raise LookupError(f"{name}: {text}")
        return text or ""

    def fill(node):
        if isinstance(node, dict):
            return {key: fill(value) for key, value in node.items()}
        if isinstance(node, list):
            return [fill(value) for value in node]
        return VARIABLE.sub(value_of, node) if isinstance(node, str) else node

    return fill(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def read_dockerfile():
    """The instructions as (word, rest), continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [tuple(line.split(None, 1)) for line in text.replace("\\\n", " ").splitlines() if line]


def last_stage():
    """What the image is made of: the instructions after the last FROM."""
    instructions = read_dockerfile()
    start = max(i for i, (word, _rest) in enumerate(instructions) if word == "FROM")
    return instructions[start + 1 :]


def image_environment():
    pairs = [pair for word, rest in read_dockerfile() if word == "ENV" for pair in shlex.split(rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def image_command(word):
    """The words of CMD or HEALTHCHECK."""
    rest = dict(last_stage())[word]
    return json.loads(rest[rest.index("[") :])


def built_here(service):
    return "build" in service


def command(service):
    return service.get("command") or image_command("CMD")


def health_check(service):
    """The command that tells whether the service is well; None where nothing asks."""
    check = service.get("healthcheck") or {}
    if check.get("disable"):
        return None
    if "test" not in check:
        return image_command("HEALTHCHECK") if built_here(service) else None
    how, *words = check["test"]
    return ["sh", "-c", *words] if how == "CMD-SHELL" else words
