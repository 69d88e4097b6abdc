"""Results of a job on Spark in the cluster's file system: they appear together or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from huimin.errors import InputError

__all__ = ["ClusterFiles"]


class ClusterFiles:
    """The directory `out`, wherever it is: a path, or an address such as hdfs://…"""

    def __init__(self, spark: Any, out: str) -> None:
        self.jvm = spark._jvm
        self.out = out.rstrip("/")
        self.files = self._path("").getFileSystem(spark._jsc.hadoopConfiguration())

    def _path(self, name: str) -> Any:
        return self.jvm.org.apache.hadoop.fs.Path(f"{self.out}/{name}" if name else self.out)

    @contextmanager
    def unfinished(self) -> Iterator[str]:
        """A hidden directory to write to, inside the directory of results. It is removed in the end."""
        name = f".huimin-job-{uuid.uuid4().hex[:12]}"
        made = not self.files.exists(self._path(""))
        try:
            self.files.mkdirs(self._path(name))
        except Exception as error:
            reason = str(getattr(error, "java_exception", error)).splitlines()[0]
            message = f"{self.out}: {reason}; expected a directory to write to"
            raise InputError(message, code="unusable_out") from error
        try:
            yield f"{self.out}/{name}"
        finally:
            self.files.delete(self._path(name), True)
            if made and not self.files.listStatus(self._path("")):
                self.files.delete(self._path(""), False)

    def publish(self, unfinished: str, name: str, texts: Mapping[str, str]) -> None:
        """Rename the finished directory of decisions to `name`, and write the texts beside it, in this order."""
        home = self.jvm.org.apache.hadoop.fs.Path(unfinished)
        for found in self.files.listStatus(home):
            if found.getPath().getName().startswith("_"):
                self.files.delete(found.getPath(), False)  # left by an attempt that failed
        self.files.delete(self._path(name), True)
        self.files.rename(home, self._path(name))
        for text_name, text in texts.items():
            stream = self.files.create(self._path(text_name), True)
            stream.write(bytearray(text.encode("utf-8")))
            stream.close()
