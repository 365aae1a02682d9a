package io.quantadb.session.command;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.Instrumentation;
import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.operator.PreparedPlan;
import io.quantadb.planner.explain.Explain;
import io.quantadb.planner.explain.ExplainOptions;
import io.quantadb.planner.explain.NodeActuals;
import io.quantadb.session.CompiledStatement;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.List;
import java.util.Locale;

/** EXPLAIN: plans a statement, runs it with counters if ANALYZE is given, and prints the plan. Confined to one command. */
final class ExplainCommand {
    private static final double NANOS_PER_MILLI = 1e6;

    private final CommandContext context;
    private boolean analyze;
    private boolean verbose;
    private boolean costs = true;
    private boolean buffers;
    private boolean wal;
    private Boolean timing;
    private Boolean summary;
    private String format = "text";
    private Instrumentation instrumentation;

    ExplainCommand(CommandContext context) {
        this.context = context;
    }

    /** Whether the answer is one json value. */
    static boolean isJson(MaintenanceStatement.Explain explain) {
        return explain.options().stream().anyMatch(o -> o.name().equals("format") && "json".equalsIgnoreCase(StorageOptions.text(o)));
    }

    String run(MaintenanceStatement.Explain explain) {
        explain.options().forEach(this::read);
        if (wal && !analyze) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "EXPLAIN option WAL requires ANALYZE");
        }
        if (timing != null && timing && !analyze) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "EXPLAIN option TIMING requires ANALYZE");
        }
        Statement statement = planned(explain.statement());
        Object[] parameters = context.parameters;
        if (explain.statement() instanceof SessionStatement.Execute execute) {
            parameters = context.session.execution().arguments(execute, context.sql);
        } else if (statement == null) {
            send(List.of("Utility statements have no plan structure"));
            return "EXPLAIN";
        }
        boolean timed = timing == null ? analyze : timing;
        long begun = System.nanoTime();
        CompiledStatement compiled = explain.statement() instanceof SessionStatement.Execute execute
                ? context.session.execution().prepared(execute, parameters)
                : context.session.execution().compileInner(context.sql,
                        new ParsedStatement(statement, 0, context.sql.length()), parameters);
        if (compiled.isUtility()) {
            send(List.of("Utility statements have no plan structure"));
            return "EXPLAIN";
        }
        double planningMillis = (System.nanoTime() - begun) / NANOS_PER_MILLI;
        double executionMillis = analyze ? execute(compiled, timed, parameters) : -1;
        var options = new ExplainOptions(costs, verbose, analyze, buffers, timed, summary == null ? analyze : summary);
        Explain printer = new Explain(compiled.plan(), context.catalog(), context.session.text(), options,
                analyze ? this::actual : NodeActuals.NONE);
        send(format.equals("json") ? List.of(printer.json(planningMillis, executionMillis))
                : printer.text(planningMillis, executionMillis));
        return "EXPLAIN";
    }

    /** The statement that has a plan: itself or the one inside; null if there is none. */
    private static Statement planned(Statement statement) {
        return switch (statement) {
            case Query query -> query;
            case DataStatement.Truncate _, DataStatement.Copy _ -> null;
            case DataStatement data -> data;
            case SessionStatement.DeclareCursor cursor -> cursor.query();
            case TableStatement.CreateTableAs create when create.query() instanceof Query query -> query;
            default -> null;
        };
    }

    private void send(List<String> lines) {
        for (String line : lines) {
            context.out.row(new Object[] {line});
        }
    }

    // ---- Options

    private void read(Option option) {
        switch (option.name()) {
            case "analyze" -> analyze = StorageOptions.bool(option);
            case "verbose" -> verbose = StorageOptions.bool(option);
            case "costs" -> costs = StorageOptions.bool(option);
            case "buffers" -> buffers = StorageOptions.bool(option);
            case "wal" -> wal = StorageOptions.bool(option);
            // What differs from the defaults is not known to matter to the planner, so there is nothing to list.
            case "settings" -> StorageOptions.bool(option);
            case "timing" -> timing = StorageOptions.bool(option);
            case "summary" -> summary = StorageOptions.bool(option);
            case "format" -> format = format(option);
            default -> throw context.error(SqlState.SYNTAX_ERROR, "unrecognized EXPLAIN option \"" + option.name() + "\"",
                    option.position());
        }
    }

    private String format(Option option) {
        String value = StorageOptions.text(option);
        return switch (value == null ? "" : value.toLowerCase(Locale.ROOT)) {
            case "text" -> "text";
            case "json" -> "json";
            case "xml", "yaml" -> throw SqlException.notSupported("EXPLAIN format " + value + " is not supported");
            default -> throw context.error(SqlState.INVALID_PARAMETER_VALUE,
                    "unrecognized value for EXPLAIN option \"format\": \"" + value + "\"", option.position());
        };
    }

    // ---- ANALYZE

    /** Runs the plan and drops its rows. @return milliseconds */
    private double execute(CompiledStatement compiled, boolean timed, Object[] parameters) {
        context.session.execution().requireWritable(compiled);
        instrumentation = new Instrumentation(timed);
        if (buffers) {
            // Differs from PostgreSQL: what other sessions do at the same time is counted, too.
            instrumentation.bufferHits = context.pool()::hitCount;
            instrumentation.bufferReads = context.pool()::readCount;
        }
        Snapshot snapshot = context.transaction().takeSnapshot();
        long begun = System.nanoTime();
        QueryContext query = context.session.execution().context(parameters, snapshot);
        query.instrumentation = instrumentation;
        try (PreparedPlan plan = new PreparedPlan(compiled.plan(),
                context.session.services().runner().environment(context.session), instrumentation)) {
            plan.open(query);
            while (plan.next() != null) {
                context.checkInterrupts();
            }
        } finally {
            context.transaction().releaseSnapshot(snapshot);
        }
        return (System.nanoTime() - begun) / NANOS_PER_MILLI;
    }

    private NodeActuals.Actual actual(int nodeId) {
        NodeCounters c = instrumentation.find(nodeId);
        if (c == null) {
            return null;
        }
        return new NodeActuals.Actual(c.firstRowNanos / NANOS_PER_MILLI, c.totalNanos / NANOS_PER_MILLI, c.rows, c.loops,
                c.removedByFilter, notes(c), c.buffersHit, c.buffersRead);
    }

    private static List<String> notes(NodeCounters c) {
        List<String> notes = new java.util.ArrayList<>();
        if (c.sortMethod != null) {
            notes.add("Sort Method: " + c.sortMethod + (c.diskBytes > 0 ? "  Disk: " + kilobytes(c.diskBytes)
                    : "  Memory: " + kilobytes(c.memoryBytes)));
        } else if (c.batches > 0) {
            notes.add("Batches: " + c.batches + "  Memory Usage: " + kilobytes(c.memoryBytes));
        }
        if (c.removedByJoinFilter > 0) {
            notes.add("Rows Removed by Join Filter: " + Math.round((double) c.removedByJoinFilter / Math.max(1, c.loops)));
        }
        if (c.conflictingTuples > 0 || c.insertedTuples > 0) {
            notes.add("Tuples Inserted: " + c.insertedTuples);
            notes.add("Conflicting Tuples: " + c.conflictingTuples);
        }
        return notes;
    }

    private static String kilobytes(long bytes) {
        return (bytes + 1023) / 1024 + "kB";
    }
}
