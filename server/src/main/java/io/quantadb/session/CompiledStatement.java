package io.quantadb.session;

import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.typed.Query;
import java.util.List;

/**
 * A statement ready to run: a plan, or a utility command that keeps its syntax tree. Immutable; shared by sessions
 * through the plan cache.
 *
 * @param sql the statement's own text
 * @param plan null for utility commands and the empty statement
 * @param query the analysed query; of a utility command the one inside it, or null
 * @param columns of the result; empty if it returns no rows
 * @param parameterTypes type oids of $1, $2...
 * @param tag command tag, to which row counts are added: SELECT, INSERT 0, UPDATE, DELETE, MERGE; the whole tag for
 *     utility commands
 * @param tables locks and privileges it needs
 * @param inline neither blocks nor runs long: may be run on an event loop
 * @param writes changes data: refused in read-only transactions
 * @param catalogVersion version of the catalog it was compiled against
 * @param pool idle operators of the plan, null without one
 */
public record CompiledStatement(String sql, Statement statement, PhysicalStatement plan, Query query,
        List<ResultColumn> columns, int[] parameterTypes, String tag, List<TableAccess> tables, boolean inline,
        boolean writes, long catalogVersion, PlanPool pool) {

    /** The same with other columns shown; the plan may have more of them behind. */
    CompiledStatement withColumns(List<ResultColumn> shown) {
        return new CompiledStatement(sql, statement, plan, query, shown, parameterTypes, tag, tables, inline, writes, catalogVersion, pool);
    }

    public boolean isUtility() {
        return plan == null;
    }

    public boolean returnsRows() {
        return !columns.isEmpty() || tag.equals("SELECT");
    }
}
