package io.quantadb.session;

import io.quantadb.base.Lsn;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.SessionStatement;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * WAIT FOR LSN. Source: PostgreSQL 19 documentation, "WAIT FOR".
 *
 * <p>Differs from PostgreSQL where no MODE is given: then it waits on a primary too, until the position is below the durable horizon, so
 * that a client that found its way to some node need not know the node's role.
 */
final class WaitForLsn {
    static final List<ResultColumn> COLUMNS = List.of(new ResultColumn("status", io.quantadb.types.BuiltinTypes.TEXT));

    private static final SettingDefinition TIMEOUT = new SettingDefinition("timeout", SettingDefinition.Type.REAL, "ms", "user", "", "",
        List.of(), "", "");

    private enum Mode {
        REPLAY("standby_replay", "replayed"),
        WRITE("standby_write", "written"),
        FLUSH("standby_flush", "flushed"),
        PRIMARY_FLUSH("primary_flush", "flushed");

        private final String word;
        private final String verb;

        Mode(String word, String verb) {
            this.word = word;
            this.verb = verb;
        }

        static Mode of(String word) {
            for (Mode mode : values()) {
                if (mode.word.equalsIgnoreCase(word)) {
                    return mode;
                }
            }
            return null;
        }
    }

    private enum Result { SUCCESS, TIMEOUT, NOT_IN_RECOVERY }

    private final Session session;
    private final Recovery recovery;
    private final long wanted;
    private Mode mode;
    /** 0 for none. */
    private long timeoutMillis;
    private boolean fails = true;

    private WaitForLsn(Session session, long wanted) {
        this.session = session;
        this.recovery = session.services().recovery();
        this.wanted = wanted;
    }

    /** @return the status, to be sent as a row */
    static String run(Session session, SessionStatement.WaitForLsn statement, String sql) {
        long wanted;
        try {
            wanted = Lsn.parse(statement.lsn()).value();
        } catch (IllegalArgumentException e) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type pg_lsn: \"" + statement.lsn() + "\"", e);
        }
        WaitForLsn wait = new WaitForLsn(session, wanted);
        wait.read(statement.options(), sql);
        return wait.run();
    }

    // ---- Options

    private void read(List<Option> options, String sql) {
        Set<String> seen = new HashSet<>();
        for (Option option : options) {
            String name = option.name().toLowerCase(Locale.ROOT);
            if (!Set.of("mode", "timeout", "no_throw").contains(name)) {
                throw new SqlException(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized").atOffset(sql, option.position());
            }
            if (!seen.add(name)) {
                throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options").atOffset(sql, option.position());
            }
            switch (name) {
                case "mode" -> {
                    mode = Mode.of(text(option));
                    if (mode == null) {
                        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized value for WAIT option \"mode\": \""
                            + text(option) + "\"").atOffset(sql, option.position());
                    }
                }
                case "timeout" -> timeoutMillis = timeout(text(option));
                default -> fails = !isOn(option);
            }
        }
    }

    private static boolean isOn(Option option) {
        Boolean value = option.value() == null ? Boolean.TRUE : SettingDefinition.parseBoolean(text(option));
        if (value == null) {
            throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value");
        }
        return value;
    }

    private static String text(Option option) {
        return switch (option.value()) {
            case Expression.StringLiteral literal -> literal.value();
            case Expression.NumberLiteral literal -> literal.text();
            case null, default -> throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a parameter");
        };
    }

    private static long timeout(String text) {
        BigDecimal millis;
        try {
            millis = new BigDecimal(TIMEOUT.normalize(text)).setScale(0, RoundingMode.HALF_EVEN);
        } catch (SqlException e) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid timeout value: \"" + text + "\"", e).withHint(e.hint());
        }
        if (millis.signum() < 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "timeout cannot be negative");
        }
        if (millis.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "timeout value is out of range");
        }
        return millis.longValueExact();
    }

    // ---- Waiting

    private String run() {
        session.endReading();
        if (session.txn().snapshots().count() > 0) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "WAIT FOR must be called without an active or registered snapshot")
                .withDetail("WAIT FOR cannot be executed within a transaction with an isolation level higher than READ COMMITTED.");
        }
        boolean replica = recovery.isReplica();
        if (mode == Mode.PRIMARY_FLUSH && replica) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is in progress")
                .withHint("Waiting for primary_flush can only be done on a primary server. Use standby_flush mode on a standby server.");
        }
        Result result;
        if (mode != null && mode != Mode.PRIMARY_FLUSH && !replica) {
            result = Result.NOT_IN_RECOVERY;
        } else if (current(replica) >= wanted) {
            result = Result.SUCCESS;
        } else {
            session.requireThread();
            result = waitForIt();
        }
        return fails ? checked(result, replica) : status(result);
    }

    private static String status(Result result) {
        return switch (result) {
            case SUCCESS -> "success";
            case TIMEOUT -> "timeout";
            case NOT_IN_RECOVERY -> "not in recovery";
        };
    }

    private Mode effectiveMode(boolean replica) {
        return mode != null ? mode : replica ? Mode.REPLAY : Mode.PRIMARY_FLUSH;
    }

    private long current(boolean replica) {
        return switch (effectiveMode(replica)) {
            case REPLAY -> recovery.replayedLsn();
            case WRITE, FLUSH -> recovery.receivedLsn();
            case PRIMARY_FLUSH -> session.services().wal().flushLsn();
        };
    }

    private Result waitForIt() {
        ScheduledFuture<?> statementTimeout = session.execution().armTimeout();
        try {
            long begin = System.nanoTime();
            long limit = timeoutMillis == 0 ? Long.MAX_VALUE : saturatedNanos(timeoutMillis);
            while (true) {
                long passed = System.nanoTime() - begin;
                long step = System.nanoTime() + Math.max(0, Math.min(limit - passed, CommitWait.STEP_NANOS));
                boolean reached = reached(step);
                // A standby's mode ends with the standby: the position may lie on a history that is no more.
                if (mode != null && mode != Mode.PRIMARY_FLUSH && !recovery.isReplica()) {
                    return Result.NOT_IN_RECOVERY;
                }
                if (reached) {
                    return Result.SUCCESS;
                }
                session.interrupts().check();
                if (System.nanoTime() - begin >= limit) {
                    return Result.TIMEOUT;
                }
                CommitWait.pauseUntil(step);
            }
        } finally {
            if (statementTimeout != null) {
                statementTimeout.cancel(false);
            }
        }
    }

    private static long saturatedNanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Received positions have no waiters of their own: they are looked at every millisecond. */
    private boolean reached(long stepEnd) {
        if (mode == Mode.WRITE || mode == Mode.FLUSH) {
            CommitWait.pauseUntil(stepEnd);
            return recovery.receivedLsn() >= wanted;
        }
        if (!recovery.isReplica()) {
            session.services().wal().requestFlush(Math.min(wanted, session.services().wal().insertLsn()));
        }
        return recovery.awaitReplayed(wanted, stepEnd);
    }

    private String checked(Result result, boolean began) {
        return switch (result) {
            case SUCCESS -> status(result);
            case TIMEOUT -> throw new SqlException(SqlState.QUERY_CANCELED, "timed out while waiting for target LSN " + Lsn.format(wanted)
                + " to be " + effectiveMode(began).verb + "; current " + effectiveMode(began).word + " LSN " + Lsn.format(current(began)));
            case NOT_IN_RECOVERY -> {
                SqlException error = new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is not in progress");
                throw began ? error.withDetail("Recovery ended before target LSN " + Lsn.format(wanted) + " was " + mode.verb + "; last "
                        + mode.word + " LSN " + Lsn.format(current(true)) + ".")
                    : error.withHint("Waiting for the " + mode.word + " LSN can only be executed during recovery.");
            }
        };
    }
}
