package io.quantadb.session;

import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import java.util.List;

/** Decides by client_min_messages whether a notice goes to the client. */
final class NoticeFilter {
    private static final List<String> LEVELS = List.of("debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error");

    private NoticeFilter() {
    }

    static boolean passes(SqlException notice, String minimum) {
        return notice.severity() == Severity.INFO || level(notice.severity()) >= LEVELS.indexOf(minimum);
    }

    private static int level(Severity severity) {
        return switch (severity) {
            case DEBUG -> LEVELS.indexOf("debug1");
            case LOG -> LEVELS.indexOf("log");
            case NOTICE, INFO -> LEVELS.indexOf("notice");
            case WARNING -> LEVELS.indexOf("warning");
            case ERROR, FATAL, PANIC -> LEVELS.indexOf("error");
        };
    }
}
