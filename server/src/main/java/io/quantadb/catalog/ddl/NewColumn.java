package io.quantadb.catalog.ddl;

import io.quantadb.types.PgType;

/**
 * A column to create.
 *
 * @param collation 0 for the type's own; see {@link #effectiveCollation}
 * @param defaultExpression default or generation expression, null if none
 * @param identity {@code 'a'}, {@code 'd'} or 0
 * @param generated {@code 's'} or 0
 * @param compression {@code 'p'}, {@code 'l'} or 0
 * @param local defined here, not only inherited
 */
public record NewColumn(String name, PgType type, int typmod, int collation, boolean notNull,
        SqlExpression defaultExpression, char identity, char generated, char compression, boolean local,
        int inheritCount) {

    public static NewColumn of(String name, PgType type, int typmod, boolean notNull) {
        return new NewColumn(name, type, typmod, 0, notNull, null, (char) 0, (char) 0, (char) 0, true, 0);
    }

    public NewColumn withDefault(SqlExpression expression) {
        return new NewColumn(name, type, typmod, collation, notNull, expression, identity, generated, compression,
                local, inheritCount);
    }
}
