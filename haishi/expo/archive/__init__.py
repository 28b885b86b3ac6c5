"""The frozen archive of an edition: plain files that outlive the platform.

`ARCHIVE_ROOT/<edition>/` holds the public pages as a stranger saw them, in both languages, with
their styles, pictures and documents, linked relatively, so that it also opens from a disk.
`manifest.json` names the SHA-256 and size of every file; `archive.zip` holds all of it once more.

    pages.py    which pages belong, and how a stranger sees them
    freezing.py turns a page into a file: its frame, its links, its pictures
    writing.py  walks all pages in both languages into a folder
    keeping.py  manifest and zip, moving into place, finding a file, finding damage
"""
