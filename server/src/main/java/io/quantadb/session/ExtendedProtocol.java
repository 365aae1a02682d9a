package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TransactionStatement;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * The extended query protocol: Parse, Bind, Describe, Execute, Close. Confined to the session's thread.
 *
 * <p>After an error everything up to Sync is skipped. Source: PostgreSQL documentation, "Extended Query".
 */
final class ExtendedProtocol {
    private final Session session;
    private boolean skipping;

    ExtendedProtocol(Session session) {
        this.session = session;
    }

    boolean isSkipping() {
        return skipping;
    }

    void startSkipping() {
        skipping = true;
    }

    void stopSkipping() {
        skipping = false;
    }

    void parse(String name, String sql, int[] parameterTypes) {
        List<ParsedStatement> parsed = SqlParser.parse(sql);
        if (parsed.size() > 1) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
        }
        if (name.isEmpty()) {
            session.statements().removePrepared("");
        }
        PreparedStatement prepared;
        if (parsed.isEmpty()) {
            prepared = new PreparedStatement(name, sql, null, null, false, session.statementStartMicros());
        } else {
            ParsedStatement statement = parsed.getFirst();
            session.execution().checkNotFailed(statement.statement());
            prepared = new PreparedStatement(name, sql, statement, compile(sql, statement, parameterTypes), false,
                session.statementStartMicros());
        }
        session.statements().add(prepared);
        session.out().parseComplete();
    }

    private CompiledStatement compile(String sql, ParsedStatement parsed, int[] parameterTypes) {
        Statement statement = parsed.statement();
        if (statement instanceof TransactionStatement) {
            return session.commands().compiled(sql, statement, List.of());
        }
        session.block().beginImplicit();
        if (statement instanceof SessionStatement command && session.commands().handles(command)) {
            return session.commands().compiled(sql, statement, session.commands().columns(command));
        }
        return session.execution().compile(sql, parsed, parameterTypes);
    }

    void bind(String portalName, String statementName, short[] parameterFormats, byte[][] values, short[] resultFormats) {
        PreparedStatement prepared = session.statements().prepared(statementName);
        if (prepared.isEmpty()) {
            session.statements().add(new Portal(portalName, null, new Object[0], new short[0], 0));
            session.out().bindComplete();
            return;
        }
        session.execution().checkNotFailed(prepared.parsed().statement());
        CompiledStatement compiled = prepared.compiled();
        if (!(compiled.statement() instanceof TransactionStatement)) {
            session.block().beginImplicit();
            compiled = session.execution().current(prepared);
        }
        int[] types = compiled.parameterTypes();
        if (values.length != types.length) {
            throw new SqlException(SqlState.PROTOCOL_VIOLATION, "bind message supplies " + values.length + " parameters, but prepared statement \""
                + statementName + "\" requires " + types.length);
        }
        Object[] parameters = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            parameters[i] = values[i] == null ? null : decode(values[i], format(parameterFormats, i, values.length, "parameter"), types[i], i + 1);
        }
        short[] formats = new short[compiled.columns().size()];
        for (int i = 0; i < formats.length; i++) {
            formats[i] = format(resultFormats, i, formats.length, "column");
        }
        prepared.executed();
        session.statements().add(new Portal(portalName, compiled, parameters, formats, session.block().level()));
        session.out().bindComplete();
    }

    private static short format(short[] formats, int index, int count, String what) {
        if (formats.length == 0) {
            return 0;
        }
        if (formats.length == 1) {
            return formats[0];
        }
        if (formats.length != count) {
            throw new SqlException(SqlState.PROTOCOL_VIOLATION, "bind message has " + formats.length + " " + what + " formats but "
                + count + " " + what + "s");
        }
        return formats[index];
    }

    private Object decode(byte[] raw, short format, int typeOid, int number) {
        PgType type = session.catalog().pgType(typeOid);
        try {
            if (format == 1) {
                return type.ops().fromBinary(raw, -1);
            }
            return type.ops().fromText(Utf8.decode(raw), -1, session.text());
        } catch (SqlException e) {
            throw e.addWhere("unnamed portal parameter $" + number);
        }
    }

    void describeStatement(String name) {
        PreparedStatement prepared = session.statements().prepared(name);
        session.out().parameterDescription(prepared.parameterTypes());
        if (prepared.isEmpty() || !hasRows(prepared.compiled())) {
            session.out().noData();
            return;
        }
        if (session.block().isFailed()) {
            session.execution().checkNotFailed(prepared.parsed().statement());
        }
        session.out().rowDescription(prepared.columns(), new short[prepared.columns().size()]);
    }

    private static boolean hasRows(CompiledStatement compiled) {
        return !compiled.columns().isEmpty() || !compiled.isUtility() && compiled.returnsRows();
    }

    void describePortal(String name) {
        Portal portal = session.statements().portal(name);
        if (portal.statement() == null || !hasRows(portal.statement())) {
            session.out().noData();
        } else {
            session.out().rowDescription(portal.columns(), portal.formats());
        }
    }

    void execute(String name, int maximumRows) {
        Portal portal = session.statements().portal(name);
        CompiledStatement compiled = portal.statement();
        if (compiled == null) {
            session.out().emptyQueryResponse();
            return;
        }
        session.execution().checkNotFailed(compiled.statement());
        if (compiled.isUtility()) {
            executeUtility(portal);
            return;
        }
        session.activity().active(compiled.sql(), session.services().clock().wallMicros());
        if (portal.isFinished()) {
            // Executed to its end before: nothing is run twice.
            session.out().commandComplete(StatementExecution.tag(compiled, 0));
            return;
        }
        String tag;
        if (maximumRows <= 0 && !portal.isStarted()) {
            tag = session.execution().runToEnd(portal);
        } else {
            tag = session.execution().runPart(portal, maximumRows <= 0 ? Long.MAX_VALUE : maximumRows);
        }
        if (tag == null) {
            session.out().portalSuspended();
        } else {
            session.out().commandComplete(tag);
        }
    }

    private void executeUtility(Portal portal) {
        CompiledStatement compiled = portal.statement();
        String tag;
        if (compiled.statement() instanceof TransactionStatement transaction) {
            tag = session.commands().transaction(transaction);
        } else if (compiled.statement() instanceof SessionStatement command && session.commands().handles(command)) {
            session.block().beginImplicit();
            session.commands().formats(portal.formats());
            tag = session.commands().executeWithoutDescription(command, compiled.sql());
        } else {
            session.block().beginImplicit();
            if (session.services().utility().forbidsTransactionBlock(compiled.statement()) && session.inTransactionBlock()) {
                throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, compiled.tag() + " cannot run inside a transaction block");
            }
            tag = session.execution().runUtility(compiled, compiled.sql(), portal.parameters(), portal.formats(), false);
        }
        session.out().commandComplete(tag);
    }

    void closeStatement(String name) {
        session.statements().removePrepared(name);
        session.out().closeComplete();
    }

    void closePortal(String name) {
        session.statements().closePortal(name);
        session.out().closeComplete();
    }
}
