package io.quantadb.catalog.ddl;

import io.quantadb.catalog.RelationKind;
import java.util.List;

/**
 * A relation to create, without indexes and constraints.
 *
 * @param persistence p, u or t
 * @param parents relations it inherits from, in order
 * @param viewQuery of views and materialized views; null otherwise
 * @param options storage parameters like {@code fillfactor=70}, null if none
 */
public record NewRelation(int schemaOid, String name, RelationKind kind, int ownerOid, char persistence,
        List<NewColumn> columns, List<Integer> parents, int tablespaceOid, List<String> options,
        SqlExpression viewQuery, int ofTypeOid) {

    public static NewRelation table(int schemaOid, String name, int ownerOid, List<NewColumn> columns) {
        return new NewRelation(schemaOid, name, RelationKind.TABLE, ownerOid, 'p', columns, List.of(), 0, null, null,
                0);
    }

    public static NewRelation view(int schemaOid, String name, int ownerOid, List<NewColumn> columns,
            SqlExpression query) {
        return new NewRelation(schemaOid, name, RelationKind.VIEW, ownerOid, 'p', columns, List.of(), 0, null, query,
                0);
    }
}
