from pathlib import Path

import pytest

from sandbox.inside.confinement.tree import Tree, inside, plan_tree, readable_parts, without_nested


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A Python in a folder of its own, an environment made from it, and a server's data beside them."""
    for folder in ("python/bin", "python/lib/python3.11/site-packages/server", "environment/bin", "data"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "python" / "bin" / "python3.11").touch()
    (tmp_path / "environment" / "bin" / "python").symlink_to(tmp_path / "python" / "bin" / "python3.11")
    return tmp_path.resolve()


def planned(machine: Path, environment: str = "environment", base: str = "python", hide: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    executable = machine / environment / "bin" / "python"
    return plan_tree(str(machine / environment), str(machine / base), str(executable), [str(machine / name) for name in hide])


def test_the_environment_and_its_python_are_shown_and_nothing_beside_them(machine: Path) -> None:
    shown = [Path(path) for path in planned(machine).shown]
    assert machine / "environment" in shown
    assert machine / "python" in shown
    assert not any(machine / "data" == path or path in (machine / "data").parents for path in shown)


def test_packages_of_the_python_below_are_masked(machine: Path) -> None:
    assert str(machine / "python/lib/python3.11/site-packages") in planned(machine).masked


def test_a_folder_to_hide_is_masked_where_it_would_show(machine: Path) -> None:
    (machine / "python" / "share").mkdir()
    assert str(machine / "python/share") in planned(machine, hide=("python/share", "data")).masked
    assert str(machine / "data") not in planned(machine, hide=("data",)).masked


def test_what_holds_the_environment_is_never_masked(machine: Path) -> None:
    inner = machine / "python" / "lib" / "python3.11" / "site-packages" / "environment"
    (inner / "bin").mkdir(parents=True)
    (inner / "bin" / "python").symlink_to(machine / "python" / "bin" / "python3.11")
    tree = planned(machine, environment=str(inner.relative_to(machine)))
    assert not any(inside(str(inner), masked) for masked in tree.masked)


def test_names_that_are_links_keep_working(machine: Path) -> None:
    (machine / "latest").symlink_to(machine / "python")
    (machine / "environment" / "bin" / "python").unlink()
    (machine / "environment" / "bin" / "python").symlink_to(machine / "latest" / "bin" / "python3.11")
    tree = planned(machine, base="latest")
    assert tree.links[str(machine / "latest")] == str(machine / "python")
    assert str(machine / "python") in tree.shown


def test_a_folder_inside_a_shown_one_is_shown_with_it() -> None:
    assert without_nested(["/usr/lib/x", "/usr", "/usrlocal"]) == ["/usr", "/usrlocal"]


def test_inside_compares_whole_names() -> None:
    assert inside("/usr/lib", "/usr")
    assert inside("/usr", "/usr")
    assert not inside("/usrlocal", "/usr")


def test_an_environment_that_is_reached_through_a_link_needs_no_link_inside_it(machine: Path) -> None:
    (machine / "current").symlink_to(machine / "environment")
    tree = planned(machine, environment="current")
    assert tree.links[str(machine / "current")] == str(machine / "environment")
    assert not any(inside(link, str(machine / "current")) for link in tree.links if link != str(machine / "current"))


def test_what_is_readable_leaves_out_what_is_masked(machine: Path) -> None:
    tree = Tree([str(machine / "python")], masked=[str(machine / "python/lib/python3.11/site-packages")])
    (machine / "python/lib/python3.11/os.py").touch()
    assert readable_parts(tree) == [str(machine / "python/bin"), str(machine / "python/lib/python3.11/os.py")]
