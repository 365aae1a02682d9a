package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.executor.vector.Batch;
import java.util.List;

/**
 * What a session tells its client, as values: pgwire turns them into messages. Confined to the thread that runs the
 * session at the time.
 *
 * <p>Nothing is sent before the session's thread lets go of it or the writer's buffer is full; then a slow client
 * makes {@link #rows} wait.
 */
public interface ClientWriter {
    /** @param formats one for each column: 0 text, 1 binary */
    void rowDescription(List<ResultColumn> columns, short[] formats);

    /** Fixes types and formats of the rows that follow. */
    void beginRows(List<ResultColumn> columns, short[] formats);

    /** Sends rows {@code [from, to)} of the batch's selection. */
    void rows(Batch batch, int from, int to);

    /** Sends one row given as objects. */
    void row(Object[] values);

    void commandComplete(String tag);

    void emptyQueryResponse();

    void parseComplete();

    void bindComplete();

    void closeComplete();

    void portalSuspended();

    void noData();

    void parameterDescription(int[] typeOids);

    void parameterStatus(String name, String value);

    /** @param status I, T or E */
    void readyForQuery(char status);

    void error(SqlException error);

    void notice(SqlException notice);

    void notification(int processId, String channel, String payload);

    /**
     * Asks the client for data: CopyInResponse.
     *
     * @param binary the overall format; columns all have the same
     */
    CopyInput copyIn(boolean binary, int columns);

    void copyOutResponse(boolean binary, int columns);

    /** One CopyData message. */
    void copyData(byte[] data, int offset, int length);

    void copyDone();

    /** Bytes buffered since the last flush: the place to go back to with {@link #rewind}. */
    int mark();

    /** Forgets what was written since {@link #mark}; only before anything of it was sent. */
    void rewind(int mark);

    /** Nothing written from here on may reach the client before all WAL below {@code lsn} is durable. */
    void holdUntilDurable(long lsn);

    /** Sends what is buffered (as far as it need not be held), and waits while the client reads slowly. */
    void flush();
}
