package io.quantadb.wal.writer;

/** Waiting for our own threads. */
final class Threads {
    private Threads() {
    }

    /** Joins the thread; an interrupt meanwhile is kept for the caller to see. */
    static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
