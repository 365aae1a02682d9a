package io.quantadb.catalog.ddl;

import io.quantadb.catalog.AclItem;
import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgAttrdef;
import io.quantadb.catalog.table.SystemColumns.PgAttribute;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgConstraint;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgDescription;
import io.quantadb.catalog.table.SystemColumns.PgIndex;
import io.quantadb.catalog.table.SystemColumns.PgNamespace;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import io.quantadb.catalog.table.SystemColumns.PgShdescription;
import io.quantadb.catalog.table.SystemColumns.PgType;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What all kinds of objects have in common: rename, owner, schema, comment, privileges, removal. */
public final class ObjectWriter {
    private static final CatalogIndex DESCRIPTION = CatalogTables.index("pg_description_o_c_o_index");
    private static final CatalogIndex SHARED_DESCRIPTION = CatalogTables.index("pg_shdescription_o_c_index");
    private static final CatalogIndex ATTRIBUTE = CatalogTables.index("pg_attribute_relid_attnum_index");
    private static final CatalogIndex CONSTRAINT_RELATION =
            CatalogTables.index("pg_constraint_conrelid_contypid_conname_index");

    private final CatalogWriter writer;
    private final StorageChanges storage;

    ObjectWriter(CatalogWriter writer, StorageChanges storage) {
        this.writer = writer;
        this.storage = storage;
    }

    private CatalogRow row(ObjectAddress object) {
        CatalogRow row = findRow(object);
        if (row == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT,
                    "object with OID " + object.objectOid() + " does not exist");
        }
        return row;
    }

    private CatalogRow findRow(ObjectAddress object) {
        CatalogTable table = CatalogTables.table(object.classOid());
        return writer.store.findOne(table.primaryKey(), (long) object.objectOid());
    }

    // Names, schemas, owners

    /**
     * RENAME TO, for everything but columns, constraints and enum labels. A relation's row type and a type's array
     * type follow.
     *
     * @throws SqlException 42P07, 42710, 42723, 42P06 if the name is taken
     */
    public void rename(ObjectAddress object, String newName) {
        CatalogRow row = row(object);
        ObjectColumns columns = ObjectColumns.of(object.classOid());
        checkNameFree(object, row, columns, columns.schema() < 0 ? 0 : row.integer(columns.schema()), newName);
        RowBuilder.update(row).set(columns.name(), newName).write(writer.store);
        switch (object.classOid()) {
            case PgClass.TABLE -> {
                int rowType = row.integer(PgClass.RELTYPE);
                if (rowType != 0) {
                    rename(ObjectAddress.type(rowType), newName);
                }
                renameIndexConstraint(object.objectOid(), row, newName);
            }
            case PgType.TABLE -> {
                writer.types().alignArray(object.objectOid());
                int relation = row.integer(PgType.TYPRELID);
                CatalogRow owner = relation == 0 ? null : findRow(ObjectAddress.relation(relation));
                if (owner != null && !owner.text(PgClass.RELNAME).equals(newName)) {
                    RowBuilder.update(owner).set(PgClass.RELNAME, newName).write(writer.store);
                }
            }
            default -> {
                // Nothing goes with the others.
            }
        }
    }

    private void renameIndexConstraint(int indexOid, CatalogRow row, String newName) {
        if (row.character(PgClass.RELKIND) != 'i') {
            return;
        }
        for (Dependencies.Dependency dependency : writer.dependencies.of(ObjectAddress.relation(indexOid))) {
            if (dependency.type() == Dependencies.INTERNAL
                    && dependency.referenced().classOid() == PgConstraint.TABLE) {
                RowBuilder.update(row(dependency.referenced())).set(PgConstraint.CONNAME, newName)
                        .write(writer.store);
            }
        }
    }

    private void checkNameFree(ObjectAddress object, CatalogRow row, ObjectColumns columns, int schemaOid,
            String newName) {
        switch (object.classOid()) {
            case PgClass.TABLE -> {
                if (writer.store.findOne(CatalogTables.index("pg_class_relname_nsp_index"), newName,
                        (long) schemaOid) != null) {
                    throw CatalogErrors.relationExists(newName);
                }
            }
            case PgType.TABLE -> {
                if (writer.store.findOne(CatalogTables.index("pg_type_typname_nsp_index"), newName,
                        (long) schemaOid) != null) {
                    throw CatalogErrors.typeExists(newName);
                }
            }
            case PgNamespace.TABLE -> {
                if (writer.reader.schema(newName) != null) {
                    throw CatalogErrors.schemaExists(newName);
                }
            }
            case PgDatabase.TABLE -> {
                if (writer.reader.database(newName) != null) {
                    throw CatalogErrors.databaseExists(newName);
                }
            }
            case PgProc.TABLE -> {
                String schema = writer.reader.schema(schemaOid).name();
                var other = writer.reader.function(schema, newName, row.integers(PgProc.PROARGTYPES));
                if (other != null) {
                    throw new SqlException(SqlState.DUPLICATE_FUNCTION, "function "
                            + writer.descriptions.signature(other) + " already exists in schema \"" + schema + "\"");
                }
            }
            default -> {
                // The unique index of the catalog answers.
            }
        }
    }

    /** SET SCHEMA. Indexes, row type and constraints of a table, and the sequences its columns own, move with it. */
    public void setSchema(ObjectAddress object, int newSchemaOid) {
        CatalogRow row = row(object);
        ObjectColumns columns = ObjectColumns.of(object.classOid());
        int oldSchema = row.integer(columns.schema());
        if (oldSchema == newSchemaOid) {
            return;
        }
        checkNameFree(object, row, columns, newSchemaOid, row.text(columns.name()));
        RowBuilder.update(row).set(columns.schema(), newSchemaOid).write(writer.store);
        writer.dependencies.change(object, ObjectAddress.schema(oldSchema), ObjectAddress.schema(newSchemaOid),
                Dependencies.NORMAL);
        if (object.classOid() == PgType.TABLE) {
            writer.types().alignArray(object.objectOid());
            int relation = row.integer(PgType.TYPRELID);
            if (relation != 0) {
                moveRelationParts(relation, oldSchema, newSchemaOid);
                RowBuilder.update(row(ObjectAddress.relation(relation))).set(PgClass.RELNAMESPACE, newSchemaOid)
                        .write(writer.store);
            }
        } else if (object.classOid() == PgClass.TABLE) {
            moveRelationParts(object.objectOid(), oldSchema, newSchemaOid);
        }
    }

    private void moveRelationParts(int relationOid, int oldSchema, int newSchema) {
        CatalogRow row = row(ObjectAddress.relation(relationOid));
        int rowType = row.integer(PgClass.RELTYPE);
        CatalogRow type = rowType == 0 ? null : findRow(ObjectAddress.type(rowType));
        if (type != null && type.integer(PgType.TYPNAMESPACE) != newSchema) {
            RowBuilder.update(type).set(PgType.TYPNAMESPACE, newSchema).write(writer.store);
            writer.types().alignArray(rowType);
        }
        for (CatalogRow index : writer.store.find(CatalogTables.index("pg_index_indrelid_index"),
                (long) relationOid)) {
            CatalogRow indexClass = row(ObjectAddress.relation(index.integer(PgIndex.INDEXRELID)));
            RowBuilder.update(indexClass).set(PgClass.RELNAMESPACE, newSchema).write(writer.store);
        }
        for (CatalogRow constraint : writer.store.find(CONSTRAINT_RELATION, (long) relationOid)) {
            RowBuilder.update(constraint).set(PgConstraint.CONNAMESPACE, newSchema).write(writer.store);
        }
        for (Dependencies.Dependency dependent : writer.dependencies.on(ObjectAddress.relation(relationOid))) {
            boolean owned = dependent.object().classOid() == PgClass.TABLE && dependent.referenced().subId() > 0
                    && dependent.type() != Dependencies.NORMAL;
            RelationDescriptor sequence = owned ? writer.reader.relation(dependent.object().objectOid()) : null;
            if (sequence != null && sequence.kind() == RelationKind.SEQUENCE && sequence.schemaOid() == oldSchema) {
                setSchema(dependent.object(), newSchema);
            }
        }
    }

    /** OWNER TO; parts of a relation follow, and its privileges name the new owner where they named the old. */
    public void setOwner(ObjectAddress object, int newOwner) {
        CatalogRow row = row(object);
        ObjectColumns columns = ObjectColumns.of(object.classOid());
        int oldOwner = row.integer(columns.owner());
        if (oldOwner == newOwner) {
            return;
        }
        RowBuilder update = RowBuilder.update(row).set(columns.owner(), newOwner);
        if (columns.acl() >= 0 && !row.isNull(columns.acl())) {
            update.setTexts(columns.acl(), AclItem.changeOwner(row.texts(columns.acl()),
                    writer.reader.role(oldOwner).name(), writer.reader.role(newOwner).name()));
        }
        update.write(writer.store);
        writer.owners.changeOwner(object, newOwner);
        if (object.classOid() == PgClass.TABLE) {
            for (CatalogRow index : writer.store.find(CatalogTables.index("pg_index_indrelid_index"),
                    (long) object.objectOid())) {
                RowBuilder.update(row(ObjectAddress.relation(index.integer(PgIndex.INDEXRELID))))
                        .set(PgClass.RELOWNER, newOwner).write(writer.store);
            }
            int toast = row.integer(PgClass.RELTOASTRELID);
            if (toast != 0) {
                setOwner(ObjectAddress.relation(toast), newOwner);
            }
            int rowType = row.integer(PgClass.RELTYPE);
            if (rowType != 0) {
                RowBuilder.update(row(ObjectAddress.type(rowType))).set(PgType.TYPOWNER, newOwner)
                        .write(writer.store);
                writer.types().alignArray(rowType);
            }
            changeSequenceOwners(object.objectOid(), newOwner);
        } else if (object.classOid() == PgType.TABLE) {
            writer.types().alignArray(object.objectOid());
        }
    }

    private void changeSequenceOwners(int relationOid, int newOwner) {
        for (Dependencies.Dependency dependent : writer.dependencies.on(ObjectAddress.relation(relationOid))) {
            RelationDescriptor relation = dependent.object().classOid() == PgClass.TABLE
                    && dependent.referenced().subId() > 0 && dependent.type() != Dependencies.NORMAL
                    ? writer.reader.relation(dependent.object().objectOid()) : null;
            if (relation != null && relation.kind() == RelationKind.SEQUENCE) {
                setOwner(dependent.object(), newOwner);
            }
        }
    }

    // Comments

    /** COMMENT ON; null or empty removes it. Works for shared objects too. */
    public void setComment(ObjectAddress object, String text) {
        boolean none = text == null || text.isEmpty();
        CatalogTable table = CatalogTables.find(object.classOid());
        if (table != null && table.shared()) {
            removeSharedComment(object.classOid(), object.objectOid());
            if (!none) {
                RowBuilder.insert(PgShdescription.TABLE).set(PgShdescription.OBJOID, object.objectOid())
                        .set(PgShdescription.CLASSOID, object.classOid()).set(PgShdescription.DESCRIPTION, text)
                        .write(writer.store);
            }
            return;
        }
        CatalogRow old = writer.store.findOne(DESCRIPTION, (long) object.objectOid(), (long) object.classOid(),
                (long) object.subId());
        if (old != null) {
            writer.store.delete(old);
        }
        if (!none) {
            RowBuilder.insert(PgDescription.TABLE).set(PgDescription.OBJOID, object.objectOid())
                    .set(PgDescription.CLASSOID, object.classOid()).set(PgDescription.OBJSUBID, object.subId())
                    .set(PgDescription.DESCRIPTION, text).write(writer.store);
        }
    }

    void removeSharedComment(int classOid, int objectOid) {
        CatalogRow old = writer.store.findOne(SHARED_DESCRIPTION, (long) objectOid, (long) classOid);
        if (old != null) {
            writer.store.delete(old);
        }
    }

    // Privileges

    /** Stores an object's privileges; null restores the defaults. For a column give its address. */
    public void setAcl(ObjectAddress object, List<String> acl) {
        if (object.subId() > 0) {
            RowBuilder.update(writer.store.findOne(ATTRIBUTE, (long) object.objectOid(), (long) object.subId()))
                    .setTexts(PgAttribute.ATTACL, acl).write(writer.store);
        } else {
            RowBuilder.update(row(object)).setTexts(ObjectColumns.of(object.classOid()).acl(), acl)
                    .write(writer.store);
        }
        Set<Integer> roles = new LinkedHashSet<>();
        if (acl != null) {
            for (String text : acl) {
                AclItem item = AclItem.parse(text);
                RoleDescriptor grantee = item.isPublic() ? null : writer.reader.role(item.grantee());
                if (grantee != null) {
                    roles.add(grantee.oid());
                }
            }
        }
        writer.owners.changeAcl(object, roles);
    }

    /** Rewrites the privileges of this database and of shared objects that name a renamed role. */
    public void renameInPrivileges(String oldName, String newName) {
        for (int classOid : new int[] {PgClass.TABLE, PgProc.TABLE, PgType.TABLE, PgNamespace.TABLE,
                PgDatabase.TABLE}) {
            int column = ObjectColumns.of(classOid).acl();
            for (CatalogRow row : writer.store.scan(CatalogTables.table(classOid))) {
                renameIn(row, column, oldName, newName);
            }
        }
        for (CatalogRow row : writer.store.scan(CatalogTables.table(PgAttribute.TABLE))) {
            renameIn(row, PgAttribute.ATTACL, oldName, newName);
        }
    }

    private void renameIn(CatalogRow row, int column, String oldName, String newName) {
        List<String> acl = row.texts(column);
        if (acl == null) {
            return;
        }
        List<String> renamed = acl.stream().map(text -> AclItem.parse(text).renamed(oldName, newName).toString())
                .toList();
        if (!renamed.equals(acl)) {
            RowBuilder.update(row).setTexts(column, renamed).write(writer.store);
        }
    }

    // Removal

    /** Takes one object away with everything recorded about it; what depends on it has gone before. */
    void remove(ObjectAddress object) {
        int oid = object.objectOid();
        switch (object.classOid()) {
            case PgClass.TABLE -> removeRelation(object);
            case PgType.TABLE -> writer.types().remove(oid);
            case PgProc.TABLE -> writer.functions().remove(oid);
            case PgConstraint.TABLE -> writer.indexes().removeConstraint(oid);
            case PgAttrdef.TABLE -> writer.relations().removeDefault(oid);
            case PgNamespace.TABLE -> writer.shared().removeSchema(oid);
            default -> {
                CatalogRow row = findRow(object);
                if (row != null) {
                    writer.store.delete(row);
                }
            }
        }
        writer.dependencies.deleteOf(object);
        writer.owners.forget(object);
        removeComments(object);
    }

    private void removeRelation(ObjectAddress object) {
        if (object.subId() > 0) {
            writer.relations().markColumnDropped(object.objectOid(), object.subId());
            writer.store.find(CatalogTables.index("pg_statistic_relid_att_inh_index"), (long) object.objectOid(),
                    (long) object.subId()).forEach(writer.store::delete);
            return;
        }
        RelationDescriptor relation = writer.reader.relation(object.objectOid());
        if (relation == null) {
            return;
        }
        if (relation.storage() != null) {
            storage.dropped(relation.storage());
        }
        if (relation.kind() == RelationKind.INDEX || relation.kind() == RelationKind.PARTITIONED_INDEX) {
            writer.indexes().removeIndex(object.objectOid());
        } else {
            writer.relations().remove(object.objectOid());
        }
    }

    private void removeComments(ObjectAddress object) {
        List<CatalogRow> rows = object.subId() == 0
                ? writer.store.find(DESCRIPTION, (long) object.objectOid(), (long) object.classOid())
                : writer.store.find(DESCRIPTION, (long) object.objectOid(), (long) object.classOid(),
                        (long) object.subId());
        rows.forEach(writer.store::delete);
    }
}
