"""Which folders of the machine a candidate may read: the interpreter, its libraries, the system's programs. Only decides."""

import glob
import os
from dataclasses import dataclass, field

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives")
PACKAGES = ("lib/python3*/site-packages", "lib/python3*/dist-packages", "local/lib/python3*/site-packages",
            "local/lib/python3*/dist-packages")  # fmt: skip


@dataclass(frozen=True)
class Tree:
    shown: list[str]  # folders and files, read-only, at their own path
    links: dict[str, str] = field(default_factory=dict)  # path -> target
    masked: list[str] = field(default_factory=list)  # folders inside shown ones that appear empty


def plan_tree(prefix: str, base_prefix: str, executable: str, hide: list[str]) -> Tree:
    """`prefix` is the candidates' environment, `base_prefix` the Python under it, `hide` what must not show in any case."""
    real = [os.path.realpath(folder) for folder in (prefix, base_prefix)]
    wanted = [*(p for p in (*SYSTEM, *SYSTEM_FILES) if os.path.exists(p) and not os.path.islink(p)), *real]
    shown = without_nested(wanted)
    links = {p: os.readlink(p) for p in SYSTEM if os.path.islink(p)}
    links |= other_names([prefix, base_prefix], shown) | links_to(executable, shown)
    return Tree(shown, links, masked_folders(shown, real, hide))


def without_nested(paths: list[str]) -> list[str]:
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(inside(path, outer) for outer in kept):
            kept.append(path)
    return kept


def inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def other_names(folders: list[str], shown: list[str]) -> dict[str, str]:
    """A folder that is reached through a link keeps that name too."""
    return {folder: os.path.realpath(folder) for folder in folders
            if os.path.realpath(folder) != folder and not any(inside(folder, s) for s in shown)}  # fmt: skip


def links_to(executable: str, shown: list[str]) -> dict[str, str]:
    """The chain of links from the environment's python to the real one, as far as it leaves what is shown."""
    links: dict[str, str] = {}
    while os.path.islink(executable):
        target = os.path.normpath(os.path.join(os.path.dirname(executable), os.readlink(executable)))
        place = os.path.join(os.path.realpath(os.path.dirname(executable)), os.path.basename(executable))
        if not any(inside(place, s) for s in shown):
            links[executable] = target
        executable = target
    return links


def masked_folders(shown: list[str], real: list[str], hide: list[str]) -> list[str]:
    """Packages outside the candidates' environment may be the server itself, with its hidden checks."""
    environment, base = real
    packages = [p for root in {base, "/usr"} for pattern in PACKAGES for p in glob.glob(os.path.join(root, pattern))]
    found = {os.path.realpath(p) for p in (*packages, *hide) if os.path.isdir(p)}
    visible = (p for p in found if any(inside(p, s) for s in shown))
    return sorted(p for p in visible if not inside(p, environment) and not inside(environment, p))


def readable_parts(tree: Tree) -> list[str]:
    """The shown folders without the masked ones, for a rule that can only add: a folder with a masked one in it is told by its
    entries."""
    return [part for path in tree.shown for part in parts_of(path, tree.masked)]


def parts_of(path: str, masked: list[str]) -> list[str]:
    if path in masked:
        return []
    if not any(inside(hidden, path) for hidden in masked):
        return [path]
    entries = sorted(entry.path for entry in os.scandir(path) if not entry.is_symlink())
    return [part for entry in entries for part in parts_of(entry, masked)]
