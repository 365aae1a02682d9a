package io.quantadb.main;

import io.quantadb.management.ClusterAdministration;
import io.quantadb.management.ClusterView;
import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlGroup;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.control.RaftView;
import io.quantadb.replication.failover.Upstream;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.receiver.ReplicaLog;
import io.quantadb.replication.sender.ReplicationServer.LinkStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the API says of a cluster, and does to it. Safe for use by many threads. */
final class ClusterMonitor implements ClusterAdministration {
    private static final long SWITCHOVER_MILLIS = 30_000;
    private static final long FORCE_MILLIS = 20_000;
    private static final long POLL_MILLIS = 10;
    private static final long HEARD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ClusterMember member;

    ClusterMonitor(ClusterMember member) {
        this.member = member;
    }

    private RaftView raft() {
        ControlGroup group = member.group();
        return group == null ? RaftView.NONE : group.view();
    }

    @Override
    public ClusterView view() {
        ControlState state = member.state();
        RaftView raft = raft();
        boolean primary = member.out.isPrimary();
        boolean writable = primary && member.tracker.leaseValid(System.nanoTime()) && !member.tracker.isInsufficient();
        ServedNode served = member.served();
        String shown = !member.stage().equals("running") ? member.stage() : state.isElecting() ? "electing"
            : primary && !member.tracker.leaseValid(System.nanoTime()) ? "cut_off" : "running";
        List<ClusterView.Member> members = new ArrayList<>();
        Map<String, LinkStatus> links = links();
        for (Member each : state.members().values()) {
            members.add(show(each, state, raft, links));
        }
        int timeline = served == null ? state.timeline() : served.node.roles().timeline();
        ControlGroup group = member.group();
        return new ClusterView(member.self.nodeId(), primary ? "primary" : "replica", shown, state.epoch(), timeline, state.primary(),
            raft.leader(), List.copyOf(state.inSync()), state.minInSync(member.config.replication().minInSync()), writable,
            group == null ? 0 : group.leaderChanges(), 0, members);
    }

    private Map<String, LinkStatus> links() {
        Map<String, LinkStatus> links = new HashMap<>();
        if (member.server() != null) {
            for (LinkStatus link : member.server().links()) {
                if (link.kind() == PeerKind.REPLICA || link.kind() == PeerKind.CASCADING) {
                    links.put(link.node().nodeId(), link);
                }
            }
        }
        return links;
    }

    private ClusterView.Member show(Member each, ControlState state, RaftView raft, Map<String, LinkStatus> links) {
        boolean self = each.id().equals(member.self.nodeId());
        boolean upstream = each.id().equals(state.primary()) && member.client() != null && member.client().isStreaming();
        boolean reachable = self || links.containsKey(each.id()) || upstream
            || raft.answeredSince(each.id(), System.nanoTime() - HEARD_NANOS);
        return new ClusterView.Member(each.id(), each.id().equals(state.primary()) ? "primary" : each.isData() ? "replica" : "witness",
            each.isData() ? "data" : "witness", each.priority(), state.inSync().contains(each.id()), reachable, each.addresses().sql(),
            each.addresses().replication(), each.addresses().raft(), each.addresses().api());
    }

    @Override
    public List<ClusterView.Replica> replicas() {
        List<ClusterView.Replica> replicas = new ArrayList<>();
        ServedNode served = member.served();
        if (served == null) {
            return replicas;
        }
        long end = served.node.wal.insertLsn();
        ControlState state = member.state();
        links().forEach((node, link) -> {
            Feedback positions = link.feedback();
            long flushed = positions == null ? 0 : positions.flushLsn();
            long replayed = positions == null ? 0 : positions.replayLsn();
            boolean caughtUp = flushed >= end;
            replicas.add(new ClusterView.Replica(node, link.address(), link.streaming() ? "streaming" : "catchup",
                state.inSync().contains(node) ? "sync" : "async", link.sentLsn(), positions == null ? 0 : positions.writeLsn(), flushed, replayed,
                Math.max(0, end - replayed), caughtUp ? 0 : lagSeconds(positions), caughtUp ? 0 : lagSeconds(positions)));
        });
        return replicas;
    }

    /** Since the WAL it answered last was sent. */
    private static double lagSeconds(Feedback positions) {
        return positions == null || positions.echoNanos() == 0 ? 0 : Math.max(0, (System.nanoTime() - positions.echoNanos()) / 1e9);
    }

    @Override
    public ClusterView.Upstream upstream() {
        ReplicaLog log = member.in.replicaLog();
        if (log == null) {
            return null;
        }
        Upstream from = member.in.upstream();
        boolean streaming = member.client() != null && member.client().isStreaming();
        long heard = member.in.announcedNanos();
        long replayed = member.in.replayedLsn();
        double lag = heard == 0 || streaming && replayed >= member.in.announcedLsn() ? 0 : (System.nanoTime() - heard) / 1e9;
        String status = member.stage().equals("copying") ? "basecopy" : streaming ? "streaming" : from == null ? "waiting" : "connecting";
        return new ClusterView.Upstream(from == null ? null : from.primary(), from == null ? null : from.address(), status, log.writeLsn(),
            log.flushLsn(), replayed, member.in.announcedLsn(), log.history().timeline().value(), lag, member.in.copyPercent());
    }

    // ---- Commands

    @Override
    public CompletableFuture<Outcome> switchover(String target) {
        return CompletableFuture.supplyAsync(() -> {
            ControlState state = member.state();
            if (!state.isServing()) {
                return new Outcome(409, "there is no primary now");
            }
            String chosen = target == null ? best(state) : target;
            if (chosen == null) {
                return new Outcome(409, "no replica is in sync");
            }
            if (state.member(chosen) == null) {
                return new Outcome(404, "there is no node " + chosen + "; the cluster has " + state.members().keySet());
            }
            if (chosen.equals(state.primary())) {
                return Outcome.done(chosen + " is the primary already");
            }
            Outcome refused = propose(new Command.PlanSwitchover(state.epoch(), chosen));
            return refused != null ? refused : awaitPrimary(chosen, state.epoch());
        }, task -> Thread.ofVirtual().start(task));
    }

    private static String best(ControlState state) {
        return state.inSync().stream().filter(node -> !node.equals(state.primary()))
            .max((a, b) -> Integer.compare(state.member(a).priority(), state.member(b).priority())).orElse(null);
    }

    private Outcome propose(Command command) {
        try {
            String refusal = member.group().propose(command).join();
            return refusal == null ? null : new Outcome(409, refusal);
        } catch (RuntimeException e) {
            return new Outcome(503, "the cluster has no leader now: " + e.getMessage());
        }
    }

    private Outcome awaitPrimary(String target, long epoch) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SWITCHOVER_MILLIS);
        boolean planned = false;
        while (System.nanoTime() - deadline < 0) {
            ControlState now = member.state();
            if (target.equals(now.primary())) {
                return Outcome.done(target + " is the primary now, epoch " + now.epoch());
            }
            planned |= now.plannedTarget() != null;
            if (now.epoch() > epoch && now.isServing()) {
                return new Outcome(409, "the primary changed to " + now.primary() + " meanwhile");
            }
            if (planned && now.plannedTarget() == null && now.isServing()) {
                return new Outcome(409, "the switchover was given up: transactions did not end, or " + target + " did not catch up in time");
            }
            sleep();
        }
        return new Outcome(504, "the switchover has not finished yet");
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletableFuture<Outcome> removeNode(String nodeId, boolean graceful) {
        return CompletableFuture.supplyAsync(() -> {
            ControlState state = member.state();
            Member node = state.member(nodeId);
            if (node == null) {
                return new Outcome(404, "there is no node " + nodeId + "; the cluster has " + state.members().keySet());
            }
            if (nodeId.equals(state.primary())) {
                return new Outcome(409, nodeId + " is the primary: switch over to another node first");
            }
            if (graceful && state.inSync().contains(nodeId) && state.inSync().size() <= state.minInSync(member.config.replication().minInSync())) {
                return new Outcome(409, "without " + nodeId + " only " + (state.inSync().size() - 1) + " nodes are in sync, and writes need "
                    + state.minInSync(member.config.replication().minInSync()));
            }
            Outcome refused = propose(new Command.RemoveMember(nodeId));
            if (refused != null) {
                return refused;
            }
            try {
                member.group().removeMember(nodeId).join();
            } catch (RuntimeException e) {
                return new Outcome(503, nodeId + " is no member any more, but still votes: " + e.getMessage() + "; repeat the command");
            }
            member.server().disconnect(nodeId, "the node was removed from the cluster");
            return Outcome.done(nodeId + " was removed from the cluster");
        }, task -> Thread.ofVirtual().start(task));
    }

    @Override
    public CompletableFuture<Outcome> forceLeader() {
        return CompletableFuture.supplyAsync(() -> {
            ControlState state = member.state();
            Outcome refused = propose(new Command.BeginElection(state.epoch(), Set.of(), Command.Reason.FORCED));
            if (refused != null) {
                return refused;
            }
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FORCE_MILLIS);
            while (System.nanoTime() - deadline < 0) {
                ControlState now = member.state();
                if (now.isServing() && now.epoch() > state.epoch()) {
                    return Outcome.done(now.primary() + " is the primary now, epoch " + now.epoch() + (now.lossy()
                        ? "; commits that only other nodes had are lost" : ""));
                }
                sleep();
            }
            return new Outcome(504, "no primary has been elected yet");
        }, task -> Thread.ofVirtual().start(task));
    }

    @Override
    public CompletableFuture<Outcome> setPaused(boolean paused) {
        return CompletableFuture.supplyAsync(() -> {
            Outcome refused = propose(new Command.Pause(paused));
            return refused != null ? refused : Outcome.done(paused ? "automatic failover is suspended" : "automatic failover is on");
        }, task -> Thread.ofVirtual().start(task));
    }
}
