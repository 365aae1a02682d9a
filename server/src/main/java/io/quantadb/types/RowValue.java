package io.quantadb.types;

import java.util.Arrays;
import java.util.List;

/**
 * A row: the value of a composite type or of an anonymous record.
 *
 * <p>Carries its field types so that it can be printed, compared and sent without knowing where it came from.
 * {@code equals} is SQL's row equality of the default btree operators, in which two NULLs are equal.
 */
public final class RowValue {
    private final PgType[] types;
    private final Object[] values;
    private final List<String> names;

    /** Takes ownership of both arrays, which have the same length. */
    public RowValue(PgType[] types, Object[] values) {
        this(types, values, null);
    }

    /** As above. @param names of the fields, which only conversions to json look at; null if there are none */
    public RowValue(PgType[] types, Object[] values, List<String> names) {
        this.types = types;
        this.values = values;
        this.names = names;
    }

    /** Name of a field; {@code f1}, {@code f2}... if the row was made without names. */
    public String name(int field) {
        return names == null ? "f" + (field + 1) : names.get(field);
    }

    public boolean hasNames() {
        return names != null;
    }

    public int size() {
        return values.length;
    }

    public PgType type(int field) {
        return types[field];
    }

    public Object get(int field) {
        return values[field];
    }

    /** The values, nulls included; not to be changed. */
    public Object[] unsafeValues() {
        return values;
    }

    public PgType[] unsafeTypes() {
        return types;
    }

    public List<Object> toList() {
        return Arrays.asList(values.clone());
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof RowValue that) || that.size() != size()) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null || that.values[i] == null) {
                if (values[i] != that.values[i]) {
                    return false;
                }
            } else if (!types[i].ops().equal(values[i], that.values[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < values.length; i++) {
            hash = 31 * hash + (values[i] == null ? 0 : types[i].ops().hashKey(values[i]).hashCode());
        }
        return hash;
    }

    @Override
    public String toString() {
        return RecordOps.format(this, TextContext.DEFAULT);
    }
}
