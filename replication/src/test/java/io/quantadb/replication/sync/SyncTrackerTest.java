package io.quantadb.replication.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Goal: the horizon waits for exactly those it must wait for. Method: feedback and time played by hand. */
class SyncTrackerTest {
    private static final long MS = 1_000_000L;
    private static final Set<String> ALL = Set.of("p", "a", "b");

    private final SyncTracker tracker = new SyncTracker("p", new SyncOptions(true, 5_000 * MS, 200 * MS));
    private long now = 1_000_000 * MS;
    private long version = 1;

    private void lead(Set<String> inSync, int min) {
        tracker.lead(new Membership(3, version, inSync, ALL, min), 100, 100, now);
    }

    private void applied(Set<String> inSync, int min) {
        tracker.onMembership(new Membership(3, ++version, inSync, ALL, min), now);
    }

    private void feedback(String node, long flush) {
        tracker.onFeedback(node, 3, flush, flush, flush, now);
    }

    /** Lets time pass while these nodes report the same positions. */
    private Optional<InSyncChange> pass(long millis, String node, long flush) {
        Optional<InSyncChange> change = Optional.empty();
        for (long i = 0; i < millis; i += 100) {
            now += 100 * MS;
            if (node != null) {
                feedback(node, flush);
            }
            change = tracker.step(now);
        }
        return change;
    }

    @Test
    void shouldStandAtTheLowestFlushOfTheInSyncSet() {
        List<Long> seen = new ArrayList<>();
        tracker.addHorizonListener(seen::add);
        lead(ALL, 2);
        tracker.onLocalFlush(300);
        assertEquals(100, tracker.horizon());
        feedback("a", 250);
        assertEquals(100, tracker.horizon());
        feedback("b", 400);
        assertEquals(250, tracker.horizon());
        feedback("a", 400);
        assertEquals(300, tracker.horizon());
        assertEquals(List.of(100L, 250L, 300L), seen);
    }

    @Test
    void shouldIgnoreFeedbackOfAnotherEpoch() {
        lead(Set.of("p", "a"), 2);
        tracker.onLocalFlush(300);
        tracker.onFeedback("a", 2, 300, 300, 300, now);
        assertEquals(100, tracker.horizon());
    }

    @Test
    void shouldWaitForAMemberUntilItsRemovalIsApplied() {
        lead(ALL, 2);
        feedback("a", 100);
        feedback("b", 100);
        tracker.onLocalFlush(300);
        feedback("a", 300);
        assertEquals(Optional.empty(), pass(4_900, "a", 300));
        InSyncChange change = pass(500, "a", 300).orElseThrow();
        assertEquals(Set.of("p", "a"), change.members());
        assertEquals(100, tracker.horizon());
        applied(change.members(), 2);
        assertEquals(300, tracker.horizon());
    }

    @Test
    void shouldNotShrinkBelowTheMinimumButSaySo() {
        lead(Set.of("p", "a"), 2);
        tracker.onLocalFlush(300);
        assertFalse(tracker.isInsufficient());
        assertEquals(Optional.empty(), pass(5_500, null, 0));
        assertTrue(tracker.isInsufficient());
        assertEquals(100, tracker.horizon());
        feedback("a", 300);
        tracker.step(now);
        assertFalse(tracker.isInsufficient());
        assertEquals(300, tracker.horizon());
    }

    @Test
    void shouldStandStillWithFewerMembersThanTheMinimum() {
        lead(Set.of("p"), 2);
        tracker.onLocalFlush(300);
        assertEquals(100, tracker.horizon());
        pass(5_200, null, 0);
        assertTrue(tracker.isInsufficient());
    }

    @Test
    void shouldRemoveASilentMemberThoughNothingIsWritten() {
        lead(ALL, 2);
        assertEquals(Set.of("p", "a"), pass(5_300, "a", 100).orElseThrow().members());
    }

    @Test
    void shouldReplaceADeadMemberByOneThatReturned() {
        lead(Set.of("p", "a"), 2);
        tracker.onLocalFlush(300);
        InSyncChange change = pass(6_000, "b", 300).orElseThrow();
        assertEquals(Set.of("p", "b"), change.members());
        applied(change.members(), 2);
        assertEquals(300, tracker.horizon());
    }

    @Test
    void shouldWaitForANewMemberFromBeforeItsProposal() {
        lead(Set.of("p", "a"), 1);
        feedback("a", 100);
        feedback("b", 100);
        feedback("b", 100);
        InSyncChange change = tracker.step(now).orElseThrow();
        assertEquals(ALL, change.members());
        tracker.onLocalFlush(300);
        feedback("a", 300);
        assertEquals(100, tracker.horizon(), "the addition may be applied already");
        feedback("b", 300);
        assertEquals(300, tracker.horizon());
    }

    @Test
    void shouldSettleAProposalWhoseNewMemberDied() {
        lead(Set.of("p", "a"), 1);
        feedback("a", 100);
        feedback("b", 100);
        feedback("b", 100);
        assertEquals(ALL, tracker.step(now).orElseThrow().members());
        tracker.onLocalFlush(300);
        feedback("a", 300);
        InSyncChange change = pass(6_000, "a", 300).orElseThrow();
        assertEquals(Set.of("p", "a"), change.members());
        assertEquals(100, tracker.horizon());
        applied(change.members(), 1);
        assertEquals(300, tracker.horizon());
    }

    @Test
    void shouldNotAddAReplicaThatIsFarBehind() {
        lead(Set.of("p", "a"), 1);
        for (int i = 1; i < 50; i++) {
            tracker.onLocalFlush(100 + i * 1000);
            feedback("a", 100 + i * 1000);
            feedback("b", 100 + i * 10);
            assertEquals(Optional.empty(), tracker.step(now));
            now += 10 * MS;
        }
        assertEquals(100 + 49 * 1000, tracker.horizon());
    }

    @Test
    void shouldFollowTheLocalFlushWhenAsynchronous() {
        SyncTracker async = new SyncTracker("p", new SyncOptions(false, 5_000 * MS, 200 * MS));
        async.lead(new Membership(3, 1, ALL, ALL, 2), 100, 100, now);
        async.onLocalFlush(300);
        assertEquals(300, async.horizon());
        assertFalse(async.isInsufficient());
    }

    @Test
    void shouldTellTheLevelsApart() {
        lead(Set.of("p", "a"), 2);
        tracker.onLocalFlush(300);
        tracker.onFeedback("a", 3, 280, 200, 150, now);
        assertEquals(200, tracker.lsn(SyncTracker.Level.ON));
        assertEquals(280, tracker.lsn(SyncTracker.Level.REMOTE_WRITE));
        assertEquals(150, tracker.lsn(SyncTracker.Level.REMOTE_APPLY));
        assertEquals(300, tracker.lsn(SyncTracker.Level.LOCAL));
    }

    @Test
    void shouldNeverLetTheHorizonFallWithANewReign() {
        lead(Set.of("p"), 1);
        tracker.onLocalFlush(500);
        assertEquals(500, tracker.horizon());
        tracker.resign();
        tracker.onAnnounced(450);
        assertEquals(500, tracker.horizon());
        tracker.onAnnounced(600);
        assertEquals(600, tracker.horizon());
    }

    @Test
    void shouldHoldALeaseOnlyWhileLeadingAndBeforeItsEnd() {
        assertFalse(tracker.leaseValid(now));
        lead(Set.of("p"), 1);
        assertFalse(tracker.leaseValid(now));
        tracker.setLease(now + 10);
        assertTrue(tracker.leaseValid(now));
        assertFalse(tracker.leaseValid(now + 10));
        tracker.resign();
        assertFalse(tracker.leaseValid(now));
    }
}
