package io.quantadb.catalog.ddl;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgEnum;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import io.quantadb.catalog.table.SystemColumns.PgType;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Creates and changes types: enums, domains, composites, and the row and array types that come with relations. */
public final class TypeWriter {
    private static final int ENUM_LABEL_BYTES_MAX = 63;
    private static final int NAME_BYTES_MAX = 63;

    private static final CatalogIndex TYPE_OID = CatalogTables.index("pg_type_oid_index");
    private static final CatalogIndex TYPE_NAME = CatalogTables.index("pg_type_typname_nsp_index");
    private static final CatalogIndex ENUM_LABEL = CatalogTables.index("pg_enum_typid_label_index");
    private static final CatalogIndex PROC_NAME = CatalogTables.index("pg_proc_proname_args_nsp_index");

    private final CatalogWriter writer;

    TypeWriter(CatalogWriter writer) {
        this.writer = writer;
    }

    /** What differs between the kinds of types. */
    private record Form(int length, boolean byValue, char kind, char category, char align, char storage, String input,
            String output, String receive, String send, String analyze, String subscript) {
        static final Form ARRAY = new Form(-1, false, 'b', 'A', 'i', 'x', "array_in", "array_out", "array_recv",
                "array_send", "array_typanalyze", "array_subscript_handler");
        static final Form COMPOSITE = new Form(-1, false, 'c', 'C', 'd', 'x', "record_in", "record_out",
                "record_recv", "record_send", null, null);
        static final Form ENUM = new Form(4, true, 'e', 'E', 'i', 'p', "enum_in", "enum_out", "enum_recv",
                "enum_send", null, null);
    }

    private RowBuilder row(int oid, String name, int schemaOid, int ownerOid, Form form) {
        return RowBuilder.insert(PgType.TABLE).set(PgType.OID, oid).set(PgType.TYPNAME, name)
                .set(PgType.TYPNAMESPACE, schemaOid).set(PgType.TYPOWNER, ownerOid).set(PgType.TYPLEN, form.length)
                .set(PgType.TYPBYVAL, form.byValue).setChar(PgType.TYPTYPE, form.kind)
                .setChar(PgType.TYPCATEGORY, form.category).set(PgType.TYPISPREFERRED, false)
                .set(PgType.TYPISDEFINED, true).setChar(PgType.TYPDELIM, ',').set(PgType.TYPRELID, 0)
                .set(PgType.TYPSUBSCRIPT, procedure(form.subscript)).set(PgType.TYPELEM, 0).set(PgType.TYPARRAY, 0)
                .set(PgType.TYPINPUT, procedure(form.input)).set(PgType.TYPOUTPUT, procedure(form.output))
                .set(PgType.TYPRECEIVE, procedure(form.receive)).set(PgType.TYPSEND, procedure(form.send))
                .set(PgType.TYPMODIN, 0).set(PgType.TYPMODOUT, 0).set(PgType.TYPANALYZE, procedure(form.analyze))
                .setChar(PgType.TYPALIGN, form.align).setChar(PgType.TYPSTORAGE, form.storage)
                .set(PgType.TYPNOTNULL, false).set(PgType.TYPBASETYPE, 0).set(PgType.TYPTYPMOD, -1)
                .set(PgType.TYPNDIMS, 0).set(PgType.TYPCOLLATION, 0);
    }

    private long procedure(String name) {
        if (name == null) {
            return 0;
        }
        for (CatalogRow row : writer.store.find(PROC_NAME, name)) {
            if (row.integer(PgProc.OID) < io.quantadb.catalog.CatalogIds.FIRST_USER_OID) {
                return row.integer(PgProc.OID);
            }
        }
        return 0;
    }

    /**
     * Makes room for a name: an array type that was made up for another type steps aside, anything else is an error.
     */
    private void checkNameFree(int schemaOid, String name) {
        CatalogRow other = writer.store.findOne(TYPE_NAME, name, (long) schemaOid);
        if (other == null) {
            return;
        }
        int element = other.integer(PgType.TYPELEM);
        CatalogRow elementRow = element == 0 ? null : writer.store.findOne(TYPE_OID, (long) element);
        if (elementRow == null || elementRow.integer(PgType.TYPARRAY) != other.integer(PgType.OID)) {
            throw CatalogErrors.typeExists(name);
        }
        RowBuilder.update(other).set(PgType.TYPNAME, arrayName(elementRow.text(PgType.TYPNAME), schemaOid))
                .write(writer.store);
    }

    /** A free name for the array type over {@code elementName}. */
    private String arrayName(String elementName, int schemaOid) {
        String name = "_" + elementName;
        while (true) {
            while (name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
                name = name.substring(0, name.length() - 1);
            }
            if (writer.store.findOne(TYPE_NAME, name, (long) schemaOid) == null) {
                return name;
            }
            name = "_" + name;
        }
    }

    private void createArray(int arrayOid, int elementOid, String elementName, int schemaOid, int ownerOid,
            char align, int collation) {
        row(arrayOid, arrayName(elementName, schemaOid), schemaOid, ownerOid, Form.ARRAY)
                .set(PgType.TYPELEM, elementOid).setChar(PgType.TYPALIGN, align == 'd' ? 'd' : 'i')
                .set(PgType.TYPCOLLATION, collation).write(writer.store);
        writer.dependencies.record(ObjectAddress.type(arrayOid), ObjectAddress.type(elementOid),
                Dependencies.INTERNAL);
    }

    private void recordNew(int oid, int schemaOid, int ownerOid) {
        writer.dependencies.record(ObjectAddress.type(oid), ObjectAddress.schema(schemaOid), Dependencies.NORMAL);
        writer.owners.recordOwner(ObjectAddress.type(oid), ownerOid);
    }

    /** The row type of a relation, with its array type. */
    int createRowType(int relationOid, int schemaOid, String name, int ownerOid, boolean standAlone) {
        checkNameFree(schemaOid, name);
        int oid = writer.store.newOid();
        int arrayOid = writer.store.newOid();
        row(oid, name, schemaOid, ownerOid, Form.COMPOSITE).set(PgType.TYPRELID, relationOid)
                .set(PgType.TYPARRAY, arrayOid).write(writer.store);
        if (standAlone) {
            recordNew(oid, schemaOid, ownerOid);
            writer.dependencies.record(ObjectAddress.relation(relationOid), ObjectAddress.type(oid),
                    Dependencies.INTERNAL);
        } else {
            writer.dependencies.record(ObjectAddress.type(oid), ObjectAddress.relation(relationOid),
                    Dependencies.INTERNAL);
        }
        createArray(arrayOid, oid, name, schemaOid, ownerOid, 'd', 0);
        return oid;
    }

    /** CREATE TYPE ... AS (...). */
    public int createComposite(int schemaOid, String name, int ownerOid, List<NewColumn> fields) {
        checkNameFree(schemaOid, name);
        int relation = writer.relations().create(new NewRelation(schemaOid, name, RelationKind.COMPOSITE_TYPE,
                ownerOid, 'p', fields, List.of(), 0, null, null, 0));
        return writer.reader.relation(relation).rowTypeOid();
    }

    /** CREATE TYPE ... AS ENUM. */
    public int createEnum(int schemaOid, String name, int ownerOid, List<String> labels) {
        checkNameFree(schemaOid, name);
        int oid = writer.store.newOid();
        int arrayOid = writer.store.newOid();
        row(oid, name, schemaOid, ownerOid, Form.ENUM).set(PgType.TYPARRAY, arrayOid).write(writer.store);
        recordNew(oid, schemaOid, ownerOid);
        createArray(arrayOid, oid, name, schemaOid, ownerOid, 'i', 0);
        Set<String> seen = new HashSet<>();
        float order = 0;
        for (String label : labels) {
            if (!seen.add(label)) {
                throw new SqlException(SqlState.UNIQUE_VIOLATION,
                        "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"")
                        .withDetail("Key (enumtypid, enumlabel)=(" + oid + ", " + label + ") already exists.");
            }
            addLabelRow(oid, label, ++order);
        }
        return oid;
    }

    private void addLabelRow(int typeOid, String label, float order) {
        if (label.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > ENUM_LABEL_BYTES_MAX) {
            throw new SqlException(SqlState.INVALID_NAME, "invalid enum label \"" + label + "\"")
                    .withDetail("Labels must be 63 bytes or less.");
        }
        RowBuilder.insert(PgEnum.TABLE).set(PgEnum.OID, writer.store.newOid()).set(PgEnum.ENUMTYPID, typeOid)
                .setNumber(PgEnum.ENUMSORTORDER, order).set(PgEnum.ENUMLABEL, label).write(writer.store);
    }

    /**
     * ALTER TYPE ... ADD VALUE.
     *
     * @param neighbor label before or after which it goes; null for the end
     * @return false if the label exists and {@code ifNotExists}
     */
    public boolean addEnumLabel(int typeOid, String label, String neighbor, boolean after, boolean ifNotExists) {
        TypeDescriptor type = writer.reader.type(typeOid);
        List<TypeDescriptor.EnumLabel> labels = type.enumLabels();
        if (labels.stream().anyMatch(l -> l.label().equals(label))) {
            if (ifNotExists) {
                return false;
            }
            throw new SqlException(SqlState.DUPLICATE_OBJECT, "enum label \"" + label + "\" already exists");
        }
        int position = labels.size();
        if (neighbor != null) {
            position = 0;
            while (position < labels.size() && !labels.get(position).label().equals(neighbor)) {
                position++;
            }
            if (position == labels.size()) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                        "\"" + neighbor + "\" is not an existing enum label");
            }
            position += after ? 1 : 0;
        }
        addLabelRow(typeOid, label, orderAt(labels, position));
        return true;
    }

    private static float orderAt(List<TypeDescriptor.EnumLabel> labels, int position) {
        if (position == labels.size()) {
            return labels.isEmpty() ? 1 : labels.getLast().sortOrder() + 1;
        }
        float next = labels.get(position).sortOrder();
        if (position == 0) {
            return next - 1;
        }
        float previous = labels.get(position - 1).sortOrder();
        float middle = (previous + next) / 2;
        if (middle == previous || middle == next) {
            throw SqlException.notSupported("more enum labels between two neighbours than a float4 can tell apart");
        }
        return middle;
    }

    /** ALTER TYPE ... RENAME VALUE. */
    public void renameEnumLabel(int typeOid, String oldLabel, String newLabel) {
        CatalogRow row = writer.store.findOne(ENUM_LABEL, (long) typeOid, oldLabel);
        if (row == null) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "\"" + oldLabel + "\" is not an existing enum label");
        }
        if (writer.store.findOne(ENUM_LABEL, (long) typeOid, newLabel) != null) {
            throw new SqlException(SqlState.DUPLICATE_OBJECT, "enum label \"" + newLabel + "\" already exists");
        }
        RowBuilder.update(row).set(PgEnum.ENUMLABEL, newLabel).write(writer.store);
    }

    /** CREATE DOMAIN, without its constraints, which {@link IndexWriter#createConstraint} adds. */
    public int createDomain(int schemaOid, String name, int ownerOid, int baseTypeOid, int typmod, int collation,
            boolean notNull, SqlExpression defaultExpression) {
        checkNameFree(schemaOid, name);
        CatalogRow base = writer.store.findOne(TYPE_OID, (long) baseTypeOid);
        int oid = writer.store.newOid();
        int arrayOid = writer.store.newOid();
        int effectiveCollation = collation != 0 ? collation : base.integer(PgType.TYPCOLLATION);
        Object[] values = base.copyValues();
        RowBuilder row = RowBuilder.insert(PgType.TABLE);
        for (int column = 0; column < values.length; column++) {
            row.setObject(column, values[column]);
        }
        row.set(PgType.OID, oid).set(PgType.TYPNAME, name).set(PgType.TYPNAMESPACE, schemaOid)
                .set(PgType.TYPOWNER, ownerOid).setChar(PgType.TYPTYPE, 'd').set(PgType.TYPISPREFERRED, false)
                .set(PgType.TYPRELID, 0).set(PgType.TYPSUBSCRIPT, 0).set(PgType.TYPELEM, 0)
                .set(PgType.TYPARRAY, arrayOid).set(PgType.TYPINPUT, procedure("domain_in"))
                .set(PgType.TYPRECEIVE, procedure("domain_recv")).set(PgType.TYPMODIN, 0).set(PgType.TYPMODOUT, 0)
                .set(PgType.TYPNOTNULL, notNull).set(PgType.TYPBASETYPE, baseTypeOid).set(PgType.TYPTYPMOD, typmod)
                .set(PgType.TYPCOLLATION, effectiveCollation)
                .set(PgType.TYPDEFAULTBIN, defaultExpression == null ? null : defaultExpression.text())
                .set(PgType.TYPDEFAULT, defaultExpression == null ? null : defaultExpression.text())
                .setTexts(PgType.TYPACL, null).write(writer.store);
        recordNew(oid, schemaOid, ownerOid);
        writer.dependencies.record(ObjectAddress.type(oid), ObjectAddress.type(baseTypeOid), Dependencies.NORMAL);
        if (defaultExpression != null) {
            writer.dependencies.recordAll(ObjectAddress.type(oid), defaultExpression.references(),
                    Dependencies.NORMAL);
        }
        createArray(arrayOid, oid, name, schemaOid, ownerOid, base.character(PgType.TYPALIGN), effectiveCollation);
        return oid;
    }

    /** ALTER DOMAIN SET / DROP NOT NULL. */
    public void setDomainNotNull(int oid, boolean notNull) {
        RowBuilder.update(writer.store.findOne(TYPE_OID, (long) oid)).set(PgType.TYPNOTNULL, notNull)
                .write(writer.store);
    }

    /** ALTER DOMAIN SET / DROP DEFAULT; null drops it. */
    public void setDomainDefault(int oid, SqlExpression expression) {
        String text = expression == null ? null : expression.text();
        RowBuilder.update(writer.store.findOne(TYPE_OID, (long) oid)).set(PgType.TYPDEFAULTBIN, text)
                .set(PgType.TYPDEFAULT, text).write(writer.store);
        if (expression != null) {
            writer.dependencies.recordAll(ObjectAddress.type(oid), expression.references(), Dependencies.NORMAL);
        }
    }

    /** Keeps the array type's name, schema and owner in step with its element's after those changed. */
    void alignArray(int elementOid) {
        CatalogRow element = writer.store.findOne(TYPE_OID, (long) elementOid);
        CatalogRow array = element.integer(PgType.TYPARRAY) == 0 ? null
                : writer.store.findOne(TYPE_OID, (long) element.integer(PgType.TYPARRAY));
        if (array == null) {
            return;
        }
        int schema = element.integer(PgType.TYPNAMESPACE);
        String wanted = "_" + element.text(PgType.TYPNAME);
        boolean keepName = array.text(PgType.TYPNAME).equals(wanted) && array.integer(PgType.TYPNAMESPACE) == schema;
        RowBuilder.update(array).set(PgType.TYPNAMESPACE, schema)
                .set(PgType.TYPOWNER, element.integer(PgType.TYPOWNER))
                .set(PgType.TYPNAME, keepName ? wanted : arrayName(element.text(PgType.TYPNAME), schema))
                .write(writer.store);
    }

    /** Takes a type's own rows away; its array type goes by its dependency. */
    void remove(int oid) {
        writer.store.find(ENUM_LABEL, (long) oid).forEach(writer.store::delete);
        CatalogRow row = writer.store.findOne(TYPE_OID, (long) oid);
        if (row != null) {
            writer.store.delete(row);
        }
    }
}
