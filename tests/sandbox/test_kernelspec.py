"""Stock Jupyter clients run notebooks in the sandbox by the kernel's name alone."""

import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

from sandbox.environments import candidate_python
from sandbox.kernelspec import kernel_name, register

NOTEBOOK = Path(__file__).parent / "thirty_cells.ipy"


@pytest.fixture(autouse=True)
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    return register("base", candidate_python(), prefix=tmp_path)


def cells() -> list[str]:
    """The parts of the file between its marks."""
    return [part.strip() for part in NOTEBOOK.read_text().split("# %%\n")[1:]]


def test_each_environment_is_a_kernel() -> None:
    assert (kernel_name("base"), kernel_name("torch")) == ("touchstone", "touchstone-torch")
    found = KernelSpecManager().get_kernel_spec("touchstone")
    assert found.display_name == "Touchstone sandbox"
    assert found.metadata["kernel_provisioner"]["config"]["python"] == str(candidate_python())


def test_stock_nbclient_executes_a_data_science_notebook_of_thirty_cells() -> None:
    sources = cells()
    assert len(sources) == 30
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    ran = NotebookClient(notebook, kernel_name="touchstone", timeout=60).execute()
    assert [cell.execution_count for cell in ran.cells] == list(range(1, 31))
    assert not [output for cell in ran.cells for output in cell.outputs if output.output_type == "error"]
    kinds = {kind for cell in ran.cells for output in cell.outputs for kind in output.get("data", {})}
    assert {"text/plain", "text/html", "image/png"} <= kinds
    assert "walls" in ran.cells[-1].outputs[0].text


def test_the_kernel_is_registered_beside_the_clients_by_default() -> None:
    assert register("base", candidate_python()) == "touchstone"
    assert (Path(sys.prefix) / "share" / "jupyter" / "kernels" / "touchstone" / "kernel.json").is_file()
