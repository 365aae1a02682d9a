package io.quantadb.replication.control;

import io.quantadb.base.Clock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.server.GrpcBackoff;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.RaftInternals;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's part in the Raft group that keeps the control state: a thin shell around Ratis. Safe for use by many
 * threads; listeners are called by Ratis's threads and must not block.
 *
 * <p>A group comes into being with one node ({@link Start#FORM}); others start without a group ({@link Start#JOIN}) and
 * are drawn into it by {@link #addMember}. A directory that holds a group already decides by itself: both then
 * mean going on with it.
 *
 * <p>A proposal whose outcome is not known completes exceptionally; it may yet be applied.
 */
public final class ControlGroup implements Closeable {
    /** What to do when the directory holds no group. */
    public enum Start {
        FORM, JOIN
    }

    /** Called by Ratis's threads, in order. */
    public interface Listener {
        /** The state after another entry; also after a restart, once for each entry that is applied again. */
        void onApplied(ControlState state, long index);

        /** Leadership came or went, here or elsewhere: {@link #view} tells what holds now. */
        void onLeadership();

        /**
         * The log could not be written; Ratis does not try again, so this process has no part in the group any more.
         */
        default void onLogFailed(Throwable cause) {
        }
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(ControlGroup.class);
    /** gRPC says by java.util.logging what interests nobody; held here, since loggers are weakly referenced. */
    private static final java.util.logging.Logger GRPC_LOGGER =
            java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty.io.grpc");
    private static final int BACKOFF_RESET_MILLIS = 250;
    private static final int REFUSED_MILLIS = 1000;
    private static final int PROPOSAL_ATTEMPTS = 20;
    private static final int PROPOSAL_PAUSE_MILLIS = 50;

    private final ControlGroupOptions options;
    private final Clock clock;
    private final Listener listener;
    private final RaftProperties properties;
    private final Parameters parameters;
    private final RaftGroupId groupId;
    private final RaftPeerId selfId;
    private final ControlStateMachine stateMachine;
    private final RaftServer server;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private final AtomicLong leaderChanges = new AtomicLong();
    private final ExecutorService proposers = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer;
    private final Object clientLock = new Object();
    private final DeathWatch deathWatch;
    private RaftClient client;
    private List<RaftPeer> clientPeers = List.of();
    private volatile RaftServer.Division division;
    private volatile boolean leaderReady;
    private volatile long leaderSinceNanos;
    private volatile String refusedNode;
    private volatile long refusedNanos;
    private volatile boolean handingOver;
    private volatile boolean closed;

    /** Prepares the server; nothing runs before {@link #start}. */
    public ControlGroup(ControlGroupOptions options, Start start, Clock clock, Listener listener)
            throws IOException {
        GRPC_LOGGER.setLevel(java.util.logging.Level.SEVERE);
        this.options = options;
        this.clock = clock;
        this.listener = listener;
        this.properties = RaftSettings.properties(options);
        this.parameters = RaftSettings.parameters(options);
        this.groupId = RaftGroupId.valueOf(UUID.nameUUIDFromBytes(
                ("quantadb control " + options.groupSecret()).getBytes(StandardCharsets.UTF_8)));
        this.selfId = RaftPeerId.valueOf(options.nodeId());
        this.stateMachine = new ControlStateMachine(new Events());
        Files.createDirectories(options.directory());
        RaftServer.Builder builder = RaftServer.newBuilder().setServerId(selfId).setProperties(properties)
                .setParameters(parameters).setStateMachine(stateMachine)
                .setOption(RaftStorage.StartupOption.RECOVER);
        if (!holdsGroup(options.directory())) {
            RaftPeer self = RaftPeer.newBuilder().setId(selfId).setAddress(options.advertisedAddress()).build();
            builder.setGroup(start == Start.FORM ? RaftGroup.valueOf(groupId, self) : RaftGroup.valueOf(groupId));
        }
        this.server = builder.build();
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("control-timer").factory());
        this.deathWatch = new DeathWatch(this, clock);
    }

    /** Whether the directory holds the state of a group. */
    public static boolean holdsGroup(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.anyMatch(entry -> Files.isDirectory(entry.resolve("current")));
        }
    }

    /** Starts to serve. Throws {@link IOException} if the port is taken or the directory is in use. */
    public void start() throws IOException {
        try {
            server.start();
            division = server.getDivision(groupId);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        timer.scheduleWithFixedDelay(this::resetBackoff, BACKOFF_RESET_MILLIS, BACKOFF_RESET_MILLIS,
                TimeUnit.MILLISECONDS);
        deathWatch.start();
    }

    private void resetBackoff() {
        try {
            GrpcBackoff.reset(server, peers());
        } catch (IOException | RuntimeException e) {
            LOGGER.debug("Could not reset the connect backoff", e);
        }
    }

    public String nodeId() {
        return options.nodeId();
    }

    public ControlGroupOptions options() {
        return options;
    }

    /** The state as applied here. */
    public ControlState state() {
        return stateMachine.state();
    }

    /** How often the leader has changed since the start. */
    public long leaderChanges() {
        return leaderChanges.get();
    }

    /** The voters, this node included once it belongs to the group. */
    public List<String> voters() {
        return peers().stream().map(peer -> peer.getId().toString()).toList();
    }

    /** The voter's address; null if it is none. */
    public String addressOf(String node) {
        return peers().stream().filter(peer -> peer.getId().toString().equals(node)).map(RaftPeer::getAddress)
                .findFirst().orElse(null);
    }

    private List<RaftPeer> peers() {
        RaftServer.Division current = division;
        return current == null ? List.of() : new ArrayList<>(current.getGroup().getPeers());
    }

    /** The leader as far as this node knows; null = none. */
    public String leader() {
        RaftServer.Division current = division;
        if (current == null || current.getInfo().isCandidate()) {
            return null;
        }
        RaftPeerId leader = current.getInfo().getLeaderId();
        return leader == null ? null : leader.toString();
    }

    /** What holds now. */
    public RaftView view() {
        RaftServer.Division current = division;
        if (current == null || closed) {
            return RaftView.NONE;
        }
        long now = System.nanoTime();
        Long majority = leaderReady ? RaftInternals.majorityNanos(current, now) : null;
        if (majority == null) {
            return new RaftView(false, 0, leader(), 0, state().epoch(), Map.of(), refused());
        }
        long lease = handingOver ? now : majority + TimeUnit.MILLISECONDS.toNanos(options.leaseMillis());
        return new RaftView(true, leaderSinceNanos, options.nodeId(), lease, state().epoch(),
                RaftInternals.answeredSendNanos(current), refused());
    }

    private String refused() {
        boolean recent = clock.monotonicNanos() - refusedNanos < TimeUnit.MILLISECONDS.toNanos(REFUSED_MILLIS);
        return recent ? refusedNode : null;
    }

    /**
     * Proposes a command, wherever the leader is.
     *
     * @return null if the command was accepted, else why it was refused; exceptionally if the outcome is not known
     */
    public CompletableFuture<String> propose(Command command) {
        Message message = Message.valueOf(ByteString.copyFrom(ControlCodec.encodeCommand(command)));
        if (closed) {
            return CompletableFuture.failedFuture(new IOException("the control group is closed"));
        }
        return CompletableFuture.supplyAsync(() -> {
            try {
                RaftClientReply reply = leaderReady ? submitHere(message) : client().io().send(message);
                return refusal(reply);
            } catch (IOException | TimeoutException e) {
                throw new java.util.concurrent.CompletionException(
                        new IOException("no outcome of " + command + ": " + e.getMessage(), e));
            }
        }, proposers);
    }

    /** As {@link #propose}, but only if this node is the leader, and in no other term than the one it leads now. */
    public CompletableFuture<String> proposeAsLeader(Command command) {
        Message message = Message.valueOf(ByteString.copyFrom(ControlCodec.encodeCommand(command)));
        if (closed || !leaderReady) {
            return CompletableFuture.failedFuture(new IOException("node " + nodeId() + " is not the Raft leader"));
        }
        try {
            return server.submitClientRequestAsync(request(message)).thenApply(reply -> {
                try {
                    return refusal(reply);
                } catch (IOException e) {
                    throw new java.util.concurrent.CompletionException(e);
                }
            });
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private RaftClientRequest request(Message message) {
        return RaftClientRequest.newBuilder().setClientId(clientId).setServerId(selfId).setGroupId(groupId)
                .setCallId(callIds.incrementAndGet()).setMessage(message)
                .setType(RaftClientRequest.writeRequestType()).build();
    }

    private RaftClientReply submitHere(Message message) throws IOException, TimeoutException {
        try {
            RaftClientReply reply = server.submitClientRequestAsync(request(message)).get(proposalMillis(),
                    TimeUnit.MILLISECONDS);
            return reply.isSuccess() || reply.getNotLeaderException() == null ? reply : client().io().send(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause().getMessage()), e.getCause());
        }
    }

    private long proposalMillis() {
        return (long) PROPOSAL_ATTEMPTS * PROPOSAL_PAUSE_MILLIS;
    }

    private static String refusal(RaftClientReply reply) throws IOException {
        if (!reply.isSuccess()) {
            throw new IOException(String.valueOf(reply.getException().getMessage()), reply.getException());
        }
        return ControlCodec.decodeRefusal(reply.getMessage().getContent().toByteArray());
    }

    /** The client that follows the leader; made anew when the group changes. */
    private RaftClient client() throws IOException {
        List<RaftPeer> peers = peers();
        synchronized (clientLock) {
            if (client == null || !peers.equals(clientPeers)) {
                if (client != null) {
                    client.close();
                }
                clientPeers = peers;
                client = RaftClient.newBuilder().setProperties(properties).setParameters(parameters)
                        .setRaftGroup(RaftGroup.valueOf(groupId, peers))
                        .setRetryPolicy(RetryPolicies.retryUpToMaximumCountWithFixedSleep(PROPOSAL_ATTEMPTS,
                                RaftSettings.millis(PROPOSAL_PAUSE_MILLIS)))
                        .build();
            }
            return client;
        }
    }

    /** Draws a node that was started with {@link Start#JOIN} into the group, as a voter. Repeating it is harmless. */
    public CompletableFuture<Void> addMember(String node, String address) {
        RaftPeer peer = RaftPeer.newBuilder().setId(node).setAddress(address).build();
        return administer("adding " + node, () -> {
            if (address.equals(addressOf(node))) {
                return null;
            }
            return client().admin().setConfiguration(SetConfigurationRequest.Arguments.newBuilder()
                    .setServersInNewConf(List.of(peer)).setMode(SetConfigurationRequest.Mode.ADD).build());
        });
    }

    /** Takes a voter out of the group; it must not be the leader. Repeating it is harmless. */
    public CompletableFuture<Void> removeMember(String node) {
        return administer("removing " + node, () -> {
            List<RaftPeer> before = peers();
            List<RaftPeer> after = before.stream().filter(p -> !p.getId().toString().equals(node)).toList();
            if (after.size() == before.size()) {
                return null;
            }
            return client().admin().setConfiguration(SetConfigurationRequest.Arguments.newBuilder()
                    .setServersInNewConf(after).setServersInCurrentConf(before)
                    .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET).build());
        });
    }

    /** Hands the leadership to another voter; no effect if this node does not lead. */
    public CompletableFuture<Void> transferLeadership(String node) {
        if (!leaderReady || node.equals(options.nodeId())) {
            return CompletableFuture.completedFuture(null);
        }
        // It takes 30 to 50 ms, and while it is tried, proposals are refused. It breaks the promise that the lease
        // rests on: nobody is elected before a timeout.
        handingOver = true;
        return administer("handing the leadership to " + node, () -> client().admin()
                .transferLeadership(RaftPeerId.valueOf(node), options.timeoutMaxMillis()))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        // The other one may still be told to stand: wait as long as such a message can be on its way.
                        timer.schedule(() -> handingOver = false, options.timeoutMaxMillis() * 4L,
                                TimeUnit.MILLISECONDS);
                    } else {
                        handingOver = false;
                    }
                });
    }

    /** One administrative request. */
    private interface Request {
        RaftClientReply send() throws IOException;
    }

    private CompletableFuture<Void> administer(String what, Request request) {
        return CompletableFuture.runAsync(() -> {
            try {
                RaftClientReply reply = request.send();
                if (reply != null && !reply.isSuccess()) {
                    throw new IOException(String.valueOf(reply.getException()));
                }
            } catch (IOException e) {
                throw new java.util.concurrent.CompletionException(new IOException(what + " failed: "
                        + e.getMessage(), e));
            }
        }, proposers);
    }

    /**
     * Tells that the leader's process is dead: this node stands for election without waiting for a timeout. Harmless if
     * it is not true or not up to date.
     */
    public void hintDead(String node) {
        refusedNanos = clock.monotonicNanos();
        refusedNode = node;
        RaftServer.Division current = division;
        if (current == null || closed || !node.equals(leader()) || node.equals(options.nodeId())) {
            return;
        }
        try {
            RaftInternals.electNow(server, current, node);
        } catch (IOException | RuntimeException e) {
            LOGGER.debug("Could not start an election after the death of {}", node, e);
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        leaderReady = false;
        deathWatch.stop();
        timer.shutdownNow();
        synchronized (clientLock) {
            if (client != null) {
                client.close();
            }
        }
        server.close();
        proposers.shutdown();
    }

    /** Ratis's events, turned into ours. */
    private final class Events implements ControlStateMachine.Events {
        @Override
        public void onApplied(ControlState state, long index) {
            listener.onApplied(state, index);
        }

        @Override
        public void onLeaderReady() {
            leaderSinceNanos = clock.monotonicNanos();
            handingOver = false;
            leaderReady = true;
            leaderChanges.incrementAndGet();
            listener.onLeadership();
        }

        @Override
        public void onNotLeader() {
            leaderReady = false;
            listener.onLeadership();
        }

        @Override
        public void onLeaderChanged(String leader) {
            if (!options.nodeId().equals(leader)) {
                leaderReady = false;
                leaderChanges.incrementAndGet();
            }
            listener.onLeadership();
        }

        @Override
        public void onConfigurationChanged() {
            listener.onLeadership();
        }

        @Override
        public void onLogFailed(Throwable cause) {
            listener.onLogFailed(cause);
        }

        @Override
        public void onShutdown() {
            if (!closed) {
                LOGGER.warn("Node {} no longer takes part in the Raft group", options.nodeId());
            }
            leaderReady = false;
            listener.onLeadership();
        }
    }
}
