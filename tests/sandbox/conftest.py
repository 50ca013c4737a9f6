"""One kernel for all tests of a file that only look at outputs."""

from collections.abc import Iterator

import pytest

from sandbox.kernels.kernel import Kernel
from tests.kernels import borrowed


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    with borrowed() as shared:
        yield shared
