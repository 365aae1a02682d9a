package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.ast.TypeName;
import io.quantadb.types.TextContext;

/** Finds types by the names of the syntax tree. */
final class TypeLookup {
    private TypeLookup() {
    }

    /** The oid; throws 42704 if there is none. */
    static int oid(TypeName name, String sql, CatalogReader catalog) {
        return Analyzer.resolveType(name, sql, AnalyzerContext.of(catalog, TextContext.DEFAULT, 0)).type().oid();
    }
}
