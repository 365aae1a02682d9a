package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.types.PgType;

/** What compiling a session's expressions looks up. Used while operators are built; confined to the session's thread then. */
public class SessionEnvironment implements ExprEnvironment {
    private final FunctionRegistry functions;
    private final CatalogReader catalog;

    public SessionEnvironment(FunctionRegistry functions, CatalogReader catalog) {
        this.functions = functions;
        this.catalog = catalog;
    }

    @Override
    public FunctionRegistry functions() {
        return functions;
    }

    @Override
    public PgType type(int oid) {
        return catalog.pgType(oid);
    }
}
