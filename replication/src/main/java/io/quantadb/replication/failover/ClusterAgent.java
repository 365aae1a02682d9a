package io.quantadb.replication.failover;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlGroup;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.RaftView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects a {@link FailoverAgent} with its Raft group and its node: one thread that takes events from a queue and
 * carries out the actions. Give {@link #groupListener} to the group before it starts, then call {@link #start}.
 */
public final class ClusterAgent implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClusterAgent.class);
    private static final int TICK_MILLIS = 20;

    private final FailoverAgent agent;
    private final NodeControl node;
    private final Clock clock;
    private final FatalErrorHandler fatalErrors;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CopyOnWriteArrayList<Consumer<ControlState>> stateListeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private ControlGroup group;
    private volatile boolean stopped;
    private volatile ControlState state = ControlState.EMPTY;
    private volatile String description = "starting";

    public ClusterAgent(FailoverAgent agent, NodeControl node, Clock clock, FatalErrorHandler fatalErrors) {
        this.agent = agent;
        this.node = node;
        this.clock = clock;
        this.fatalErrors = fatalErrors;
        this.thread = Thread.ofPlatform().name("cluster-agent").unstarted(this::run);
    }

    /** What the group is to tell. */
    public ControlGroup.Listener groupListener() {
        return new ControlGroup.Listener() {
            @Override
            public void onApplied(ControlState next, long index) {
                events.add(new Event.Applied(next));
            }

            @Override
            public void onLeadership() {
                ControlGroup current = group;
                if (current != null) {
                    events.add(new Event.Tick(RaftView.NONE));
                }
            }

            @Override
            public void onLogFailed(Throwable cause) {
                if (!stopped) {
                    fatalErrors.fatal("control log", cause);
                }
            }
        };
    }

    /** Called in the agent's thread with each state that its agent has acted upon. */
    public void addStateListener(Consumer<ControlState> listener) {
        stateListeners.add(listener);
    }

    public void start(ControlGroup started) {
        group = started;
        thread.start();
    }

    /** The control state that this node acts upon. Safe for use by many threads. */
    public ControlState state() {
        return state;
    }

    /** See {@link FailoverAgent#describe}. */
    public String description() {
        return description;
    }

    private void run() {
        try {
            long nextTick = clock.monotonicNanos();
            while (!stopped) {
                long wait = nextTick - clock.monotonicNanos();
                Event event = wait > 0 ? events.poll(wait, TimeUnit.NANOSECONDS) : null;
                while (event != null) {
                    if (!(event instanceof Event.Tick)) {
                        handle(event);
                    }
                    event = events.poll();
                }
                // What was applied may call for what only a fresh view allows: no waiting for the next tick.
                handle(new Event.Tick(group.view()));
                nextTick = clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            LOGGER.debug("The cluster agent was stopped", e);
        } catch (RuntimeException | Error e) {
            if (!stopped) {
                fatalErrors.fatal("cluster agent", e);
            }
        }
    }

    private void handle(Event event) {
        List<Action> actions = agent.step(event, clock.monotonicNanos());
        for (Action action : actions) {
            perform(action);
        }
        description = agent.describe();
        if (event instanceof Event.Applied) {
            state = agent.state();
            for (Consumer<ControlState> listener : stateListeners) {
                listener.accept(state);
            }
        }
    }

    private void perform(Action action) {
        if (!(action instanceof Action.Propose(Command command, boolean asLeader)
                && (command instanceof Command.Hello || command instanceof Command.ReportPosition))) {
            LOGGER.info("{}", action);
        }
        switch (action) {
            case Action.Propose a -> propose(a);
            case Action.Fence a -> node.fence(a.epoch()).whenComplete((position, failure) -> {
                logFailure("fencing", failure);
                events.add(new Event.Fenced(a.epoch(), failure == null ? position : null));
            });
            case Action.Follow a -> node.follow(a.upstream());
            case Action.Promote a -> node.promote(a.reign()).whenComplete((lsn, failure) -> {
                logFailure("promotion", failure);
                events.add(new Event.Promoted(a.reign().epoch(), failure == null ? lsn : -1));
            });
            case Action.Park a -> node.park(a.epoch()).whenComplete((lsn, failure) -> {
                logFailure("parking clients", failure);
                events.add(new Event.Parked(a.epoch(), failure == null ? lsn : -1));
            });
            case Action.Unpark a -> node.unpark(a.epoch());
            case Action.CutOff a -> node.cutOff(a.cutOff());
            case Action.Transfer a -> group.transferLeadership(a.node())
                    .whenComplete((done, failure) -> logFailure("hand-over of the Raft leadership", failure));
        }
    }

    private void propose(Action.Propose a) {
        CompletableFuture<String> outcome = a.asLeader() ? group.proposeAsLeader(a.command())
                : group.propose(a.command());
        outcome.whenComplete((refusal, failure) -> {
            if (failure != null) {
                LOGGER.debug("No outcome of {}", a.command(), failure);
            } else if (refusal != null) {
                LOGGER.info("{} was refused: {}", a.command(), refusal);
            }
            events.add(new Event.Proposed(a.command()));
        });
    }

    private static void logFailure(String what, Throwable failure) {
        if (failure != null) {
            LOGGER.warn("{} failed: {}", what, failure.getMessage());
        }
    }

    /** Stops the thread; leaves group and node as they are. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }
}
