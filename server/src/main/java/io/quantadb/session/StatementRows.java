package io.quantadb.session;

import io.quantadb.types.Numeric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rows of pg_stat_statements, which here needs no extension. Columns as of its version 1.10. Stateless. */
final class StatementRows {
    private static final int COLUMNS = 43;
    private static final int WAL_BYTES = 34;
    /** Columns that count in bigint; the others, from the seventh on, are times. */
    private static final int[] COUNTS = {5, 11, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 32, 33, 35, 37, 39, 41};
    private static final double NANOS_PER_MILLI = 1e6;

    private StatementRows() {
    }

    /** Texts of other roles' statements are for superusers only. */
    static List<Object[]> all(Session session, boolean showText) {
        List<Object[]> rows = new ArrayList<>();
        for (StatementStatistics.Entry entry : session.services().statistics().entries()) {
            rows.add(row(entry, session.isSuperuser() || entry.userOid() == session.roleOid(), showText));
        }
        return rows;
    }

    private static Object[] row(StatementStatistics.Entry entry, boolean visible, boolean showText) {
        Object[] row = new Object[COLUMNS];
        Arrays.fill(row, 0.0);
        for (int column : COUNTS) {
            row[column] = 0L;
        }
        long calls = entry.calls();
        double totalMillis = entry.totalNanos() / NANOS_PER_MILLI;
        row[0] = Integer.toUnsignedLong(entry.userOid());
        row[1] = Integer.toUnsignedLong(entry.databaseOid());
        row[2] = true;
        row[3] = visible ? (Object) entry.queryId() : null;
        row[4] = !showText ? null : visible ? entry.sql() : "<insufficient privilege>";
        row[11] = calls;
        row[12] = totalMillis;
        row[13] = entry.minimumNanos() / NANOS_PER_MILLI;
        row[14] = entry.maximumNanos() / NANOS_PER_MILLI;
        row[15] = calls == 0 ? 0.0 : totalMillis / calls;
        row[17] = entry.rows();
        row[WAL_BYTES] = Numeric.ZERO;
        return row;
    }
}
