package io.quantadb.replication.control;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control state below Ratis: applies entries, keeps snapshots, passes events on. Called by Ratis's threads; a
 * snapshot is the state's bytes in a file beside Ratis's checksum.
 */
final class ControlStateMachine extends BaseStateMachine {
    private static final Logger LOGGER = LoggerFactory.getLogger(ControlStateMachine.class);

    /** What the group wants to hear. */
    interface Events {
        void onApplied(ControlState state, long index);

        void onLeaderReady();

        void onNotLeader();

        void onLeaderChanged(String leader);

        void onConfigurationChanged();

        void onShutdown();

        void onLogFailed(Throwable cause);
    }

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final Events events;
    private volatile ControlState state = ControlState.EMPTY;

    ControlStateMachine(Events events) {
        this.events = events;
    }

    ControlState state() {
        return state;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage) throws IOException {
        super.initialize(server, groupId, raftStorage);
        storage.init(raftStorage);
        load();
    }

    @Override
    public void reinitialize() throws IOException {
        load();
    }

    private synchronized void load() throws IOException {
        SingleFileSnapshotInfo snapshot = storage.loadLatestSnapshot();
        if (snapshot == null) {
            return;
        }
        File file = snapshot.getFile().getPath().toFile();
        MD5Hash expected = snapshot.getFile().getFileDigest();
        if (expected != null) {
            MD5FileUtil.verifySavedMD5(file, expected);
        }
        TermIndex position = snapshot.getTermIndex();
        try {
            state = ControlState.decode(Files.readAllBytes(file.toPath()));
        } catch (IllegalArgumentException e) {
            throw new IOException("snapshot of the control state " + file + ": " + e.getMessage(), e);
        }
        setLastAppliedTermIndex(position);
        events.onApplied(state, position.getIndex());
    }

    @Override
    public synchronized long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        if (last == null || last.getIndex() < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
        File temporary = new File(file.getPath() + ".tmp");
        try (FileOutputStream out = new FileOutputStream(temporary)) {
            out.write(state.encode());
            out.getFD().sync();
        }
        Files.move(temporary.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file.toPath(), digest), last));
        return last.getIndex();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        String refusal = applyEntry(entry.getStateMachineLogEntry().getLogData().toByteArray(), entry.getTerm(),
                entry.getIndex());
        return CompletableFuture.completedFuture(
                Message.valueOf(ByteString.copyFrom(ControlCodec.encodeRefusal(refusal))));
    }

    private synchronized String applyEntry(byte[] bytes, long term, long index) {
        String refusal;
        ControlState before = state;
        try {
            ControlState.Result result = before.apply(ControlCodec.decodeCommand(bytes));
            state = result.state();
            refusal = result.refusal();
        } catch (IllegalArgumentException e) {
            // The same on every node; a node of a later version must not propose what others do not know.
            LOGGER.error("Ignored entry {} of the control log: {}", index, e.getMessage());
            refusal = e.getMessage();
        }
        updateLastAppliedTermIndex(term, index);
        events.onApplied(state, index);
        return refusal;
    }

    @Override
    public void notifyLeaderReady() {
        events.onLeaderReady();
    }

    @Override
    public void notifyNotLeader(java.util.Collection<TransactionContext> pending) {
        events.onNotLeader();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        events.onLeaderChanged(leader == null ? null : leader.toString());
    }

    @Override
    public void notifyConfigurationChanged(long term, long index,
            org.apache.ratis.proto.RaftProtos.RaftConfigurationProto configuration) {
        events.onConfigurationChanged();
    }

    @Override
    public void notifyLogFailed(Throwable cause, org.apache.ratis.proto.RaftProtos.LogEntryProto entry) {
        events.onLogFailed(cause);
    }

    @Override
    public void notifyServerShutdown(org.apache.ratis.proto.RaftProtos.RoleInfoProto role, boolean allServers) {
        events.onShutdown();
    }
}
