package io.quantadb.session.command;

import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.TypeName;

/** Finds types by their written names. Stateless. */
final class Types {
    private Types() {
    }

    /** Null if there is none. */
    static TypeDescriptor find(CommandContext context, TypeName name) {
        if (name.isArray()) {
            try {
                return context.catalog().type(context.resolveType(name).type().oid());
            } catch (SqlException e) {
                if (e.state() == SqlState.UNDEFINED_OBJECT) {
                    return null;
                }
                throw e;
            }
        }
        return find(context, name.name());
    }

    static TypeDescriptor find(CommandContext context, QualifiedName name) {
        return context.catalog().type(name.schema(), name.name());
    }

    static TypeDescriptor require(CommandContext context, QualifiedName name) {
        TypeDescriptor type = find(context, name);
        if (type == null) {
            throw context.error(SqlState.UNDEFINED_OBJECT, "type \"" + CommandContext.text(name) + "\" does not exist", -1);
        }
        return type;
    }
}
