"""The object storage that these tests share."""

from tests.object_storage import machine, storage

__all__ = ["machine", "storage"]
