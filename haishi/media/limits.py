"""Stops a request body that is too large before it is read to disk."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from haishi.media.states import PLAIN_BYTES

OVERHEAD = 2_000_000
MAX_FORM_BYTES = 4 * PLAIN_BYTES + OVERHEAD


class LimitedUploadHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: a form may bring a few files, not ten gigabytes."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django passes it by this name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Called by Django before the first byte is parsed. Raises RequestDataTooBig."""
        if content_length > MAX_FORM_BYTES:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the bytes on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler keeps the file."""
        return
