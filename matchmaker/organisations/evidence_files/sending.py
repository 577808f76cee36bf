"""A file on its way to a reader: a download, or a picture on a page that can do nothing."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, send_file

from matchmaker.organisations.evidence_files import store
from matchmaker.organisations.evidence_files.cleaning import ENDINGS, PDF
from matchmaker.organisations.models import EvidenceFile

#: Whatever it may be: no script, no form, no frame, nothing loaded, no origin of ours.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


class Ready:
    """An opened file: from here on a removal no longer takes it away."""

    def __init__(self, row: EvidenceFile) -> None:
        """404 where the file is gone, like a piece that never was."""
        self.row = row
        try:
            path = store.path_of(Path(current_app.config["DATA"]), row.name)
            self.file = path.open("rb")
        except FileNotFoundError:
            abort(404)

    def close(self) -> None:
        self.file.close()

    def answer(self, *, download: bool) -> Response:
        """A PDF is always a download: a browser shows none inside a sandbox."""
        response = send_file(
            self.file,
            self.row.media_type,
            as_attachment=download or self.row.media_type == PDF,
            download_name=f"{self.row.fact}.{ENDINGS[self.row.media_type]}",
            conditional=False,
            etag=False,
        )
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response
