package io.quantadb.session.command;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.session.Session;
import io.quantadb.session.SessionEnvironment;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** The environment of a session's expressions, with domains. For the composition root's {@code PlanRunner}. */
public final class CommandEnvironment extends SessionEnvironment {
    private final Session session;

    public CommandEnvironment(FunctionRegistry functions, Session session) {
        super(functions, session.catalog());
        this.session = session;
    }

    @Override
    public DomainConstraints domain(int domainOid) {
        CatalogReader catalog = session.catalog();
        AnalyzerContext analyzer = AnalyzerContext.of(catalog, session.text(), session.roleOid());
        List<DomainConstraints.Check> checks = new ArrayList<>();
        boolean notNull = false;
        TypeDescriptor type = catalog.type(domainOid);
        String name = type.name();
        io.quantadb.catalog.SchemaDescriptor owner = catalog.schema(type.schemaOid());
        String schema = owner == null ? null : owner.name();
        List<TypeDescriptor> chain = new ArrayList<>();
        while (type != null && type.isDomain()) {
            chain.addFirst(type);
            type = catalog.type(type.baseTypeOid());
        }
        for (TypeDescriptor domain : chain) {
            notNull |= domain.notNull();
            PgType base = catalog.pgType(domain.baseTypeOid());
            for (ConstraintDescriptor constraint : domain.constraints()) {
                checks.add(new DomainConstraints.Check(constraint.name(), Analyzer.analyzeDomainCheck(
                        SqlParser.parseStoredExpression(constraint.expression()), constraint.expression(), base,
                        domain.baseTypmod(), analyzer)));
            }
        }
        return new DomainConstraints(schema, name, notNull, checks);
    }

    @Override
    public UserFunction userFunction(FunctionRef function, List<PgType> argumentTypes, PgType resultType) {
        FunctionDescriptor descriptor = session.catalog().function(function.oid());
        if (descriptor == null || !function.language().equals("sql")) {
            return super.userFunction(function, argumentTypes, resultType);
        }
        return new SqlLanguageFunction(session, descriptor, argumentTypes, resultType);
    }
}
