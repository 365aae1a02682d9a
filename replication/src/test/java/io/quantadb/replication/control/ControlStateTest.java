package io.quantadb.replication.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Goal: each command is accepted exactly where the rules allow it. Method: small histories written by hand. */
class ControlStateTest {
    private static final Set<String> NONE = Set.of();

    private ControlState state = ControlState.EMPTY;

    private static Member member(String node, Member.Kind kind, int priority) {
        return Member.of(node, kind, priority, new Member.Addresses(node + ":1", node + ":2", node + ":3", node));
    }

    private void accept(Command command) {
        ControlState.Result result = state.apply(command);
        assertTrue(result.accepted(), () -> command + ": " + result.refusal());
        state = result.state();
    }

    private void refuse(Command command) {
        ControlState.Result result = state.apply(command);
        assertFalse(result.accepted(), () -> command + " must be refused in " + state);
        assertEquals(state, result.state());
    }

    private void formThree() {
        accept(new Command.Bootstrap(member("a", Member.Kind.DATA, 50), 1));
        accept(new Command.AddMember(member("b", Member.Kind.DATA, 50)));
        accept(new Command.AddMember(member("c", Member.Kind.DATA, 50)));
        for (String node : List.of("b", "c")) {
            accept(new Command.Hello(node, 10));
        }
        accept(new Command.SetInSync(1, 1, Set.of("a", "b", "c")));
    }

    @Test
    void shouldElectTheHighestPositionAndBranchTheTimeline() {
        formThree();
        accept(new Command.BeginElection(1, NONE, Command.Reason.PRIMARY_DEAD));
        assertEquals(2, state.epoch());
        refuse(new Command.Elect(2, "b"));
        accept(new Command.ReportPosition(2, "b", new Position(1, 100)));
        accept(new Command.ReportPosition(2, "c", new Position(1, 120)));
        refuse(new Command.Elect(2, "b"));
        refuse(new Command.Elect(1, "c"));
        accept(new Command.Elect(2, "c"));
        assertEquals("c", state.primary());
        assertEquals(2, state.timeline());
        assertEquals(List.of(new Fork(1, 120)), state.history());
        assertEquals(Set.of("b", "c"), state.inSync());
        assertEquals(100, state.startHorizon());
    }

    @Test
    void shouldRankALaterTimelineAboveAHigherLsn() {
        formThree();
        accept(new Command.BeginElection(1, NONE, Command.Reason.PRIMARY_DEAD));
        accept(new Command.ReportPosition(2, "b", new Position(2, 100)));
        accept(new Command.ReportPosition(2, "c", new Position(1, 120)));
        refuse(new Command.Elect(2, "c"));
        accept(new Command.Elect(2, "b"));
    }

    @Test
    void shouldDropAncestorsThatTheWinnerDoesNotHave() {
        formThree();
        accept(new Command.BeginElection(1, NONE, Command.Reason.PRIMARY_DEAD));
        accept(new Command.ReportPosition(2, "b", new Position(1, 120)));
        accept(new Command.ReportPosition(2, "c", new Position(1, 100)));
        accept(new Command.Elect(2, "b"));
        accept(new Command.BeginElection(2, NONE, Command.Reason.PRIMARY_DEAD));
        accept(new Command.ReportPosition(3, "c", new Position(1, 100)));
        accept(new Command.Elect(3, "c"));
        assertEquals(3, state.timeline());
        assertEquals(List.of(new Fork(1, 100)), state.history());
    }

    @Test
    void shouldRefuseReportsOfNodesOutsideTheInSyncSet() {
        formThree();
        accept(new Command.SetInSync(1, 2, Set.of("a", "b")));
        accept(new Command.BeginElection(1, NONE, Command.Reason.PRIMARY_DEAD));
        refuse(new Command.ReportPosition(2, "c", new Position(1, 120)));
        accept(new Command.BeginElection(2, NONE, Command.Reason.FORCED));
        accept(new Command.ReportPosition(3, "c", new Position(1, 120)));
        accept(new Command.Elect(3, "c"));
        assertTrue(state.lossy());
        assertEquals(Set.of("c"), state.inSync());
    }

    @Test
    void shouldRefuseSetsDecidedOnAnotherVersionOrEpochOrWithoutThePrimary() {
        formThree();
        refuse(new Command.SetInSync(1, 1, Set.of("a", "b")));
        refuse(new Command.SetInSync(2, 2, Set.of("a", "b")));
        refuse(new Command.SetInSync(1, 2, Set.of("b", "c")));
        refuse(new Command.SetInSync(1, 2, Set.of("a", "nobody")));
        accept(new Command.AddMember(member("w", Member.Kind.WITNESS, 0)));
        refuse(new Command.SetInSync(1, 2, Set.of("a", "w")));
    }

    @Test
    void shouldTellARestartedPrimaryFromOneThatRanOn() {
        formThree();
        assertTrue(state.isPrimaryRunUnbroken());
        accept(new Command.Hello("a", 11));
        assertFalse(state.isPrimaryRunUnbroken());
    }

    @Test
    void shouldLetALonePrimaryGoOnAfterARestart() {
        accept(new Command.Bootstrap(member("a", Member.Kind.DATA, 50), 1));
        accept(new Command.Hello("a", 11));
        assertTrue(state.isPrimaryRunUnbroken());
        accept(new Command.AddMember(member("b", Member.Kind.DATA, 50)));
        accept(new Command.RemoveMember("b"));
        accept(new Command.Hello("a", 12));
        assertFalse(state.isPrimaryRunUnbroken(), "b may have had WAL that a had not flushed");
    }

    @Test
    void shouldSwitchOverWithoutAnElection() {
        formThree();
        refuse(new Command.CompleteSwitchover(1, "b", 500));
        accept(new Command.PlanSwitchover(1, "b"));
        accept(new Command.CompleteSwitchover(1, "b", 500));
        assertEquals(2, state.epoch());
        assertEquals("b", state.primary());
        assertEquals(500, state.startHorizon());
        assertEquals(List.of(new Fork(1, 500)), state.history());
        assertEquals(Set.of("a", "b", "c"), state.inSync());
    }

    @Test
    void shouldRefuseTheCompletionOfACancelledSwitchover() {
        formThree();
        accept(new Command.PlanSwitchover(1, "b"));
        accept(new Command.CancelSwitchover(1, "too slow"));
        refuse(new Command.CompleteSwitchover(1, "b", 500));
    }

    @Test
    void shouldNotElectAutomaticallyWhilePaused() {
        formThree();
        accept(new Command.Pause(true));
        refuse(new Command.BeginElection(1, NONE, Command.Reason.PRIMARY_DEAD));
        accept(new Command.BeginElection(1, NONE, Command.Reason.PRIMARY_RESTARTED));
    }

    @Test
    void shouldPreferPriorityAmongEqualPositions() {
        accept(new Command.Bootstrap(member("a", Member.Kind.DATA, 50), 1));
        accept(new Command.AddMember(member("b", Member.Kind.DATA, 50)));
        accept(new Command.AddMember(member("c", Member.Kind.DATA, 60)));
        accept(new Command.SetInSync(1, 1, Set.of("a", "b", "c")));
        accept(new Command.BeginElection(1, NONE, Command.Reason.PRIMARY_DEAD));
        accept(new Command.ReportPosition(2, "b", new Position(1, 120)));
        accept(new Command.ReportPosition(2, "c", new Position(1, 120)));
        assertEquals("c", state.election().best(state.members(), "b"));
    }

    @Test
    void shouldRequireTwoInSyncOnlyOnceThreeNodesHaveBeenInSync() {
        accept(new Command.Bootstrap(member("a", Member.Kind.DATA, 50), 1));
        accept(new Command.AddMember(member("b", Member.Kind.DATA, 50)));
        accept(new Command.AddMember(member("c", Member.Kind.DATA, 50)));
        accept(new Command.SetInSync(1, 1, Set.of("a", "b")));
        assertEquals(1, state.minInSync(0));
        accept(new Command.SetInSync(1, 2, Set.of("a", "b", "c")));
        assertEquals(2, state.minInSync(0));
        accept(new Command.SetInSync(1, 3, Set.of("a", "b")));
        assertEquals(2, state.minInSync(0));
        assertEquals(3, state.minInSync(3));
    }

    @Test
    void shouldEncodeCanonicallyAndNoticeDamage() {
        formThree();
        accept(new Command.BeginElection(1, Set.of("a"), Command.Reason.GIVE_WAY));
        accept(new Command.ReportPosition(2, "b", new Position(1, 120)));
        byte[] bytes = state.encode();
        assertEquals(state, ControlState.decode(bytes));
        assertArrayEquals(bytes, ControlState.decode(bytes).encode());
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x10;
            assertThrows(IllegalArgumentException.class, () -> ControlState.decode(damaged));
        }
        assertNotEquals(0, bytes.length);
    }

    @Test
    void shouldEncodeEveryCommand() {
        List<Command> all = List.of(new Command.Bootstrap(member("a", Member.Kind.DATA, 1), 3),
                new Command.Hello("a", -5), new Command.AddMember(member("w", Member.Kind.WITNESS, 2)),
                new Command.UpdateMember(member("b", Member.Kind.DATA, 9)), new Command.RemoveMember("b"),
                new Command.SetInSync(4, 5, Set.of("x", "y")),
                new Command.BeginElection(6, Set.of("z"), Command.Reason.NO_CANDIDATE),
                new Command.ReportPosition(7, "q", new Position(2, 1L << 40)), new Command.Elect(8, "e"),
                new Command.PlanSwitchover(9, "t"), new Command.CompleteSwitchover(10, "t", 77),
                new Command.CancelSwitchover(11, "why"), new Command.Pause(true));
        for (Command command : all) {
            assertEquals(command, ControlCodec.decodeCommand(ControlCodec.encodeCommand(command)));
        }
    }
}
