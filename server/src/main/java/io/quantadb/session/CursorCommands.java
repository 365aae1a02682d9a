package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.parser.ParsedStatement;
import java.util.Arrays;

/** DECLARE, FETCH, MOVE, CLOSE. Confined to the session's thread. */
final class CursorCommands {
    private static final Cursor.Receiver NOBODY = values -> { };

    private final Session session;

    CursorCommands(Session session) {
        this.session = session;
    }

    String declare(SessionStatement.DeclareCursor declare, String sql, ParsedStatement parsed) {
        session.requireThread();
        if (!declare.withHold() && !session.inTransactionBlock()) {
            throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "DECLARE CURSOR can only be used in transaction blocks");
        }
        ParsedStatement query = new ParsedStatement(declare.query(), parsed.start(), parsed.end());
        CompiledStatement compiled = session.services().compiler().compile(sql, query, new int[0], null, session, session.catalog());
        session.execution().requireParameters(compiled, sql, query, 0);
        if (compiled.writes()) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "DECLARE CURSOR must not contain data-modifying statements in WITH");
        }
        CursorPlaces places = CursorPlaces.of(compiled.query());
        if (!places.isEmpty()) {
            CompiledStatement wider = session.services().compiler().compile(compiled.sql(), compiled.statement(),
                places.extend(compiled.query(), session.catalog()), compiled.parameterTypes(), null, session, session.catalog(),
                compiled.catalogVersion());
            compiled = wider.withColumns(compiled.columns());
        }
        session.execution().admit(compiled);
        short[] formats = new short[compiled.columns().size()];
        if (declare.binary()) {
            Arrays.fill(formats, (short) 1);
        }
        Portal portal = new Portal(declare.name(), compiled, new Object[0], formats, session.block().level());
        boolean scroll = declare.scroll() == null || declare.scroll();
        Cursor cursor = new Cursor(declare.name(), sql, portal, scroll, declare.withHold(), declare.binary(),
            session.statementStartMicros(), places);
        session.statements().add(cursor);
        session.execution().start(portal);
        session.statements().running(null);
        return "DECLARE CURSOR";
    }

    String fetch(SessionStatement.Fetch fetch, boolean describe, short[] portalFormats) {
        session.requireThread();
        Cursor cursor = session.statements().cursor(fetch.cursor());
        Cursor.Receiver receiver = NOBODY;
        if (!fetch.move()) {
            short[] formats = cursor.isBinary() || portalFormats.length != cursor.portal().formats().length
                ? cursor.portal().formats() : portalFormats;
            if (describe) {
                session.out().rowDescription(cursor.portal().columns(), formats);
            }
            session.out().beginRows(cursor.portal().columns(), formats);
            receiver = session.out()::row;
        }
        long rows = switch (fetch.direction()) {
            case FORWARD -> cursor.fetchRelative(fetch.count(), receiver);
            case BACKWARD -> cursor.fetchRelative(fetch.count() == Long.MAX_VALUE ? Long.MIN_VALUE : -fetch.count(), receiver);
            case ABSOLUTE -> cursor.fetchAbsolute(fetch.count(), receiver);
            case RELATIVE -> cursor.fetchAtDistance(fetch.count(), receiver);
        };
        return (fetch.move() ? "MOVE " : "FETCH ") + rows;
    }

    String close(SessionStatement.ClosePortal close) {
        if (close.name() == null) {
            session.statements().closeAllCursors();
            return "CLOSE CURSOR ALL";
        }
        session.statements().closeCursor(close.name());
        return "CLOSE CURSOR";
    }
}
