package io.quantadb.catalog.ddl;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.ExpressionLists;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgCollation;
import io.quantadb.catalog.table.SystemColumns.PgConstraint;
import io.quantadb.catalog.table.SystemColumns.PgIndex;
import io.quantadb.catalog.table.SystemColumns.PgOpclass;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Creates and changes indexes and constraints. */
public final class IndexWriter {
    private static final CatalogIndex CLASS_OID = CatalogTables.index("pg_class_oid_index");
    private static final CatalogIndex CLASS_NAME = CatalogTables.index("pg_class_relname_nsp_index");
    private static final CatalogIndex INDEX_OID = CatalogTables.index("pg_index_indexrelid_index");
    private static final CatalogIndex INDEX_TABLE = CatalogTables.index("pg_index_indrelid_index");
    private static final CatalogIndex CONSTRAINT_OID = CatalogTables.index("pg_constraint_oid_index");
    private static final CatalogIndex CONSTRAINT_RELATION =
            CatalogTables.index("pg_constraint_conrelid_contypid_conname_index");
    private static final CatalogIndex ATTRIBUTE = CatalogTables.index("pg_attribute_relid_attnum_index");

    private final CatalogWriter writer;

    IndexWriter(CatalogWriter writer) {
        this.writer = writer;
    }

    /**
     * Creates an index, and the constraint it implements if any. Its file has the oid as number; the caller makes and
     * fills it.
     *
     * @return its oid
     * @throws io.quantadb.error.SqlException 42P07 or 42710 if a name is taken
     */
    public int create(NewIndex index) {
        RelationDescriptor table = writer.reader.relation(index.tableOid());
        if (writer.store.findOne(CLASS_NAME, index.name(), (long) table.schemaOid()) != null) {
            throw CatalogErrors.relationExists(index.name());
        }
        int oid = writer.store.newFileNumber();
        List<IndexColumn> all = Stream.concat(index.keyColumns().stream(), index.includeColumns().stream()).toList();
        writer.relations().emptyClassRow(oid, index.name(), table.schemaOid(), table.ownerOid(), RelationKind.INDEX)
                .set(PgClass.RELAM, index.accessMethod()).set(PgClass.RELTABLESPACE, index.tablespaceOid())
                .setNumber(PgClass.RELTUPLES, 0).setChar(PgClass.RELPERSISTENCE, table.persistence())
                .set(PgClass.RELNATTS, all.size()).setTexts(PgClass.RELOPTIONS, index.options()).write(writer.store);
        int attnum = 0;
        for (IndexColumn column : all) {
            writer.relations().attributeRow(oid, ++attnum, column.name(), column.type().oid(), column.typmod(),
                    column.collation()).write(writer.store);
        }
        insertIndexRow(oid, index, all);
        CatalogRow tableRow = writer.store.findOne(CLASS_OID, (long) index.tableOid());
        // Another index of the same table may be made alongside.
        while (!tableRow.bool(PgClass.RELHASINDEX)
                && !RowBuilder.update(tableRow).set(PgClass.RELHASINDEX, true).tryWrite(writer.store)) {
            tableRow = writer.store.findOne(CLASS_OID, (long) index.tableOid());
        }
        recordIndexDependencies(oid, index, table, all);
        return oid;
    }

    private void insertIndexRow(int oid, NewIndex index, List<IndexColumn> all) {
        List<IndexColumn> keys = index.keyColumns();
        RowBuilder.insert(PgIndex.TABLE).set(PgIndex.INDEXRELID, oid).set(PgIndex.INDRELID, index.tableOid())
                .set(PgIndex.INDNATTS, all.size()).set(PgIndex.INDNKEYATTS, keys.size())
                .set(PgIndex.INDISUNIQUE, index.unique()).set(PgIndex.INDNULLSNOTDISTINCT, index.nullsNotDistinct())
                .set(PgIndex.INDISPRIMARY, index.constraintType() == 'p')
                .set(PgIndex.INDISEXCLUSION, index.constraintType() == 'x')
                .set(PgIndex.INDIMMEDIATE, !index.deferrable()).set(PgIndex.INDISCLUSTERED, false)
                .set(PgIndex.INDISVALID, index.valid()).set(PgIndex.INDCHECKXMIN, false)
                .set(PgIndex.INDISREADY, index.ready()).set(PgIndex.INDISLIVE, true)
                .set(PgIndex.INDISREPLIDENT, false)
                .setVector(PgIndex.INDKEY, all.stream().mapToInt(IndexColumn::attnum).toArray())
                .setVector(PgIndex.INDCOLLATION, keys.stream().mapToInt(IndexColumn::collation).toArray())
                .setVector(PgIndex.INDCLASS, keys.stream().mapToInt(IndexColumn::opclass).toArray())
                .setVector(PgIndex.INDOPTION, keys.stream()
                        .mapToInt(c -> (c.descending() ? 1 : 0) | (c.nullsFirst() ? 2 : 0)).toArray())
                .set(PgIndex.INDEXPRS, ExpressionLists.join(keys.stream().map(IndexColumn::expression)
                        .filter(Objects::nonNull).toList()))
                .set(PgIndex.INDPRED, index.predicate()).write(writer.store);
    }

    private void recordIndexDependencies(int oid, NewIndex index, RelationDescriptor table, List<IndexColumn> all) {
        ObjectAddress self = ObjectAddress.relation(oid);
        if (index.constraintType() != 0) {
            int constraint = createIndexConstraint(oid, index, table);
            writer.dependencies.record(self, ObjectAddress.constraint(constraint), Dependencies.INTERNAL);
        } else {
            List<ObjectAddress> columns = new ArrayList<>();
            all.stream().filter(c -> c.attnum() > 0)
                    .forEach(c -> columns.add(ObjectAddress.column(index.tableOid(), c.attnum())));
            if (columns.isEmpty()) {
                columns.add(ObjectAddress.relation(index.tableOid()));
            }
            writer.dependencies.recordAll(self, columns, Dependencies.AUTO);
        }
        for (IndexColumn column : index.keyColumns()) {
            writer.dependencies.record(self, ObjectAddress.of(PgCollation.TABLE, column.collation()),
                    Dependencies.NORMAL);
            writer.dependencies.record(self, ObjectAddress.of(PgOpclass.TABLE, column.opclass()),
                    Dependencies.NORMAL);
        }
        for (ObjectAddress reference : index.expressionReferences()) {
            boolean own = reference.classOid() == PgClass.TABLE && reference.objectOid() == index.tableOid();
            writer.dependencies.record(self, reference, own ? Dependencies.AUTO : Dependencies.NORMAL);
        }
    }

    private int createIndexConstraint(int indexOid, NewIndex index, RelationDescriptor table) {
        checkConstraintName(index.tableOid(), 0, index.name(), table.name());
        int oid = writer.store.newOid();
        List<Integer> columns = index.keyColumns().stream().map(IndexColumn::attnum).toList();
        constraintRow(oid, index.name(), table.schemaOid(), index.constraintType())
                .set(PgConstraint.CONDEFERRABLE, index.deferrable())
                .set(PgConstraint.CONDEFERRED, index.initiallyDeferred())
                .set(PgConstraint.CONRELID, index.tableOid()).set(PgConstraint.CONINDID, indexOid)
                .set(PgConstraint.CONNOINHERIT, true).setArray(PgConstraint.CONKEY, columns).write(writer.store);
        columns.forEach(column -> writer.dependencies.record(ObjectAddress.constraint(oid),
                ObjectAddress.column(index.tableOid(), column), Dependencies.AUTO));
        return oid;
    }

    /**
     * ADD CONSTRAINT USING INDEX: the index implements a constraint from now on, whose name it takes.
     *
     * @return the constraint's oid
     */
    public int adopt(NewIndex index, int indexOid) {
        RelationDescriptor table = writer.reader.relation(index.tableOid());
        CatalogRow relation = writer.store.findOne(CLASS_OID, (long) indexOid);
        if (!index.name().equals(relation.text(PgClass.RELNAME))) {
            if (writer.store.findOne(CLASS_NAME, index.name(), (long) table.schemaOid()) != null) {
                throw CatalogErrors.relationExists(index.name());
            }
            RowBuilder.update(relation).set(PgClass.RELNAME, index.name()).write(writer.store);
        }
        int constraint = createIndexConstraint(indexOid, index, table);
        ObjectAddress self = ObjectAddress.relation(indexOid);
        writer.dependencies.deleteOf(self, PgClass.TABLE, Dependencies.AUTO);
        writer.dependencies.record(self, ObjectAddress.constraint(constraint), Dependencies.INTERNAL);
        RowBuilder.update(writer.store.findOne(INDEX_OID, (long) indexOid))
                .set(PgIndex.INDISPRIMARY, index.constraintType() == 'p')
                .set(PgIndex.INDIMMEDIATE, !index.deferrable()).write(writer.store);
        return constraint;
    }

    private static RowBuilder constraintRow(int oid, String name, int schemaOid, char type) {
        return RowBuilder.insert(PgConstraint.TABLE).set(PgConstraint.OID, oid).set(PgConstraint.CONNAME, name)
                .set(PgConstraint.CONNAMESPACE, schemaOid).setChar(PgConstraint.CONTYPE, type)
                .set(PgConstraint.CONDEFERRABLE, false).set(PgConstraint.CONDEFERRED, false)
                .set(PgConstraint.CONVALIDATED, true).set(PgConstraint.CONRELID, 0).set(PgConstraint.CONTYPID, 0)
                .set(PgConstraint.CONINDID, 0).set(PgConstraint.CONPARENTID, 0).set(PgConstraint.CONFRELID, 0)
                .setChar(PgConstraint.CONFUPDTYPE, ' ').setChar(PgConstraint.CONFDELTYPE, ' ')
                .setChar(PgConstraint.CONFMATCHTYPE, ' ').set(PgConstraint.CONISLOCAL, true)
                .set(PgConstraint.CONINHCOUNT, 0).set(PgConstraint.CONNOINHERIT, false);
    }

    private void checkConstraintName(int tableOid, int domainOid, String name, String ownerName) {
        if (writer.store.findOne(CONSTRAINT_RELATION, (long) tableOid, (long) domainOid, name) != null) {
            if (tableOid == 0) {
                throw new io.quantadb.error.SqlException(io.quantadb.error.SqlState.DUPLICATE_OBJECT,
                        "constraint \"" + name + "\" for domain \"" + ownerName + "\" already exists");
            }
            throw CatalogErrors.constraintExists(name, ownerName);
        }
    }

    /**
     * ADD CONSTRAINT of a check or foreign key.
     *
     * @return its oid
     */
    public int createConstraint(NewConstraint constraint) {
        String ownerName = constraint.tableOid() != 0 ? writer.reader.relation(constraint.tableOid()).name()
                : writer.reader.type(constraint.domainOid()).name();
        checkConstraintName(constraint.tableOid(), constraint.domainOid(), constraint.name(), ownerName);
        int oid = writer.store.newOid();
        boolean foreign = constraint.type() == 'f';
        RowBuilder row = constraintRow(oid, constraint.name(), constraint.schemaOid(), constraint.type())
                .set(PgConstraint.CONDEFERRABLE, constraint.deferrable())
                .set(PgConstraint.CONDEFERRED, constraint.initiallyDeferred())
                .set(PgConstraint.CONVALIDATED, constraint.validated())
                .set(PgConstraint.CONRELID, constraint.tableOid()).set(PgConstraint.CONTYPID, constraint.domainOid())
                .set(PgConstraint.CONISLOCAL, constraint.local())
                .set(PgConstraint.CONINHCOUNT, constraint.inheritCount())
                .set(PgConstraint.CONNOINHERIT, foreign || constraint.noInherit())
                .setArray(PgConstraint.CONKEY, constraint.columns().isEmpty() ? null : constraint.columns())
                .set(PgConstraint.CONBIN, constraint.expression() == null ? null : constraint.expression().text());
        if (foreign) {
            row.set(PgConstraint.CONINDID, constraint.referencedIndexOid())
                    .set(PgConstraint.CONFRELID, constraint.referencedTableOid())
                    .setChar(PgConstraint.CONFUPDTYPE, constraint.updateAction())
                    .setChar(PgConstraint.CONFDELTYPE, constraint.deleteAction())
                    .setChar(PgConstraint.CONFMATCHTYPE, constraint.matchType())
                    .setArray(PgConstraint.CONFKEY, constraint.referencedColumns())
                    .setArray(PgConstraint.CONPFEQOP, constraint.equalityOperators())
                    .setArray(PgConstraint.CONPPEQOP, constraint.equalityOperators())
                    .setArray(PgConstraint.CONFFEQOP, constraint.equalityOperators())
                    .setArray(PgConstraint.CONFDELSETCOLS,
                            constraint.deleteSetColumns().isEmpty() ? null : constraint.deleteSetColumns());
        }
        row.write(writer.store);
        recordConstraintDependencies(oid, constraint);
        if (constraint.type() == 'c' && constraint.tableOid() != 0) {
            changeCheckCount(constraint.tableOid(), 1);
        }
        if (foreign) {
            noteTriggers(constraint.tableOid());
            noteTriggers(constraint.referencedTableOid());
        }
        return oid;
    }

    /** Foreign keys are triggers to clients, which only look for them on tables that say they have some. */
    private void noteTriggers(int tableOid) {
        CatalogRow row = writer.store.findOne(CLASS_OID, (long) tableOid);
        if (!row.bool(PgClass.RELHASTRIGGERS)) {
            RowBuilder.update(row).set(PgClass.RELHASTRIGGERS, true).write(writer.store);
        }
    }

    private void recordConstraintDependencies(int oid, NewConstraint constraint) {
        ObjectAddress self = ObjectAddress.constraint(oid);
        if (constraint.domainOid() != 0) {
            writer.dependencies.record(self, ObjectAddress.type(constraint.domainOid()), Dependencies.AUTO);
        } else if (constraint.columns().isEmpty()) {
            writer.dependencies.record(self, ObjectAddress.relation(constraint.tableOid()), Dependencies.AUTO);
        }
        constraint.columns().forEach(column -> writer.dependencies.record(self,
                ObjectAddress.column(constraint.tableOid(), column), Dependencies.AUTO));
        constraint.referencedColumns().forEach(column -> writer.dependencies.record(self,
                ObjectAddress.column(constraint.referencedTableOid(), column), Dependencies.NORMAL));
        if (constraint.referencedIndexOid() != 0) {
            writer.dependencies.record(self, ObjectAddress.relation(constraint.referencedIndexOid()),
                    Dependencies.NORMAL);
        }
        if (constraint.expression() != null) {
            writer.dependencies.recordAll(self, constraint.expression().references(), Dependencies.NORMAL);
        }
    }

    private void changeCheckCount(int tableOid, int change) {
        CatalogRow row = writer.store.findOne(CLASS_OID, (long) tableOid);
        if (row != null) {
            RowBuilder.update(row).set(PgClass.RELCHECKS, row.integer(PgClass.RELCHECKS) + change).write(writer.store);
        }
    }

    /** VALIDATE CONSTRAINT, after the rows were checked. */
    public void setValidated(int constraintOid) {
        RowBuilder.update(writer.store.findOne(CONSTRAINT_OID, (long) constraintOid))
                .set(PgConstraint.CONVALIDATED, true).write(writer.store);
    }

    /** ALTER CONSTRAINT. */
    public void setDeferrable(int constraintOid, boolean deferrable, boolean initiallyDeferred) {
        RowBuilder.update(writer.store.findOne(CONSTRAINT_OID, (long) constraintOid))
                .set(PgConstraint.CONDEFERRABLE, deferrable).set(PgConstraint.CONDEFERRED, initiallyDeferred)
                .write(writer.store);
    }

    /** RENAME CONSTRAINT; the index behind it is renamed with it. */
    public void renameConstraint(int constraintOid, String newName) {
        CatalogRow row = writer.store.findOne(CONSTRAINT_OID, (long) constraintOid);
        int table = row.integer(PgConstraint.CONRELID);
        int domain = row.integer(PgConstraint.CONTYPID);
        checkConstraintName(table, domain, newName,
                table != 0 ? writer.reader.relation(table).name() : writer.reader.type(domain).name());
        char type = row.character(PgConstraint.CONTYPE);
        if (type == 'p' || type == 'u' || type == 'x') {
            CatalogRow index = writer.store.findOne(CLASS_OID, row.bigint(PgConstraint.CONINDID));
            if (writer.store.findOne(CLASS_NAME, newName, index.bigint(PgClass.RELNAMESPACE)) != null) {
                throw CatalogErrors.relationExists(newName);
            }
            RowBuilder.update(index).set(PgClass.RELNAME, newName).write(writer.store);
        }
        RowBuilder.update(row).set(PgConstraint.CONNAME, newName).write(writer.store);
    }

    /** State changes of CREATE INDEX CONCURRENTLY and REINDEX. */
    public void setIndexState(int indexOid, boolean ready, boolean valid) {
        RowBuilder.update(writer.store.findOne(INDEX_OID, (long) indexOid)).set(PgIndex.INDISREADY, ready)
                .set(PgIndex.INDISVALID, valid).write(writer.store);
    }

    /** CLUSTER ON and REPLICA IDENTITY USING INDEX; oid 0 clears the mark from all indexes of the table. */
    public void mark(int tableOid, int indexOid, boolean replicaIdentity) {
        int column = replicaIdentity ? PgIndex.INDISREPLIDENT : PgIndex.INDISCLUSTERED;
        for (CatalogRow row : writer.store.find(INDEX_TABLE, (long) tableOid)) {
            boolean wanted = row.integer(PgIndex.INDEXRELID) == indexOid;
            if (row.bool(column) != wanted) {
                RowBuilder.update(row).set(column, wanted).write(writer.store);
            }
        }
    }

    /** A name for an index or constraint that nobody has: {@code t_a_b_idx}, {@code t_a_b_idx1}, ... */
    public String chooseName(int schemaOid, String table, List<String> columns, String suffix) {
        String middle = String.join("_", columns);
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> ObjectNamesChooser.make(table, middle, i == 0 ? suffix : suffix + i))
                .filter(name -> writer.store.findOne(CLASS_NAME, name, (long) schemaOid) == null)
                .findFirst().orElseThrow();
    }

    /** As {@link #chooseName} for a check or foreign key: unique among the constraints of the schema. */
    public String chooseConstraintName(int schemaOid, String table, List<String> columns, String suffix) {
        CatalogIndex byName = CatalogTables.index("pg_constraint_conname_nsp_index");
        String middle = String.join("_", columns);
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> ObjectNamesChooser.make(table, middle, i == 0 ? suffix : suffix + i))
                .filter(name -> writer.store.find(byName, name, (long) schemaOid).isEmpty()).findFirst().orElseThrow();
    }

    /** Takes away an index's rows. */
    void removeIndex(int oid) {
        CatalogRow row = writer.store.findOne(INDEX_OID, (long) oid);
        writer.store.find(ATTRIBUTE, (long) oid).forEach(writer.store::delete);
        if (row != null) {
            writer.store.delete(row);
        }
        CatalogRow relation = writer.store.findOne(CLASS_OID, (long) oid);
        if (relation != null) {
            writer.store.delete(relation);
        }
    }

    void removeConstraint(int oid) {
        CatalogRow row = writer.store.findOne(CONSTRAINT_OID, (long) oid);
        if (row == null) {
            return;
        }
        if (row.character(PgConstraint.CONTYPE) == 'c' && row.integer(PgConstraint.CONRELID) != 0) {
            changeCheckCount(row.integer(PgConstraint.CONRELID), -1);
        }
        writer.store.delete(row);
    }
}
