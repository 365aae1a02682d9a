package io.quantadb.sql.analyzer;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.Query;

/** Definitions of views, analysed again from the text the catalog keeps. */
final class Views {
    private static final int MAX_DEPTH = 100;

    private Views() {
    }

    /** The query of a view; privileges inside it are its owner's unless it is a security_invoker view. */
    static Query definition(Analysis analysis, RelationDescriptor view) {
        if (analysis.viewDepth > MAX_DEPTH) {
            throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
                    "infinite recursion detected in rules for relation \"" + view.name() + "\"");
        }
        if (view.viewDefinition() == null) {
            throw SqlException.notSupported("the definition of view \"" + view.name() + "\" is not available");
        }
        int asRole = "true".equals(view.option("security_invoker")) ? analysis.checkAsRole : view.ownerOid();
        Analysis nested = analysis.nested(view.viewDefinition(), asRole);
        return nested.queries.statement(new Scope(nested, null),
                SqlParser.parseStored(view.viewDefinition()));
    }
}
