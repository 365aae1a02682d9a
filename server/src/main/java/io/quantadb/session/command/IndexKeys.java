package io.quantadb.session.command;

import io.quantadb.access.btree.BTree;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.TextContext;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;

/** Makes an index's keys out of a table's rows. Confined to one thread. */
final class IndexKeys {
    final IndexDescriptor index;
    final RelationDescriptor relation;
    final KeyBuffer key = new KeyBuffer(64);
    final KeyBuffer payload;
    /** Values of the key computed last. */
    final Object[] values;
    private final KeyEncoder[] encoders;
    private final ScalarEvaluator[] expressions;
    private final ScalarEvaluator predicate;
    private final KeyEncoder[] includeEncoders;
    private boolean hasNull;

    IndexKeys(RelationDescriptor relation, IndexDescriptor index, Expressions compiler) {
        this.relation = relation;
        this.index = index;
        int n = index.keyColumns().size();
        encoders = new KeyEncoder[n];
        expressions = new ScalarEvaluator[n];
        values = new Object[n];
        for (int i = 0; i < n; i++) {
            IndexColumn column = index.keyColumns().get(i);
            encoders[i] = KeyEncoder.of(column.type(), column.typmod());
            if (column.isExpression()) {
                expressions[i] = compiler.compile(compiler.stored(column.expression(), relation,
                        ExprKind.INDEX_EXPRESSION, null, -1));
            }
        }
        predicate = index.predicate() == null ? null : compiler.compile(compiler.stored(index.predicate(), relation,
                ExprKind.INDEX_PREDICATE, null, -1));
        includeEncoders = index.includeColumns().stream().map(c -> KeyEncoder.of(c.type(), c.typmod()))
                .toArray(KeyEncoder[]::new);
        payload = includeEncoders.length == 0 ? null : new KeyBuffer(64);
    }

    /** Whether some key column or the predicate has to be computed. */
    boolean needsExpressions() {
        return predicate != null || index.hasExpressions();
    }

    /** Attribute (from 0) of an index on one column of a kind that {@link #computeLong} takes, else -1. */
    int longAttribute() {
        if (encoders.length != 1 || payload != null || needsExpressions()) {
            return -1;
        }
        PhysicalKind kind = encoders[0].kind();
        return kind == PhysicalKind.LONG || kind == PhysicalKind.BOOL ? index.keyColumns().getFirst().attnum() - 1 : -1;
    }

    /** Computes the key of a row whose value for {@link #longAttribute} is this; does not fill {@link #values}. */
    void computeLong(long value) {
        key.reset();
        encoders[0].encodeLong(value, index.keyColumns().getFirst().descending(), key);
    }

    /** Computes the key of a row that is also the context's OUTER; false if the index leaves the row out. */
    boolean compute(Object[] row, RowContext context) {
        if (predicate != null && !predicate.isTrue(context)) {
            return false;
        }
        key.reset();
        hasNull = false;
        for (int i = 0; i < encoders.length; i++) {
            IndexColumn column = index.keyColumns().get(i);
            Object value = expressions[i] != null ? expressions[i].eval(context) : row[column.attnum() - 1];
            values[i] = value;
            hasNull |= value == null;
            encoders[i].encode(value, column.descending(), column.nullsFirst(), key);
        }
        if (payload != null) {
            payload.reset();
            for (int i = 0; i < includeEncoders.length; i++) {
                includeEncoders[i].encode(row[index.includeColumns().get(i).attnum() - 1], false, false, payload);
            }
        }
        checkSize();
        return true;
    }

    private void checkSize() {
        int length = key.length() + payloadLength();
        if (length > BTree.MAX_ENTRY_BYTES) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "index row size " + length
                    + " exceeds btree version 4 maximum " + BTree.MAX_ENTRY_BYTES + " for index \"" + index.name() + "\"")
                    .withSchema(relation.schemaName()).withTable(relation.name());
        }
    }

    int payloadLength() {
        return payload == null ? 0 : payload.length();
    }

    byte[] payloadArray() {
        return payload == null ? null : payload.array();
    }

    /** Whether the key computed last must not occur twice. */
    boolean mustBeUnique() {
        return index.unique() && (!hasNull || index.nullsNotDistinct());
    }

    /** Encodes given values of the first key columns, none null: to look rows up. */
    void encodePrefix(Object[] keyValues) {
        key.reset();
        for (int i = 0; i < keyValues.length; i++) {
            IndexColumn column = index.keyColumns().get(i);
            encoders[i].encode(keyValues[i], column.descending(), column.nullsFirst(), key);
        }
    }

    /** {@code (a, b)=(1, x)}. */
    String text(TextContext text) {
        StringBuilder names = new StringBuilder("(");
        StringBuilder shown = new StringBuilder("(");
        for (int i = 0; i < values.length; i++) {
            IndexColumn column = index.keyColumns().get(i);
            ColumnDescriptor base = column.isExpression() ? null : relation.column(column.attnum());
            PgType type = column.type();
            names.append(i == 0 ? "" : ", ").append(base == null ? column.expression() : base.name());
            shown.append(i == 0 ? "" : ", ").append(values[i] == null ? "null" : type.ops().toText(values[i], text));
        }
        return names.append(")=").append(shown).append(')').toString();
    }

    SqlException duplicate(TextContext text) {
        return new SqlException(SqlState.UNIQUE_VIOLATION,
                "duplicate key value violates unique constraint \"" + index.name() + "\"")
                .withDetail("Key " + text(text) + " already exists.").withSchema(relation.schemaName())
                .withTable(relation.name()).withConstraint(index.name());
    }

    SqlException cannotBuild(TextContext text) {
        return new SqlException(SqlState.UNIQUE_VIOLATION, "could not create unique index \"" + index.name() + "\"")
                .withDetail("Key " + text(text) + " is duplicated.").withSchema(relation.schemaName())
                .withTable(relation.name()).withConstraint(index.name());
    }
}
