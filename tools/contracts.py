"""Our own import-linter contract: a module is entered only through its public files."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PublicFiles(Contract):
    """`root.a.*` may import `root.b.FILE` only when FILE is public, b is open to all, or a is b.

    The composition root (`config`) may reach everywhere; tests may use other modules' tests.
    """

    root = fields.StringField()
    public = fields.SetField(subfield=fields.StringField())
    open_to_all = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """All direct imports that cross a module's border elsewhere than by a public file."""
        broken = [
            (importer, imported)
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._crosses(importer.split("."), imported.split("."))
        ]
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def _crosses(self, importer: list[str], imported: list[str]) -> bool:
        inside = importer[0] == imported[0] == self.root
        if not inside or len(importer) < 2 or len(imported) < 3:
            return False
        if importer[1] in (imported[1], "config", "__main__"):
            return False
        if imported[1] in (self.open_to_all or ()):
            return False
        both_tests = "tests" in importer and imported[2] == "tests"
        return imported[2] not in self.public and not both_tests

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line a broken import."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} may not reach into {imported}")


__all__: list[Any] = ["PublicFiles"]
