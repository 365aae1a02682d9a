package io.quantadb.base;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens after an error that must stop the process: a failed sync of the WAL, a broken invariant.
 *
 * <p>Production uses {@link #HALT}, which never returns. Tests substitute one that records the call; code that reports
 * a fatal error must therefore also refuse all further work by itself.
 */
@FunctionalInterface
public interface FatalErrorHandler {
    /** Exit status of a process that stopped itself: recovery is needed, restarting it is fine. */
    int EXIT_STATUS = 3;

    /** Called once, by the thread that noticed. {@code message} says what failed and names the file or position. */
    void fatal(String message, Throwable cause);

    /** Logs and halts without running shutdown hooks: nothing more may be written. */
    FatalErrorHandler HALT = (message, cause) -> {
        Logger logger = LoggerFactory.getLogger(FatalErrorHandler.class);
        try {
            logger.error("PANIC: {}; stopping at once, recovery will run at the next start", message, cause);
        } finally {
            Runtime.getRuntime().halt(EXIT_STATUS);
        }
    };
}
