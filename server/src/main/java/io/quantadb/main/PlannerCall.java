package io.quantadb.main;

import io.quantadb.base.ForkNumber;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.planner.Planner;
import io.quantadb.planner.PlannerContext;
import io.quantadb.planner.cost.PlannerSettings;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.session.Session;
import io.quantadb.session.StandardCompiler;
import io.quantadb.sql.typed.Query;
import io.quantadb.storage.buffer.BufferPool;
import java.util.Arrays;

/** Calls the planner with what a session's settings say. */
final class PlannerCall implements StandardCompiler.PlanMaker {
    private final BufferPool pool;
    private final FunctionRegistry functions;

    PlannerCall(BufferPool pool, FunctionRegistry functions) {
        this.pool = pool;
        this.functions = functions;
    }

    @Override
    public PhysicalStatement plan(Query query, Object[] parameters, Session session, CatalogReader catalog) {
        PlannerContext context = new PlannerContext(catalog, PlannerSettings.DEFAULT, session.text(), session.roleOid(), this::pages,
            functions, session.functions(), parameters == null ? null : Arrays.asList(parameters));
        return Planner.plan(query, context);
    }

    private long pages(RelationDescriptor relation) {
        return relation.storage() == null ? -1 : pool.blockCount(relation.storage(), ForkNumber.MAIN);
    }
}
