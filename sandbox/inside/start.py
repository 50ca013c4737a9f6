"""Entry of the zygote: `python -P -s -B <this file> <number of the control socket>`.

Loads the folder around it as package `inside`, so that no folder of ours has to be on the candidates' `sys.path`."""

import importlib
import importlib.util
import sys
from pathlib import Path


def load_package(name: str, folder: Path) -> None:
    spec = importlib.util.spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=[str(folder)])
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    load_package("inside", Path(__file__).parent)
    importlib.import_module("inside.zygote").main(int(sys.argv[1]))
