package io.quantadb.catalog.cache;

import io.quantadb.catalog.cache.Invalidation.Kind;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.SystemColumns.PgAggregate;
import io.quantadb.catalog.table.SystemColumns.PgAmop;
import io.quantadb.catalog.table.SystemColumns.PgAmproc;
import io.quantadb.catalog.table.SystemColumns.PgAttrdef;
import io.quantadb.catalog.table.SystemColumns.PgAttribute;
import io.quantadb.catalog.table.SystemColumns.PgAuthMembers;
import io.quantadb.catalog.table.SystemColumns.PgAuthid;
import io.quantadb.catalog.table.SystemColumns.PgCast;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgCollation;
import io.quantadb.catalog.table.SystemColumns.PgConstraint;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgDepend;
import io.quantadb.catalog.table.SystemColumns.PgEnum;
import io.quantadb.catalog.table.SystemColumns.PgIndex;
import io.quantadb.catalog.table.SystemColumns.PgInherits;
import io.quantadb.catalog.table.SystemColumns.PgNamespace;
import io.quantadb.catalog.table.SystemColumns.PgOpclass;
import io.quantadb.catalog.table.SystemColumns.PgOperator;
import io.quantadb.catalog.table.SystemColumns.PgOpfamily;
import io.quantadb.catalog.table.SystemColumns.PgPolicy;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import io.quantadb.catalog.table.SystemColumns.PgRange;
import io.quantadb.catalog.table.SystemColumns.PgRewrite;
import io.quantadb.catalog.table.SystemColumns.PgSequence;
import io.quantadb.catalog.table.SystemColumns.PgStatistic;
import io.quantadb.catalog.table.SystemColumns.PgTrigger;
import io.quantadb.catalog.table.SystemColumns.PgType;
import java.util.LinkedHashSet;
import java.util.Set;

/** Derives from a changed catalog row what caches must forget. */
final class Invalidations {
    private Invalidations() {
    }

    /** Either row may be null, for an insert or a delete; not both. */
    static Set<Invalidation> of(CatalogTable table, int databaseOid, Object[] before, Object[] after) {
        Set<Invalidation> out = new LinkedHashSet<>();
        if (before != null) {
            add(table, databaseOid, before, out);
        }
        if (after != null) {
            add(table, databaseOid, after, out);
        }
        return out;
    }

    private static void add(CatalogTable table, int db, Object[] row, Set<Invalidation> out) {
        switch (table.oid()) {
            case PgClass.TABLE -> out.add(new Invalidation(Kind.RELATION, db, oid(row, PgClass.OID),
                    oid(row, PgClass.RELNAMESPACE), (String) row[PgClass.RELNAME]));
            case PgAttribute.TABLE -> relation(out, db, row, PgAttribute.ATTRELID);
            case PgAttrdef.TABLE -> relation(out, db, row, PgAttrdef.ADRELID);
            case PgIndex.TABLE -> {
                relation(out, db, row, PgIndex.INDRELID);
                relation(out, db, row, PgIndex.INDEXRELID);
            }
            case PgConstraint.TABLE -> {
                relation(out, db, row, PgConstraint.CONRELID);
                relation(out, db, row, PgConstraint.CONFRELID);
                type(out, db, row, PgConstraint.CONTYPID);
            }
            case PgRewrite.TABLE -> relation(out, db, row, PgRewrite.EV_CLASS);
            case PgTrigger.TABLE -> relation(out, db, row, PgTrigger.TGRELID);
            case PgPolicy.TABLE -> relation(out, db, row, PgPolicy.POLRELID);
            case PgSequence.TABLE -> relation(out, db, row, PgSequence.SEQRELID);
            case PgInherits.TABLE -> {
                relation(out, db, row, PgInherits.INHRELID);
                relation(out, db, row, PgInherits.INHPARENT);
            }
            case PgDepend.TABLE -> {
                // How a table knows the foreign keys that point to it.
                if (oid(row, PgDepend.CLASSID) == PgConstraint.TABLE
                        && oid(row, PgDepend.REFCLASSID) == PgClass.TABLE) {
                    relation(out, db, row, PgDepend.REFOBJID);
                }
            }
            case PgStatistic.TABLE -> out.add(
                    new Invalidation(Kind.STATISTICS, db, oid(row, PgStatistic.STARELID), 0, null));
            case PgType.TABLE -> out.add(new Invalidation(Kind.TYPE, db, oid(row, PgType.OID),
                    oid(row, PgType.TYPNAMESPACE), (String) row[PgType.TYPNAME]));
            case PgEnum.TABLE -> type(out, db, row, PgEnum.ENUMTYPID);
            case PgRange.TABLE -> {
                type(out, db, row, PgRange.RNGTYPID);
                type(out, db, row, PgRange.RNGMULTITYPID);
            }
            case PgProc.TABLE -> out.add(new Invalidation(Kind.FUNCTION, db, oid(row, PgProc.OID), 0,
                    (String) row[PgProc.PRONAME]));
            case PgAggregate.TABLE -> out.add(
                    new Invalidation(Kind.FUNCTION, db, oid(row, PgAggregate.AGGFNOID), 0, null));
            case PgOperator.TABLE -> out.add(new Invalidation(Kind.OPERATOR, db, oid(row, PgOperator.OID), 0,
                    (String) row[PgOperator.OPRNAME]));
            case PgCast.TABLE -> out.add(new Invalidation(Kind.CASTS, db, 0, 0, null));
            case PgAmop.TABLE, PgAmproc.TABLE, PgOpclass.TABLE, PgOpfamily.TABLE ->
                    out.add(new Invalidation(Kind.OPERATOR_CLASSES, db, 0, 0, null));
            case PgNamespace.TABLE -> out.add(new Invalidation(Kind.SCHEMAS, db, 0, 0, null));
            case PgCollation.TABLE -> out.add(new Invalidation(Kind.COLLATIONS, db, 0, 0, null));
            case PgAuthid.TABLE, PgAuthMembers.TABLE -> out.add(new Invalidation(Kind.ROLES, 0, 0, 0, null));
            case PgDatabase.TABLE -> out.add(new Invalidation(Kind.DATABASES, 0, 0, 0, null));
            default -> {
                // Read where they are needed, never cached.
            }
        }
    }

    private static void relation(Set<Invalidation> out, int db, Object[] row, int column) {
        int oid = oid(row, column);
        if (oid != 0) {
            out.add(new Invalidation(Kind.RELATION, db, oid, 0, null));
        }
    }

    private static void type(Set<Invalidation> out, int db, Object[] row, int column) {
        int oid = oid(row, column);
        if (oid != 0) {
            out.add(new Invalidation(Kind.TYPE, db, oid, 0, null));
        }
    }

    private static int oid(Object[] row, int column) {
        return (int) ((Long) row[column]).longValue();
    }
}
