package io.quantadb.session;

import java.util.List;

/** The settings every statement asks for, parsed when they change. Confined to the session's thread. */
final class HotSettings {
    /** Settings a plan depends on. */
    private static final List<String> PLANNER_SETTINGS = List.of("work_mem", "hash_mem_multiplier", "effective_cache_size",
        "seq_page_cost", "random_page_cost", "cpu_tuple_cost", "cpu_index_tuple_cost", "cpu_operator_cost", "enable_seqscan",
        "enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan", "enable_tidscan", "enable_nestloop",
        "enable_hashjoin", "enable_mergejoin", "enable_sort", "enable_incremental_sort", "enable_hashagg",
        "enable_material");

    private final Settings settings;
    private final String user;
    private long statementTimeoutMillis;
    private long idleInTransactionTimeoutMillis;
    private CommitLevel commitLevel;
    private boolean reportsCommitLsn;
    private long maxStalenessMillis;
    private long workMemBytes;
    private int parallelWorkers;
    private long minParallelTableScanBytes;
    private String environment;

    HotSettings(Settings settings, String user) {
        this.settings = settings;
        this.user = user;
        for (String name : new String[] {"statement_timeout", "idle_in_transaction_session_timeout", "synchronous_commit", "work_mem",
            "quantadb.report_commit_lsn", "quantadb.max_staleness", "search_path", "max_parallel_workers_per_gather", "min_parallel_table_scan_size"}) {
            changed(name);
        }
    }

    void changed(String name) {
        switch (name) {
            case "statement_timeout" -> statementTimeoutMillis = settings.number(name);
            case "idle_in_transaction_session_timeout" -> idleInTransactionTimeoutMillis = settings.number(name);
            case "synchronous_commit" -> commitLevel = CommitLevel.of(settings.get(name));
            case "quantadb.report_commit_lsn" -> reportsCommitLsn = settings.isOn(name);
            case "quantadb.max_staleness" -> maxStalenessMillis = settings.number(name);
            case "work_mem" -> workMemBytes = settings.number(name) * 1024;
            case "max_parallel_workers_per_gather" -> parallelWorkers = (int) settings.number(name);
            case "min_parallel_table_scan_size" -> minParallelTableScanBytes = settings.number(name) * 8192;
            case "search_path", "role", "session_authorization" -> environment = describeEnvironment();
            default -> { }
        }
        if (PLANNER_SETTINGS.contains(name)) {
            environment = describeEnvironment();
        }
    }

    private String describeEnvironment() {
        StringBuilder text = new StringBuilder();
        text.append(settings.get("search_path")).append('\0').append(settings.get("role")).append('\0').append(user);
        for (String name : PLANNER_SETTINGS) {
            text.append('\0').append(settings.get(name));
        }
        return text.toString();
    }

    /** 0 for none. */
    long statementTimeoutMillis() {
        return statementTimeoutMillis;
    }

    /** 0 for none. */
    long idleInTransactionTimeoutMillis() {
        return idleInTransactionTimeoutMillis;
    }

    /** What a commit's reply waits for. */
    CommitLevel commitLevel() {
        return commitLevel;
    }

    /** Whether the client is told each commit's LSN. */
    boolean reportsCommitLsn() {
        return reportsCommitLsn;
    }

    /** How old may be what a replica shows; negative for any age. */
    long maxStalenessMillis() {
        return maxStalenessMillis;
    }

    long workMemBytes() {
        return workMemBytes;
    }

    /** Threads a scan may use besides the session's own. */
    int parallelWorkers() {
        return parallelWorkers;
    }

    long minParallelTableScanBytes() {
        return minParallelTableScanBytes;
    }

    /** All settings that the meaning of a statement's text depends on. */
    String environment() {
        return environment;
    }
}
