package io.quantadb.sql.ast;

import java.util.List;

/** EXPLAIN and upkeep. */
public sealed interface MaintenanceStatement extends Statement {

    /** @param options old words arrive as {@code analyze} and {@code verbose} without value */
    record Explain(List<Option> options, Statement statement, int position) implements MaintenanceStatement {
    }

    /** @param vacuum false: ANALYZE; old words arrive as options without value; @param tables empty: all */
    record Vacuum(boolean vacuum, List<Option> options, List<VacuumTarget> tables, int position)
            implements MaintenanceStatement {
    }

    record VacuumTarget(QualifiedName table, List<Identifier> columns) {
    }

    /** @param table null: all clustered tables; @param index null: the one used before */
    record Cluster(QualifiedName table, String index, List<Option> options, int position)
            implements MaintenanceStatement {
    }

    /** @param name of the schema, system or database is a plain name */
    record Reindex(ReindexTarget target, QualifiedName name, List<Option> options, int position)
            implements MaintenanceStatement {
    }

    /** CONCURRENTLY arrives as option {@code concurrently}. */
    enum ReindexTarget { INDEX, TABLE, SCHEMA, SYSTEM, DATABASE }

    record Checkpoint(int position) implements MaintenanceStatement {
    }
}
