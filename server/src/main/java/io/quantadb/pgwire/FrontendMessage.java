package io.quantadb.pgwire;

/** A message of the client after startup. */
sealed interface FrontendMessage {
    record Query(String sql) implements FrontendMessage {
    }

    record Parse(String name, String sql, int[] parameterTypes) implements FrontendMessage {
    }

    /** @param values null entries are NULL */
    record Bind(String portal, String statement, short[] parameterFormats, byte[][] values, short[] resultFormats)
            implements FrontendMessage {
    }

    record Describe(boolean portal, String name) implements FrontendMessage {
    }

    record Execute(String portal, int maximumRows) implements FrontendMessage {
    }

    record Close(boolean portal, String name) implements FrontendMessage {
    }

    record Sync() implements FrontendMessage {
        static final Sync INSTANCE = new Sync();
    }

    record Flush() implements FrontendMessage {
        static final Flush INSTANCE = new Flush();
    }

    record CopyData(byte[] data) implements FrontendMessage {
    }

    record CopyDone() implements FrontendMessage {
    }

    record CopyFail(String reason) implements FrontendMessage {
    }

    /** Password, SASLInitialResponse or SASLResponse: which one depends on the state of authentication. */
    record Password(byte[] data) implements FrontendMessage {
    }

    record Terminate() implements FrontendMessage {
    }
}
