package io.quantadb.session;

/** Data of a COPY FROM STDIN as it arrives. Read by the session's thread, which waits; never used on an event loop. */
public interface CopyInput {
    /**
     * The next piece of data, cut wherever the client cut it.
     *
     * @return null at the end (CopyDone)
     * @throws io.quantadb.error.SqlException 57014 if the client failed the copy, 08006 if it is gone
     */
    byte[] next();

    /** Ends the copy from our side, because of an error: what still arrives is dropped. */
    void abandon();
}
