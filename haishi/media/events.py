"""Facts about files."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class AssetReady(Event):
    """A file passed its checks; its pictures exist."""

    asset_id: int
    organisation_id: int | None
    kind: str


@dataclass(frozen=True)
class AssetRefused(Event):
    """A file failed its checks, or nobody finished checking it within a day.

    `reason` is a code of `errors.REASONS`; the person who uploaded it should hear of it.
    """

    asset_id: int
    organisation_id: int | None
    uploader_id: int | None
    name: str
    reason: str


@dataclass(frozen=True)
class UploadExpired(Event):
    """An upload that was begun and not finished within a day was thrown away."""

    uploader_id: int | None
    organisation_id: int | None
    name: str


@dataclass(frozen=True)
class AssetRenamed(Event):
    """A file is called otherwise on the pages that offer it."""

    asset_id: int
    organisation_id: int | None


@dataclass(frozen=True)
class AssetRemoved(Event):
    """A file and its pictures are gone."""

    asset_id: int
    organisation_id: int | None
