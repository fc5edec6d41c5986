"""The object storage that these tests share."""

from tests.object_storage import machine, moto_server, storage

__all__ = ["machine", "moto_server", "storage"]
