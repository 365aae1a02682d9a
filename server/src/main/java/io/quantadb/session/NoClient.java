package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.executor.vector.Batch;
import java.util.List;

/** The client of sessions that have none: everything sent to it is dropped, and it has no data for COPY. Stateless. */
public enum NoClient implements ClientWriter {
    INSTANCE;

    @Override
    public void rowDescription(List<ResultColumn> columns, short[] formats) {
        // Nobody hears it.
    }

    @Override
    public void beginRows(List<ResultColumn> columns, short[] formats) {
        // Nobody hears it.
    }

    @Override
    public void rows(Batch batch, int from, int to) {
        // Nobody hears it.
    }

    @Override
    public void row(Object[] values) {
        // Nobody hears it.
    }

    @Override
    public void commandComplete(String tag) {
        // Nobody hears it.
    }

    @Override
    public void emptyQueryResponse() {
        // Nobody hears it.
    }

    @Override
    public void parseComplete() {
        // Nobody hears it.
    }

    @Override
    public void bindComplete() {
        // Nobody hears it.
    }

    @Override
    public void closeComplete() {
        // Nobody hears it.
    }

    @Override
    public void portalSuspended() {
        // Nobody hears it.
    }

    @Override
    public void noData() {
        // Nobody hears it.
    }

    @Override
    public void parameterDescription(int[] typeOids) {
        // Nobody hears it.
    }

    @Override
    public void parameterStatus(String name, String value) {
        // Nobody hears it.
    }

    @Override
    public void readyForQuery(char status) {
        // Nobody hears it.
    }

    @Override
    public void error(SqlException error) {
        // Nobody hears it.
    }

    @Override
    public void notice(SqlException notice) {
        // Nobody hears it.
    }

    @Override
    public void notification(int processId, String channel, String payload) {
        // Nobody hears it.
    }

    @Override
    public CopyInput copyIn(boolean binary, int columns) {
        throw SqlException.notSupported("COPY FROM STDIN is not supported without a client");
    }

    @Override
    public void copyOutResponse(boolean binary, int columns) {
        // Nobody hears it.
    }

    @Override
    public void copyData(byte[] data, int offset, int length) {
        // Nobody hears it.
    }

    @Override
    public void copyDone() {
        // Nobody hears it.
    }

    @Override
    public int mark() {
        return 0;
    }

    @Override
    public void rewind(int mark) {
        // Nobody hears it.
    }

    @Override
    public void holdUntilDurable(long lsn) {
        // Nobody hears it.
    }

    @Override
    public void flush() {
        // Nobody hears it.
    }
}
