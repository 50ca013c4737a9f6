"""A workspace as a notebook file (nbformat 4.5): what is handed in and what is downloaded."""

from __future__ import annotations

import json
from collections.abc import Sequence

from server.workspaces.tables import Workspace, WorkspaceCell


def notebook_bytes(workspace: Workspace, cells: Sequence[WorkspaceCell]) -> bytes:
    """The notebook's bytes. The same cells give the same bytes, so that its hash names the work."""
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "touchstone": {"exercise": workspace.exercise_slug, "version": workspace.exercise_digest, "seed": workspace.seed},
        },
        "cells": [_cell(cell) for cell in cells],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _cell(cell: WorkspaceCell) -> dict[str, object]:
    metadata: dict[str, object] = {"touchstone": {"role": cell.role, "name": cell.name}}
    if cell.type != "code":
        return {"id": cell.id, "cell_type": cell.type, "metadata": metadata, "source": _lines(cell.source)}
    return {
        "id": cell.id,
        "cell_type": "code",
        "metadata": metadata,
        "source": _lines(cell.source),
        "outputs": [],
        "execution_count": None,
    }


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)
