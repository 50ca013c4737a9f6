import json
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SPECIFICATION = {
    "argv": ["touchstone"], "display_name": "Sandboxed", "language": "python",
    "metadata": {"kernel_provisioner": {"provisioner_name": "touchstone"}},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _specification(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kernels" / "sandboxed"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(SPECIFICATION))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))


def run(*sources: str) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    return NotebookClient(notebook, kernel_name="sandboxed", timeout=30).execute()


def test_stock_nbclient_runs_a_notebook_in_the_sandbox() -> None:
    ran = run("print('hi')", "import os; os.getcwd()", "open('/etc/passwd').read()[:9]")
    assert ran.cells[0].outputs[0].text == "hi\n"
    assert ran.cells[1].outputs[0].data["text/plain"] == "'/home/k'"
    assert ran.cells[2].outputs[0].data["text/plain"] == "'candidate'"


def test_errors_reach_stock_clients() -> None:
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run("1 / 0")


def test_a_stock_manager_starts_interrupts_restarts_and_shuts_down() -> None:
    manager = KernelManager(kernel_name="sandboxed")
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=20)
        client.execute("import time; print('begun', flush=True); time.sleep(60)")
        while client.get_iopub_msg(timeout=20)["msg_type"] != "stream":  # a stock client cannot interrupt what has not begun
            pass
        manager.interrupt_kernel()
        assert client.get_shell_msg(timeout=10)["content"]["ename"] == "KeyboardInterrupt"
        first = manager.provisioner.child.pid
        manager.restart_kernel(now=True)
        assert manager.is_alive()
        assert manager.provisioner.child.pid != first
    finally:
        client.stop_channels()
        client.context.term()
        manager.shutdown_kernel(now=True)
    assert not manager.has_kernel
