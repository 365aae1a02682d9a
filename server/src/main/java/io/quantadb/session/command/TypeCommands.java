package io.quantadb.session.command;

import io.quantadb.access.heap.HeapScan;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.ddl.Dependencies.Dependency;
import io.quantadb.catalog.ddl.NewColumn;
import io.quantadb.catalog.ddl.NewConstraint;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.ddl.SqlExpression;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.ColumnDefinition;
import io.quantadb.sql.ast.Constraint;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.executor.expr.RowView;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Enums, composite types, domains. Confined to one command. */
final class TypeCommands {
    private final CommandContext context;

    TypeCommands(CommandContext context) {
        this.context = context;
    }

    private void requireFree(SchemaDescriptor schema, String name) {
        TypeDescriptor other = context.catalog().type(schema.name(), name);
        if (other != null && !other.type().isArray()) {
            throw CatalogErrors.typeExists(name);
        }
    }

    String createEnum(SchemaStatement.CreateEnum create) {
        SchemaDescriptor schema = context.creationSchema(create.name());
        requireFree(schema, create.name().name());
        applyDefaults(schema, context.writer().types().createEnum(schema.oid(), create.name().name(),
                context.roleOid(), create.labels()));
        return "CREATE TYPE";
    }

    String createComposite(SchemaStatement.CreateComposite create) {
        SchemaDescriptor schema = context.creationSchema(create.name());
        requireFree(schema, create.name().name());
        List<NewColumn> fields = new ArrayList<>();
        for (ColumnDefinition definition : create.attributes()) {
            Analyzer.ResolvedType type = context.resolveType(definition.type());
            new TableCommands(context).checkColumnType(definition.name(), type.type());
            fields.add(NewColumn.of(definition.name(), type.type(), type.typmod(), false));
        }
        applyDefaults(schema, context.writer().types().createComposite(schema.oid(), create.name().name(),
                context.roleOid(), fields));
        return "CREATE TYPE";
    }

    private void applyDefaults(SchemaDescriptor schema, int typeOid) {
        DefaultPrivileges.apply(context, ObjectAddress.type(typeOid), schema.oid(), 'T', Privileges.ObjectKind.TYPE);
    }

    private TypeDescriptor requireOwnEnum(QualifiedName name) {
        TypeDescriptor type = Types.require(context, name);
        if (!type.isEnum()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, context.catalog().formatType(type.oid(), -1) + " is not an enum");
        }
        context.requireOwner(type.ownerOid(), "type " + type.name());
        return type;
    }

    String addLabel(SchemaStatement.AlterEnumAdd alter) {
        TypeDescriptor type = requireOwnEnum(alter.name());
        boolean added = context.writer().types().addEnumLabel(type.oid(), alter.label(), alter.neighbour(), !alter.before(),
                alter.ifNotExists());
        if (!added) {
            context.notice(SqlState.DUPLICATE_OBJECT, "enum label \"" + alter.label() + "\" already exists, skipping");
        }
        return "ALTER TYPE";
    }

    String renameLabel(SchemaStatement.AlterEnumRename alter) {
        TypeDescriptor type = requireOwnEnum(alter.name());
        context.writer().types().renameEnumLabel(type.oid(), alter.label(), alter.newLabel());
        return "ALTER TYPE";
    }

    // ---- Domains

    String createDomain(SchemaStatement.CreateDomain create) {
        SchemaDescriptor schema = context.creationSchema(create.name());
        String name = create.name().name();
        requireFree(schema, name);
        Analyzer.ResolvedType base = context.resolveType(create.type());
        char kind = base.type().typtype();
        if (kind == 'p') {
            throw context.error(SqlState.DATATYPE_MISMATCH, "\"" + base.type().name() + "\" is not a valid base type for a domain",
                    create.type().position());
        }
        int collation = create.collation() == null ? 0 : IndexCommands.collation(context, create.collation());
        boolean notNull = false;
        SqlExpression defaultValue = null;
        List<Constraint.Check> checks = new ArrayList<>();
        for (Constraint constraint : create.constraints()) {
            switch (constraint) {
                case Constraint.NotNull c -> notNull = true;
                case Constraint.Nullable c -> {
                    // What is the case anyway.
                }
                case Constraint.Default c -> {
                    Expr expr = new Expressions(context).analyze(c.value(), null, ExprKind.COLUMN_DEFAULT, base.type(),
                            base.typmod());
                    boolean isNull = expr instanceof Expr.Const constant && constant.value() == null;
                    defaultValue = isNull ? null : StoredText.expression(context, expr, c.text(), null);
                }
                case Constraint.Check c -> checks.add(c);
                case Constraint.Unique c -> throw notPossible(c.primary() ? "primary key" : "unique");
                case Constraint.ForeignKey c -> throw notPossible("foreign key");
                case Constraint.Exclude c -> throw notPossible("exclusion");
                case Constraint.Generated c -> throw SqlException.notSupported("specifying GENERATED not supported for domains");
                case Constraint.Identity c -> throw SqlException.notSupported("specifying IDENTITY not supported for domains");
            }
        }
        int oid = context.writer().types().createDomain(schema.oid(), name, context.roleOid(), base.type().oid(), base.typmod(),
                collation, notNull, defaultValue);
        applyDefaults(schema, oid);
        for (Constraint.Check check : checks) {
            addCheck(oid, name, schema.oid(), base.type(), base.typmod(), check);
        }
        return "CREATE DOMAIN";
    }

    private static SqlException notPossible(String kind) {
        return new SqlException(SqlState.SYNTAX_ERROR, kind + (kind.equals("primary key") ? " constraints" : " constraints")
                + " not possible for domains");
    }

    private int addCheck(int domain, String domainName, int schema, PgType base, int typmod, Constraint.Check check) {
        Expr expr = Analyzer.analyzeDomainCheck(check.condition(), context.sql, base, typmod, context.analyzer());
        String name = check.name();
        List<String> taken = context.catalog().type(domain).constraints().stream().map(ConstraintDescriptor::name).toList();
        for (int i = 0; name == null; i++) {
            String candidate = domainName + "_check" + (i == 0 ? "" : String.valueOf(i));
            name = taken.contains(candidate) ? null : candidate;
        }
        return context.writer().indexes().createConstraint(NewConstraint.domainCheck(name, domain, schema,
                StoredText.expression(context, expr, check.text(), null)));
    }

    String alterDomain(SchemaStatement.AlterDomain alter) {
        TypeDescriptor domain = Types.require(context, alter.name());
        if (!domain.isDomain()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    context.catalog().formatType(domain.oid(), -1) + " is not a domain");
        }
        context.requireOwner(domain.ownerOid(), "type " + domain.name());
        PgType base = context.catalog().pgType(domain.baseTypeOid());
        switch (alter.action()) {
            case SchemaStatement.DomainAction.SetDefault a -> {
                Expr expr = new Expressions(context).analyze(a.value(), null, ExprKind.COLUMN_DEFAULT, base, domain.baseTypmod());
                context.writer().types().setDomainDefault(domain.oid(), StoredText.expression(context, expr, a.text(), null));
            }
            case SchemaStatement.DomainAction.DropDefault a -> context.writer().types().setDomainDefault(domain.oid(), null);
            case SchemaStatement.DomainAction.SetNotNull a -> {
                if (a.notNull()) {
                    forEachColumn(domain, (table, column) -> new Scan(table, column).requireNotNull());
                }
                context.writer().types().setDomainNotNull(domain.oid(), a.notNull());
            }
            case SchemaStatement.DomainAction.AddConstraint a -> {
                if (!(a.constraint() instanceof Constraint.Check check)) {
                    throw notPossible("such");
                }
                addCheck(domain.oid(), domain.name(), domain.schemaOid(), base, domain.baseTypmod(), check);
                if (!check.attributes().notValid()) {
                    forEachColumn(domain, (table, column) -> new Scan(table, column).requireValid());
                }
            }
            case SchemaStatement.DomainAction.DropConstraint a -> dropConstraint(domain, a);
            case SchemaStatement.DomainAction.ValidateConstraint a -> {
                ConstraintDescriptor constraint = constraint(domain, a.name());
                forEachColumn(domain, (table, column) -> new Scan(table, column).requireValid());
                context.writer().indexes().setValidated(constraint.oid());
            }
        }
        return "ALTER DOMAIN";
    }

    private static ConstraintDescriptor constraint(TypeDescriptor domain, String name) {
        return domain.constraints().stream().filter(c -> c.name().equals(name)).findFirst()
                .orElseThrow(() -> new SqlException(SqlState.UNDEFINED_OBJECT,
                        "constraint \"" + name + "\" of domain \"" + domain.name() + "\" does not exist"));
    }

    private void dropConstraint(TypeDescriptor domain, SchemaStatement.DomainAction.DropConstraint action) {
        boolean exists = domain.constraints().stream().anyMatch(c -> c.name().equals(action.name()));
        if (!exists && action.ifExists()) {
            context.notice("constraint \"" + action.name() + "\" of domain \"" + domain.name() + "\" does not exist, skipping");
            return;
        }
        context.drop(ObjectAddress.constraint(constraint(domain, action.name()).oid()), action.cascade());
    }

    @FunctionalInterface
    private interface ColumnAction {
        void accept(RelationDescriptor table, ColumnDescriptor column);
    }

    private void forEachColumn(TypeDescriptor domain, ColumnAction action) {
        for (Dependency dependency : context.writer().dependencies().on(ObjectAddress.type(domain.oid()))) {
            RelationDescriptor table = dependency.object().subId() > 0
                    && dependency.object().classOid() == io.quantadb.catalog.table.SystemColumns.PgClass.TABLE
                    ? context.catalog().relation(dependency.object().objectOid()) : null;
            if (table != null && table.kind() == RelationKind.TABLE) {
                context.lock(table, LockMode.SHARE);
                action.accept(context.reload(table), table.column(dependency.object().subId()));
            }
        }
    }

    /** Looks at every value a table has in a column of a domain. */
    private final class Scan {
        private final RelationDescriptor table;
        private final ColumnDescriptor column;

        Scan(RelationDescriptor table, ColumnDescriptor column) {
            this.table = table;
            this.column = column;
        }

        void requireNotNull() {
            run(null, "contains null values", SqlState.NOT_NULL_VIOLATION);
        }

        void requireValid() {
            ScalarEvaluator check = new Expressions(context).compile(new Expr.CoerceToDomain(
                    InputRef.outer(0, column.type()), column.type(), column.typmod(), column.collation(), Origin.NONE));
            run(check, "contains values that violate the new constraint", SqlState.CHECK_VIOLATION);
        }

        private void run(ScalarEvaluator check, String complaint, SqlState error) {
            var heap = context.session.storage().heap(table);
            RowContext row = new RowContext(context.session.execution().context(new Object[0], null));
            RowView.ArrayRow view = new RowView.ArrayRow(new Object[1]);
            row.outer = view;
            try (HeapScan scan = heap.scan(ConstraintCommands.Snapshots.latest(context))) {
                while (scan.nextPage()) {
                    for (int i = 0; i < scan.count(); i++) {
                        view.values[0] = TupleReader.getObject(heap.layout(), scan.tupleAddress(i), column.attnum() - 1,
                                heap.toast());
                        if (!holds(check, row, view.values[0])) {
                            throw new SqlException(error, "column \"" + column.name() + "\" of table \"" + table.name() + "\" "
                                    + complaint);
                        }
                    }
                }
            }
        }

        private static boolean holds(ScalarEvaluator check, RowContext row, Object value) {
            if (check == null) {
                return value != null;
            }
            try {
                check.eval(row);
                return true;
            } catch (SqlException e) {
                if (e.state() == SqlState.CHECK_VIOLATION || e.state() == SqlState.NOT_NULL_VIOLATION) {
                    return false;
                }
                throw e;
            }
        }
    }
}
