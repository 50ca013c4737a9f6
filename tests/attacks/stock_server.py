"""A careless server for what only a Jupyter kernel can send: the stock client, reading whatever a stock kernel publishes."""

from queue import Empty
from typing import Any

from jupyter_client.manager import KernelManager

from sandbox.benches.stock import stock_manager
from sandbox.environments import candidate_python

READY_SECONDS, MESSAGE_SECONDS = 60, 15


def what_breaks_it(*cells: str) -> str:
    """Runs the cells one after the other. -> the error with which the client's reading ended; empty if it read all to the end"""
    with stock_manager(KernelManager, candidate_python()) as manager:
        manager.start_kernel()
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=READY_SECONDS)
            for cell in cells:
                read_outputs(client, client.execute(cell))
        except Empty:
            return ""
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    return ""


def read_outputs(client: Any, request: str) -> None:
    while True:
        message = client.get_iopub_msg(timeout=MESSAGE_SECONDS)
        ended = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        if ended and message["parent_header"].get("msg_id") == request:
            return
