package io.quantadb.executor.operator;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.TextContext;

/** Constraint violations in PostgreSQL's words. */
final class ConstraintErrors {
    /** Longest value shown of a failing row, in characters of a single-byte text. */
    private static final int VALUE_BYTES_MAX = 64;

    private ConstraintErrors() {
    }

    static SqlException notNull(RelationDescriptor relation, ColumnDescriptor column, Object[] row, TextContext text) {
        return new SqlException(SqlState.NOT_NULL_VIOLATION, "null value in column \"" + column.name()
                + "\" of relation \"" + relation.name() + "\" violates not-null constraint")
                .withDetail(failingRow(relation, row, text)).withSchema(relation.schemaName())
                .withTable(relation.name()).withColumn(column.name());
    }

    static SqlException check(RelationDescriptor relation, String constraint, Object[] row, TextContext text) {
        return new SqlException(SqlState.CHECK_VIOLATION, "new row for relation \"" + relation.name()
                + "\" violates check constraint \"" + constraint + "\"").withDetail(failingRow(relation, row, text))
                .withSchema(relation.schemaName()).withTable(relation.name()).withConstraint(constraint);
    }

    static SqlException checkOption(RelationDescriptor relation, String view, String policy, Object[] row,
            TextContext text) {
        if (view != null) {
            return new SqlException(SqlState.WITH_CHECK_OPTION_VIOLATION,
                    "new row violates check option for view \"" + view + "\"")
                    .withDetail(failingRow(relation, row, text));
        }
        String named = policy == null ? "" : " \"" + policy + "\"";
        return new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "new row violates row-level security policy" + named
                + " for table \"" + relation.name() + "\"");
    }

    static SqlException duplicateKey(RelationDescriptor relation, IndexDescriptor index, Object[] key,
            TextContext text) {
        return new SqlException(SqlState.UNIQUE_VIOLATION, "duplicate key value violates unique constraint \""
                + index.name() + "\"").withDetail("Key " + keyText(index, key, relation, text) + " already exists.")
                .withSchema(relation.schemaName()).withTable(relation.name()).withConstraint(index.name());
    }

    static SqlException couldNotCreate(RelationDescriptor relation, IndexDescriptor index, Object[] key,
            TextContext text) {
        return new SqlException(SqlState.UNIQUE_VIOLATION, "could not create unique index \"" + index.name() + "\"")
                .withDetail("Key " + keyText(index, key, relation, text) + " is duplicated.")
                .withSchema(relation.schemaName()).withTable(relation.name()).withConstraint(index.name());
    }

    /** {@code (a, b)=(1, x)}. */
    private static String keyText(IndexDescriptor index, Object[] key, RelationDescriptor relation,
            TextContext text) {
        StringBuilder names = new StringBuilder("(");
        StringBuilder values = new StringBuilder("(");
        for (int i = 0; i < index.keyColumns().size(); i++) {
            IndexColumn column = index.keyColumns().get(i);
            String separator = i == 0 ? "" : ", ";
            names.append(separator).append(column.isExpression() ? column.expression()
                    : relation.column(column.attnum()).name());
            values.append(separator).append(key[i] == null ? "null" : column.type().ops().toText(key[i], text));
        }
        return names.append(")=").append(values).append(')').toString();
    }

    private static String failingRow(RelationDescriptor relation, Object[] row, TextContext text) {
        StringBuilder out = new StringBuilder("Failing row contains (");
        String separator = "";
        for (ColumnDescriptor column : relation.columns()) {
            if (column.dropped()) {
                continue;
            }
            Object value = row[column.attnum() - 1];
            String shown = value == null ? "null" : column.type().ops().toText(value, text);
            out.append(separator).append(clip(shown));
            separator = ", ";
        }
        return out.append(").").toString();
    }

    private static String clip(String value) {
        byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (bytes.length <= VALUE_BYTES_MAX) {
            return value;
        }
        int end = VALUE_BYTES_MAX;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, java.nio.charset.StandardCharsets.UTF_8) + "...";
    }
}
