"""A candidate's code holds its kernel's sockets and can send anything. `run` must end with `done` and raise nothing."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.errors import Death
from sandbox.kernels.kernel import Kernel
from tests.kernels import Ran, borrowed, ran

TOOLS = """
import hashlib, hmac, json, os, zmq
kernel = get_ipython().kernel
session = kernel.session
outlet = kernel.iopub_thread
def signed(parts):
    digest = hmac.new(session.key, digestmod=hashlib.sha256)
    for part in parts: digest.update(part)
    return digest.hexdigest().encode()
def send(kind, content, parent=None, key_is_right=True):
    parts = [json.dumps(part).encode() if not isinstance(part, bytes) else part for part in (
        {"msg_type": kind, "msg_id": "1"}, parent or {"msg_id": kernel.get_parent("shell")["header"]["msg_id"]}, {}, content)]
    outlet.send_multipart([b"<IDS|MSG>", signed(parts) if key_is_right else b"0" * 64, *parts])
"""
TEXT = '{"name": "stdout", "text": "forged"}'


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    with borrowed(output_kb=64) as shared:
        assert ran(shared, TOOLS).status == "ok"
        yield shared


@pytest.fixture
def doomed() -> Iterator[Kernel]:
    """For attacks that a kernel need not survive."""
    with borrowed(output_kb=64) as own:
        assert ran(own, TOOLS).status == "ok"
        yield own


def survived(kernel: Kernel, source: str) -> Ran:
    cell = ran(kernel, source, cell_seconds=15)
    assert cell.kinds[-1] == "done"
    assert cell.status == "ok", cell.events
    assert ran(kernel, "1 + 1").value == "2"
    return cell


def test_messages_of_another_cell_are_dropped(kernel: Kernel) -> None:
    cell = survived(kernel, f"send('stream', {TEXT}, parent={{'msg_id': 'of another cell'}})")
    assert "forged" not in cell.text
    assert kernel.strange > 0


def test_messages_with_a_wrong_signature_are_dropped(kernel: Kernel) -> None:
    assert "forged" not in survived(kernel, f"send('stream', {TEXT}, key_is_right=False)").text


@pytest.mark.parametrize(
    "content",
    ["b'[' * 100_000", "b'not json'", "b'\\xff\\xfe'", "b'[1, 2]'", "b'9' * 100_000", "b'{\"text\": ' + b'9' * 10_000 + b'}'"],
)
def test_malformed_content_is_dropped(kernel: Kernel, content: str) -> None:
    survived(kernel, f"send('stream', {content})")


@pytest.mark.parametrize(
    "kind", ["stream", "display_data", "execute_result", "update_display_data", "error", "clear_output", "status"]
)
@pytest.mark.parametrize("value", ["None", "[]", "{'text/plain': [1, {}]}", "10 ** 30", "float('nan')"])
def test_fields_of_a_wrong_kind_do_no_harm(kernel: Kernel, kind: str, value: str) -> None:
    fields = ("data", "metadata", "text", "name", "traceback", "ename", "evalue", "transient", "wait", "execution_state")
    survived(kernel, f"send({kind!r}, dict.fromkeys({fields}, {value}))")


def test_strange_frames_do_no_harm(kernel: Kernel) -> None:
    survived(kernel, "outlet.send_multipart([b''] * 5_000)")
    survived(kernel, "outlet.send_multipart([b'<IDS|MSG>'])")
    survived(kernel, "outlet.send_multipart([b'<IDS|MSG>', b'', b'{}'])")
    survived(kernel, "outlet.send_multipart([b'x' * 100_000] * 20)")


def test_a_message_of_two_hundred_megabytes_is_read_past(kernel: Kernel) -> None:
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    cell = ran(kernel, f"send('stream', b'x' * (200 << 20)); send('stream', {TEXT})", cell_seconds=15)
    assert (cell.status, cell.one("limit")["what"]) == ("ok", "output")
    # What is left of it on a busy machine is still read past in the next cell, and counts there.
    assert any(each["data"]["text/plain"] == "2" for _ in range(5) for each in ran(kernel, "1 + 1").all("result"))
    assert int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() - before < 64 << 20


def test_a_flood_that_avoids_the_near_guard_is_ended(doomed: Kernel) -> None:
    cell = ran(doomed, "import time\nwhile True: send('stream', {'name': 'stdout', 'text': 'x' * 50_000}); time.sleep(0.001)", 30)
    assert len(cell.text) <= 64 * 1024
    assert cell.status == "interrupted"


def test_a_flood_that_ignores_the_interrupt_is_killed(doomed: Kernel) -> None:
    flood = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True: send('stream', {'name': 'stdout', 'text': 'x' * 50_000}); time.sleep(0.001)
"""
    assert ran(doomed, flood, cell_seconds=30).one("died")["why"] == Death.output


def test_a_forged_end_ends_only_the_own_cell(doomed: Kernel) -> None:
    source = "send('status', {'execution_state': 'idle'}); import time; time.sleep(2); kept = 1"
    assert ran(doomed, source, cell_seconds=10).kinds[-1] == "done"
    assert ran(doomed, "kept", cell_seconds=10).value == "1"


@pytest.mark.parametrize(
    "bytes_sent", ["b'HTTP/1.1 200 OK' * 100", "b'\\xff' * 1000", "os.urandom(100_000)", "bytes([7]) + b'\\xff' * 8"]
)
def test_raw_bytes_on_the_sockets_are_survived(doomed: Kernel, bytes_sent: str) -> None:
    source = f"""
import socket, stat
for name in os.listdir("/proc/self/fd"):
    if name.isdigit() and stat.S_ISSOCK(os.stat(int(name)).st_mode if os.path.exists("/proc/self/fd/" + name) else 0):
        try: os.write(int(name), {bytes_sent})
        except OSError: pass
import time; time.sleep(0.2)
"""
    assert ran(doomed, source, cell_seconds=5).kinds[-1] == "done"
    assert ran(doomed, "1", cell_seconds=5).kinds[-1] == "done"


def test_closing_all_connections_is_a_crash(doomed: Kernel) -> None:
    cell = ran(doomed, "os.closerange(3, 1000); import time; time.sleep(60)", cell_seconds=20)
    assert cell.one("died")["why"] == Death.crashed
    assert not doomed.alive
