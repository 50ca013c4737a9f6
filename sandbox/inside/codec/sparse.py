"""Sparse matrices of scipy for the codec: coordinates and values, each index checked.

["ms", array, format, rows, columns, values, row, column]    `array`: a sparse array, else a matrix; format coo, csr or csc
Other formats arrive as csr: a dia of scattered entries would be as large as the dense matrix.
"""

from typing import Any

import numpy as np
import scipy.sparse as sparse

from .codec import PACKERS, UNPACKERS, Malformed, Packer, Tree, Unpacker, Unsendable, fields

FORMATS = ("coo", "csr", "csc")
OTHERS = ("bsr", "dia", "dok", "lil")
MAX_EXTENT = 1 << 24  # csr and csc keep a number for each row or column, empty or not
NUMBERS = "biufc"


def pack_sparse(packer: Packer, value: Any, depth: int) -> Tree:
    if value.dtype.kind not in NUMBERS or len(value.shape) != 2:
        return packer.refer(value)
    if max(value.shape) > MAX_EXTENT:
        raise Unsendable(f"is a sparse matrix with more than {MAX_EXTENT:,} rows or columns")
    listed = value.tocoo()
    packer.count(1, depth)
    name = value.format if value.format in FORMATS else "csr"
    parts = (listed.data, listed.row.astype(np.int64), listed.col.astype(np.int64))
    return [
        "ms",
        isinstance(value, sparse.sparray),
        name,
        *map(int, value.shape),
        *(packer.pack(part, depth + 1) for part in parts),
    ]


def unpack_sparse(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    is_array, name, rows, columns, *parts = fields(tree, bool, str, int, int, list, list, list)
    values, row, column = (unpacker.unpack(part, depth + 1) for part in parts)
    if name not in FORMATS or not all(0 <= extent <= MAX_EXTENT for extent in (rows, columns)):
        raise Malformed("no sparse matrix")
    if not all(type(part) is np.ndarray and part.shape == (len(values),) for part in (values, row, column)):
        raise Malformed("coordinates and values differ in number")
    if values.dtype.kind not in NUMBERS or not is_within(row, rows) or not is_within(column, columns):
        raise Malformed("an entry outside of its matrix")
    make = sparse.coo_array if is_array else sparse.coo_matrix
    return make((values, (row, column)), shape=(rows, columns)).asformat(name)


def is_within(index: np.ndarray[Any, Any], extent: int) -> bool:
    return index.dtype == np.int64 and (index.size == 0 or bool(index.min() >= 0 and index.max() < extent))


PACKERS.update({getattr(sparse, f"{name}_{kind}"): pack_sparse for name in FORMATS + OTHERS for kind in ("array", "matrix")})
UNPACKERS["ms"] = unpack_sparse
