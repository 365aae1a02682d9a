package io.quantadb.session;

/** The settings every statement asks for, parsed when they change. Confined to the session's thread. */
final class HotSettings {
    private final Settings settings;
    private final String user;
    private long statementTimeoutMillis;
    private long idleInTransactionTimeoutMillis;
    private boolean waitsForFlush;
    private long workMemBytes;
    private int parallelWorkers;
    private long minParallelTableScanBytes;
    private String environment;

    HotSettings(Settings settings, String user) {
        this.settings = settings;
        this.user = user;
        for (String name : new String[] {"statement_timeout", "idle_in_transaction_session_timeout", "synchronous_commit", "work_mem",
            "search_path", "max_parallel_workers_per_gather", "min_parallel_table_scan_size"}) {
            changed(name);
        }
    }

    void changed(String name) {
        switch (name) {
            case "statement_timeout" -> statementTimeoutMillis = settings.number(name);
            case "idle_in_transaction_session_timeout" -> idleInTransactionTimeoutMillis = settings.number(name);
            case "synchronous_commit" -> waitsForFlush = !"off".equals(settings.get(name));
            case "work_mem" -> workMemBytes = settings.number(name) * 1024;
            case "max_parallel_workers_per_gather" -> parallelWorkers = (int) settings.number(name);
            case "min_parallel_table_scan_size" -> minParallelTableScanBytes = settings.number(name) * 8192;
            case "search_path", "role", "session_authorization" ->
                environment = settings.get("search_path") + '\0' + settings.get("role") + '\0' + user;
            default -> { }
        }
    }

    /** 0 for none. */
    long statementTimeoutMillis() {
        return statementTimeoutMillis;
    }

    /** 0 for none. */
    long idleInTransactionTimeoutMillis() {
        return idleInTransactionTimeoutMillis;
    }

    /** Whether a commit's reply waits for the flush of its record. */
    boolean waitsForFlush() {
        return waitsForFlush;
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
