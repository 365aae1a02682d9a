package io.quantadb.session.command;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Option;
import java.util.List;

/**
 * What VACUUM or ANALYZE is to do.
 *
 * @param vacuum false: only ANALYZE
 * @param full rewrite the table
 * @param everyPage FREEZE and DISABLE_PAGE_SKIPPING: look at pages marked all visible too
 * @param skipLocked leave tables out whose lock is not free
 * @param cleanIndexes INDEX_CLEANUP is not off
 * @param truncate give an empty tail back; the table's own option decides if it is null
 * @param toast vacuum the TOAST table as well
 */
record VacuumOptions(boolean vacuum, boolean analyze, boolean verbose, boolean full, boolean everyPage, boolean skipLocked,
        boolean cleanIndexes, Boolean truncate, boolean toast) {
    /** What autovacuum does. */
    static VacuumOptions automatic(boolean vacuum, boolean analyze) {
        return new VacuumOptions(vacuum, analyze, false, false, false, true, true, null, true);
    }

    static VacuumOptions read(boolean vacuum, List<Option> options, CommandContext context) {
        return new Reader(vacuum, context).read(options);
    }

    private static final class Reader {
        private static final int PARALLEL_MAX = 1024;

        private final boolean vacuum;
        private final CommandContext context;
        private boolean analyze;
        private boolean verbose;
        private boolean full;
        private boolean freeze;
        private boolean noSkipping;
        private boolean skipLocked;
        private boolean cleanIndexes = true;
        private Boolean truncate;
        private boolean toast = true;
        private int parallel;

        Reader(boolean vacuum, CommandContext context) {
            this.vacuum = vacuum;
            this.context = context;
            analyze = !vacuum;
        }

        VacuumOptions read(List<Option> options) {
            for (Option option : options) {
                if (!common(option) && !(vacuum && vacuumOnly(option))) {
                    throw context.error(SqlState.SYNTAX_ERROR, "unrecognized " + (vacuum ? "VACUUM" : "ANALYZE") + " option \""
                            + option.name() + "\"", option.position());
                }
            }
            if (full && parallel > 0) {
                throw SqlException.notSupported("VACUUM FULL cannot be performed in parallel");
            }
            if (full && noSkipping) {
                throw SqlException.notSupported("VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL");
            }
            if (full && !toast) {
                throw SqlException.notSupported("PROCESS_TOAST required with VACUUM FULL");
            }
            return new VacuumOptions(vacuum, analyze, verbose, full, freeze || noSkipping, skipLocked, cleanIndexes, truncate, toast);
        }

        private boolean common(Option option) {
            switch (option.name()) {
                case "verbose" -> verbose = StorageOptions.bool(option);
                case "skip_locked" -> skipLocked = StorageOptions.bool(option);
                default -> {
                    return false;
                }
            }
            return true;
        }

        private boolean vacuumOnly(Option option) {
            switch (option.name()) {
                case "analyze" -> analyze = StorageOptions.bool(option);
                case "freeze" -> freeze = StorageOptions.bool(option);
                case "full" -> full = StorageOptions.bool(option);
                case "disable_page_skipping" -> noSkipping = StorageOptions.bool(option);
                case "index_cleanup" -> cleanIndexes = "auto".equalsIgnoreCase(StorageOptions.text(option))
                        || StorageOptions.bool(option);
                case "truncate" -> truncate = StorageOptions.bool(option);
                case "process_toast" -> toast = StorageOptions.bool(option);
                case "parallel" -> parallel = parallel(option);
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** Accepted for its range; indexes are cleaned one after the other. */
        private int parallel(Option option) {
            if (option.value() == null) {
                throw context.error(SqlState.SYNTAX_ERROR, "parallel option requires a value between 0 and " + PARALLEL_MAX,
                        option.position());
            }
            long workers = option.value() instanceof Expression.NumberLiteral number && number.integral()
                    && number.text().length() < 10 ? Long.parseLong(number.text()) : -1;
            if (workers < 0 || workers > PARALLEL_MAX) {
                throw context.error(SqlState.SYNTAX_ERROR, "parallel workers for vacuum must be between 0 and " + PARALLEL_MAX,
                        option.position());
            }
            return (int) workers;
        }
    }
}
