package io.quantadb.management;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the API can ask of the cluster. Implemented by the composition root; safe for use by many threads. */
public interface ClusterAdministration {
    /**
     * How a request ended.
     *
     * @param code HTTP status: 200 done, 409 not possible now, 404 unknown node, 503 no quorum, 504 not finished in time
     * @param message for people, in one sentence
     */
    record Outcome(int code, String message) {
        private static final int DONE = 200;

        public boolean isDone() {
            return code == DONE;
        }

        public static Outcome done(String message) {
            return new Outcome(DONE, message);
        }
    }

    ClusterView view();

    /** The streams this node sends, at any moment of a cluster's life; may be empty. */
    List<ClusterView.Replica> replicas();

    /** Null if this node receives no stream. */
    ClusterView.Upstream upstream();

    /**
     * Makes another node the primary, without an error for any client.
     *
     * @param target node id; null = the replica that is best suited
     */
    CompletableFuture<Outcome> switchover(String target);

    /** Takes a member out of the cluster for good; with {@code graceful} only when that loses nothing. */
    CompletableFuture<Outcome> removeNode(String nodeId, boolean graceful);

    /** Elects this side's best node although the in-sync set is not reachable; may lose commits, and says which. */
    CompletableFuture<Outcome> forceLeader();

    /** Suspends or resumes automatic failover. */
    CompletableFuture<Outcome> setPaused(boolean paused);
}
