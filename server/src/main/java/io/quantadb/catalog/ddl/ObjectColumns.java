package io.quantadb.catalog.ddl;

import io.quantadb.catalog.table.SystemColumns.PgCollation;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgConstraint;
import io.quantadb.catalog.table.SystemColumns.PgConversion;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgExtension;
import io.quantadb.catalog.table.SystemColumns.PgLanguage;
import io.quantadb.catalog.table.SystemColumns.PgNamespace;
import io.quantadb.catalog.table.SystemColumns.PgOpclass;
import io.quantadb.catalog.table.SystemColumns.PgOperator;
import io.quantadb.catalog.table.SystemColumns.PgOpfamily;
import io.quantadb.catalog.table.SystemColumns.PgPolicy;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import io.quantadb.catalog.table.SystemColumns.PgPublication;
import io.quantadb.catalog.table.SystemColumns.PgRewrite;
import io.quantadb.catalog.table.SystemColumns.PgStatisticExt;
import io.quantadb.catalog.table.SystemColumns.PgTablespace;
import io.quantadb.catalog.table.SystemColumns.PgTrigger;
import io.quantadb.catalog.table.SystemColumns.PgType;
import io.quantadb.error.SqlException;

/**
 * Where a catalog keeps what most objects have: positions of name, schema, owner and privileges; -1 where it has
 * none.
 */
record ObjectColumns(int name, int schema, int owner, int acl) {
    static ObjectColumns of(int classOid) {
        return switch (classOid) {
            case PgClass.TABLE -> new ObjectColumns(PgClass.RELNAME, PgClass.RELNAMESPACE, PgClass.RELOWNER,
                    PgClass.RELACL);
            case PgType.TABLE -> new ObjectColumns(PgType.TYPNAME, PgType.TYPNAMESPACE, PgType.TYPOWNER,
                    PgType.TYPACL);
            case PgProc.TABLE -> new ObjectColumns(PgProc.PRONAME, PgProc.PRONAMESPACE, PgProc.PROOWNER,
                    PgProc.PROACL);
            case PgNamespace.TABLE -> new ObjectColumns(PgNamespace.NSPNAME, -1, PgNamespace.NSPOWNER,
                    PgNamespace.NSPACL);
            case PgDatabase.TABLE -> new ObjectColumns(PgDatabase.DATNAME, -1, PgDatabase.DATDBA, PgDatabase.DATACL);
            case PgTablespace.TABLE -> new ObjectColumns(PgTablespace.SPCNAME, -1, PgTablespace.SPCOWNER,
                    PgTablespace.SPCACL);
            case PgLanguage.TABLE -> new ObjectColumns(PgLanguage.LANNAME, -1, PgLanguage.LANOWNER, PgLanguage.LANACL);
            case PgCollation.TABLE -> new ObjectColumns(PgCollation.COLLNAME, PgCollation.COLLNAMESPACE,
                    PgCollation.COLLOWNER, -1);
            case PgConversion.TABLE -> new ObjectColumns(PgConversion.CONNAME, PgConversion.CONNAMESPACE,
                    PgConversion.CONOWNER, -1);
            case PgOperator.TABLE -> new ObjectColumns(PgOperator.OPRNAME, PgOperator.OPRNAMESPACE,
                    PgOperator.OPROWNER, -1);
            case PgOpclass.TABLE -> new ObjectColumns(PgOpclass.OPCNAME, PgOpclass.OPCNAMESPACE, PgOpclass.OPCOWNER,
                    -1);
            case PgOpfamily.TABLE -> new ObjectColumns(PgOpfamily.OPFNAME, PgOpfamily.OPFNAMESPACE,
                    PgOpfamily.OPFOWNER, -1);
            case PgStatisticExt.TABLE -> new ObjectColumns(PgStatisticExt.STXNAME, PgStatisticExt.STXNAMESPACE,
                    PgStatisticExt.STXOWNER, -1);
            case PgConstraint.TABLE -> new ObjectColumns(PgConstraint.CONNAME, PgConstraint.CONNAMESPACE, -1, -1);
            case PgRewrite.TABLE -> new ObjectColumns(PgRewrite.RULENAME, -1, -1, -1);
            case PgTrigger.TABLE -> new ObjectColumns(PgTrigger.TGNAME, -1, -1, -1);
            case PgPolicy.TABLE -> new ObjectColumns(PgPolicy.POLNAME, -1, -1, -1);
            case PgExtension.TABLE -> new ObjectColumns(PgExtension.EXTNAME, PgExtension.EXTNAMESPACE,
                    PgExtension.EXTOWNER, -1);
            case PgPublication.TABLE -> new ObjectColumns(PgPublication.PUBNAME, -1, PgPublication.PUBOWNER, -1);
            default -> throw SqlException.notSupported("changing objects of catalog " + classOid);
        };
    }
}
