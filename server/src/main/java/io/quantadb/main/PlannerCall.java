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
import io.quantadb.session.Settings;
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
        PlannerContext context = new PlannerContext(catalog, settings(session.settings()), session.text(), session.roleOid(), this::pages,
            functions, session.functions(), parameters == null ? null : Arrays.asList(parameters));
        return Planner.plan(query, context);
    }

    private static PlannerSettings settings(Settings values) {
        return new PlannerSettings(real(values, "seq_page_cost"), real(values, "random_page_cost"), real(values, "cpu_tuple_cost"),
            real(values, "cpu_index_tuple_cost"), real(values, "cpu_operator_cost"), values.number("work_mem") * 1024,
            real(values, "hash_mem_multiplier"), values.number("effective_cache_size"),
            PlannerSettings.DEFAULT.joinSearchLimit(), values.isOn("enable_seqscan"), values.isOn("enable_indexscan"),
            values.isOn("enable_indexonlyscan"), values.isOn("enable_bitmapscan"), values.isOn("enable_tidscan"),
            values.isOn("enable_nestloop"), values.isOn("enable_hashjoin"), values.isOn("enable_mergejoin"),
            values.isOn("enable_sort"), values.isOn("enable_incremental_sort"), values.isOn("enable_hashagg"),
            values.isOn("enable_material"));
    }

    private static double real(Settings values, String name) {
        return Double.parseDouble(values.get(name));
    }

    private long pages(RelationDescriptor relation) {
        return relation.storage() == null ? -1 : pool.blockCount(relation.storage(), ForkNumber.MAIN);
    }
}
