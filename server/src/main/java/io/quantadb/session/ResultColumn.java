package io.quantadb.session;

import io.quantadb.types.PgType;

/**
 * One column of a result as RowDescription tells it.
 *
 * @param tableOid table the value comes from unchanged, 0 if it is computed
 * @param attribute its attribute number there, 0 if computed
 */
public record ResultColumn(String name, PgType type, int typmod, int tableOid, int attribute) {
    public ResultColumn(String name, PgType type) {
        this(name, type, -1, 0, 0);
    }
}
