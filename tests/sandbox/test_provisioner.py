import json
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SPECIFICATION = {
    "argv": ["touchstone"], "display_name": "Sandboxed", "language": "python",
    "metadata": {"kernel_provisioner": {"provisioner_name": "touchstone"}},
}  # fmt: skip


@pytest.fixture
def manager(tmp_path: Path) -> KernelManager:
    folder = tmp_path / "sandboxed"
    folder.mkdir()
    (folder / "kernel.json").write_text(json.dumps(SPECIFICATION))
    specifications = KernelSpecManager(kernel_dirs=[str(tmp_path)])
    return KernelManager(kernel_name="sandboxed", kernel_spec_manager=specifications)


def notebook(*sources: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def run(manager: KernelManager, *sources: str) -> nbformat.NotebookNode:
    client = NotebookClient(notebook(*sources), km=manager, timeout=30)
    return client.execute()


def test_stock_nbclient_runs_a_notebook_in_the_sandbox(manager: KernelManager) -> None:
    ran = run(manager, "print('hi')", "import os; os.getcwd()", "open('/etc/passwd').read()[:9]")
    assert ran.cells[0].outputs[0].text == "hi\n"
    assert ran.cells[1].outputs[0].data["text/plain"] == "'/home/k'"
    assert ran.cells[2].outputs[0].data["text/plain"] == "'candidate'"


def test_errors_reach_stock_clients(manager: KernelManager) -> None:
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run(manager, "1 / 0")


def test_a_stock_manager_starts_interrupts_restarts_and_shuts_down(manager: KernelManager) -> None:
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=20)
        client.execute("import time; time.sleep(60)")
        while client.get_iopub_msg(timeout=5)["msg_type"] != "execute_input":
            pass
        manager.interrupt_kernel()
        assert client.get_shell_msg(timeout=10)["content"]["ename"] == "KeyboardInterrupt"
        first = manager.provisioner.child.pid
        manager.restart_kernel(now=True)
        assert manager.is_alive()
        assert manager.provisioner.child.pid != first
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert not manager.has_kernel
