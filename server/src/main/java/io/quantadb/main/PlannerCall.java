package io.quantadb.main;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.error.SqlException;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.session.Session;
import io.quantadb.session.StandardCompiler;
import io.quantadb.sql.typed.Query;
import io.quantadb.storage.buffer.BufferPool;

/** Calls the planner with what a session's settings say. */
final class PlannerCall implements StandardCompiler.PlanMaker {
    PlannerCall(BufferPool pool, FunctionRegistry functions) {
    }

    @Override
    public PhysicalStatement plan(Query query, Object[] parameters, Session session, CatalogReader catalog) {
        throw SqlException.notSupported("queries are not supported yet");
    }
}
