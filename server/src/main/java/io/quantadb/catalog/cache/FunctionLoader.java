package io.quantadb.catalog.cache;

import io.quantadb.catalog.AggregateDescriptor;
import io.quantadb.catalog.CastDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.OperatorFamilyDescriptor;
import io.quantadb.catalog.OperatorFamilyMember;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.ExpressionLists;
import io.quantadb.catalog.table.SystemColumns.PgAggregate;
import io.quantadb.catalog.table.SystemColumns.PgAmop;
import io.quantadb.catalog.table.SystemColumns.PgAmproc;
import io.quantadb.catalog.table.SystemColumns.PgCast;
import io.quantadb.catalog.table.SystemColumns.PgOpclass;
import io.quantadb.catalog.table.SystemColumns.PgOperator;
import io.quantadb.catalog.table.SystemColumns.PgOpfamily;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import java.util.ArrayList;
import java.util.List;

/** Builds descriptors of functions, operators, casts and operator classes. Confined to its reader's thread. */
final class FunctionLoader {
    private static final char[] NO_MODES = {};

    private final Finder finder;
    private final CachedCatalogReader reader;

    FunctionLoader(Finder finder, CachedCatalogReader reader) {
        this.finder = finder;
        this.reader = reader;
    }

    FunctionDescriptor function(int oid) {
        CatalogRow row = finder.one(Finder.PROC_OID, oid);
        return row == null ? null : function(row);
    }

    List<FunctionDescriptor> functions(String name) {
        return finder.find(Finder.PROC_NAME, name).stream().map(this::function).toList();
    }

    private FunctionDescriptor function(CatalogRow row) {
        SchemaDescriptor schema = reader.schema(row.integer(PgProc.PRONAMESPACE));
        List<String> names = row.texts(PgProc.PROARGNAMES);
        return new FunctionDescriptor(row.integer(PgProc.OID), row.text(PgProc.PRONAME),
                row.integer(PgProc.PRONAMESPACE), schema == null ? "" : schema.name(), row.integer(PgProc.PROOWNER),
                row.integer(PgProc.PROLANG), row.integers(PgProc.PROARGTYPES), row.integers(PgProc.PROALLARGTYPES),
                modes(row.texts(PgProc.PROARGMODES)), names == null ? List.of() : names,
                row.integer(PgProc.PRONARGDEFAULTS), ExpressionLists.split(row.text(PgProc.PROARGDEFAULTS)),
                row.integer(PgProc.PROVARIADIC), row.integer(PgProc.PRORETTYPE), row.bool(PgProc.PRORETSET),
                row.character(PgProc.PROKIND), row.character(PgProc.PROVOLATILE), row.bool(PgProc.PROISSTRICT),
                row.bool(PgProc.PROLEAKPROOF), row.bool(PgProc.PROSECDEF), row.character(PgProc.PROPARALLEL),
                row.text(PgProc.PROSRC), row.text(PgProc.PROSQLBODY), row.number(PgProc.PROCOST),
                row.number(PgProc.PROROWS), row.integer(PgProc.PROSUPPORT), row.texts(PgProc.PROCONFIG),
                row.texts(PgProc.PROACL));
    }

    private static char[] modes(List<String> modes) {
        if (modes == null) {
            return NO_MODES;
        }
        char[] result = new char[modes.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = modes.get(i).charAt(0);
        }
        return result;
    }

    AggregateDescriptor aggregate(int functionOid) {
        CatalogRow row = finder.one(Finder.AGGREGATE, functionOid);
        return row == null ? null : new AggregateDescriptor(functionOid, row.character(PgAggregate.AGGKIND),
                row.integer(PgAggregate.AGGNUMDIRECTARGS), row.integer(PgAggregate.AGGTRANSFN),
                row.integer(PgAggregate.AGGFINALFN), row.integer(PgAggregate.AGGCOMBINEFN),
                row.integer(PgAggregate.AGGSERIALFN), row.integer(PgAggregate.AGGDESERIALFN),
                row.integer(PgAggregate.AGGMTRANSFN), row.integer(PgAggregate.AGGMINVTRANSFN),
                row.integer(PgAggregate.AGGMFINALFN), row.integer(PgAggregate.AGGSORTOP),
                row.integer(PgAggregate.AGGTRANSTYPE), row.integer(PgAggregate.AGGMTRANSTYPE),
                row.text(PgAggregate.AGGINITVAL), row.text(PgAggregate.AGGMINITVAL),
                row.bool(PgAggregate.AGGFINALEXTRA), row.character(PgAggregate.AGGFINALMODIFY));
    }

    OperatorDescriptor operator(int oid) {
        CatalogRow row = finder.one(Finder.OPERATOR_OID, oid);
        return row == null ? null : operator(row);
    }

    List<OperatorDescriptor> operators(String name) {
        return finder.find(Finder.OPERATOR_NAME, name).stream().map(this::operator).toList();
    }

    private OperatorDescriptor operator(CatalogRow row) {
        return new OperatorDescriptor(row.integer(PgOperator.OID), row.text(PgOperator.OPRNAME),
                row.integer(PgOperator.OPRNAMESPACE), row.integer(PgOperator.OPRLEFT),
                row.integer(PgOperator.OPRRIGHT), row.integer(PgOperator.OPRRESULT), row.integer(PgOperator.OPRCODE),
                row.integer(PgOperator.OPRCOM), row.integer(PgOperator.OPRNEGATE), row.bool(PgOperator.OPRCANMERGE),
                row.bool(PgOperator.OPRCANHASH), functionName(row.integer(PgOperator.OPRREST)),
                functionName(row.integer(PgOperator.OPRJOIN)), row.integer(PgOperator.OPROWNER));
    }

    private String functionName(int oid) {
        FunctionDescriptor function = oid == 0 ? null : reader.function(oid);
        return function == null ? null : function.name();
    }

    List<CastDescriptor> castsFrom(int sourceType) {
        List<CastDescriptor> casts = new ArrayList<>();
        for (CatalogRow row : finder.byOid(Finder.CAST, sourceType)) {
            casts.add(new CastDescriptor(row.integer(PgCast.OID), sourceType, row.integer(PgCast.CASTTARGET),
                    row.integer(PgCast.CASTFUNC), row.character(PgCast.CASTCONTEXT),
                    row.character(PgCast.CASTMETHOD)));
        }
        return List.copyOf(casts);
    }

    OperatorClassDescriptor operatorClass(int oid) {
        CatalogRow row = finder.one(Finder.OPCLASS_OID, oid);
        return row == null ? null : operatorClass(row);
    }

    List<OperatorClassDescriptor> operatorClassesOf(int accessMethod) {
        return finder.byOid(Finder.OPCLASS_METHOD, accessMethod).stream().map(FunctionLoader::operatorClass).toList();
    }

    private static OperatorClassDescriptor operatorClass(CatalogRow row) {
        return new OperatorClassDescriptor(row.integer(PgOpclass.OID), row.integer(PgOpclass.OPCMETHOD),
                row.text(PgOpclass.OPCNAME), row.integer(PgOpclass.OPCNAMESPACE), row.integer(PgOpclass.OPCOWNER),
                row.integer(PgOpclass.OPCFAMILY), row.integer(PgOpclass.OPCINTYPE), row.bool(PgOpclass.OPCDEFAULT),
                row.integer(PgOpclass.OPCKEYTYPE));
    }

    OperatorFamilyDescriptor operatorFamily(int oid) {
        CatalogRow row = finder.one(Finder.OPFAMILY_OID, oid);
        return row == null ? null : new OperatorFamilyDescriptor(oid, row.integer(PgOpfamily.OPFMETHOD),
                row.text(PgOpfamily.OPFNAME), row.integer(PgOpfamily.OPFNAMESPACE),
                row.integer(PgOpfamily.OPFOWNER));
    }

    List<OperatorFamilyMember> memberships(int operatorOid) {
        return finder.byOid(Finder.AMOP_OPERATOR, operatorOid).stream().map(FunctionLoader::member).toList();
    }

    List<OperatorFamilyMember> familyOperators(int familyOid) {
        return finder.byOid(Finder.AMOP_FAMILY, familyOid).stream().map(FunctionLoader::member).toList();
    }

    private static OperatorFamilyMember member(CatalogRow row) {
        return new OperatorFamilyMember(row.integer(PgAmop.AMOPFAMILY), row.integer(PgAmop.AMOPLEFTTYPE),
                row.integer(PgAmop.AMOPRIGHTTYPE), row.integer(PgAmop.AMOPSTRATEGY), row.integer(PgAmop.AMOPOPR),
                row.integer(PgAmop.AMOPMETHOD), row.character(PgAmop.AMOPPURPOSE),
                row.integer(PgAmop.AMOPSORTFAMILY));
    }

    List<FamilyProcedure> familyProcedures(int familyOid) {
        return finder.byOid(Finder.AMPROC, familyOid).stream()
                .map(row -> new FamilyProcedure(row.integer(PgAmproc.AMPROCLEFTTYPE),
                        row.integer(PgAmproc.AMPROCRIGHTTYPE), row.integer(PgAmproc.AMPROCNUM),
                        row.integer(PgAmproc.AMPROC)))
                .toList();
    }
}
