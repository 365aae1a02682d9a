package io.quantadb.catalog;

import io.quantadb.types.PgType;
import java.util.List;

/**
 * One row of {@code pg_type} with what depends on its kind.
 *
 * @param type what values of it look like; for domains it stores as its base type
 * @param relationOid {@code typrelid} of composite types
 * @param baseTypeOid {@code typbasetype} of a domain: the type it was declared over, maybe itself a domain
 * @param baseTypmod {@code typtypmod} of a domain
 * @param notNull domain's NOT NULL
 * @param defaultExpression domain's (or base type's) default as SQL text, null if none
 * @param collation {@code typcollation}
 * @param constraints of a domain itself, not of the domains below it
 * @param enumLabels in sort order; empty unless an enum
 * @param fields live columns of a composite type; empty for others
 * @param subtypeOid of ranges ({@code rngsubtype}) and multiranges (that of their range), else 0
 * @param rangeOid of multiranges the range, of ranges the multirange; else 0
 * @param defined {@code typisdefined}: false for a shell
 */
public record TypeDescriptor(PgType type, int schemaOid, String schemaName, int ownerOid, int relationOid,
        int baseTypeOid, int baseTypmod, boolean notNull, String defaultExpression, int collation,
        List<ConstraintDescriptor> constraints, List<EnumLabel> enumLabels, List<ColumnDescriptor> fields,
        int subtypeOid, int rangeOid, boolean defined, List<String> acl) {

    /** One row of {@code pg_enum}. */
    public record EnumLabel(int oid, String label, float sortOrder) {
    }

    public int oid() {
        return type.oid();
    }

    public String name() {
        return type.name();
    }

    public char typtype() {
        return type.typtype();
    }

    public boolean isDomain() {
        return typtype() == 'd';
    }

    public boolean isEnum() {
        return typtype() == 'e';
    }

    public boolean isComposite() {
        return typtype() == 'c';
    }

    public boolean isRange() {
        return typtype() == 'r';
    }

    public boolean isMultirange() {
        return typtype() == 'm';
    }
}
