package io.quantadb.replication.control;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * Ratis's settings. Those without a remark are sizes for a log of a few entries an hour; the others were found by
 * measuring elections (see the module's README, section "Raft").
 */
final class RaftSettings {
    private static final int STEP_DOWN_WAIT_MILLIS = 500;
    private static final long SNAPSHOT_ENTRIES = 1000;

    private RaftSettings() {
    }

    static RaftProperties properties(ControlGroupOptions options) {
        RaftProperties p = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(p, List.of(options.directory().toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(p, new File(options.directory().toFile(), "removed"));
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, millis(options.timeoutMinMillis()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, millis(options.timeoutMaxMillis()));
        RaftServerConfigKeys.Rpc.setRequestTimeout(p, millis(Math.max(1000, options.timeoutMaxMillis())));
        // A leader that stepped down may stand again soon; never 0: it is also the pause after a pause of the JVM.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, millis(STEP_DOWN_WAIT_MILLIS));
        RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
        // A server that was paused for long goes on instead of closing itself.
        RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(365, TimeUnit.DAYS));
        // A follower that was away is asked again soon: the default pauses 1 to 5 s.
        p.set("raft.server.log.appender.retry.policy", "10ms,10,100ms,1000000");
        RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf("1MB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("64KB"));
        RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf("256KB"));
        RaftServerConfigKeys.Log.setQueueByteLimit(p, SizeInBytes.valueOf("4MB"));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf("128KB"));
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, false);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, SNAPSHOT_ENTRIES);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 2);
        GrpcConfigKeys.Server.setHost(p, options.listenHost());
        GrpcConfigKeys.Server.setPort(p, options.listenPort());
        GrpcConfigKeys.Admin.setHost(p, options.listenHost());
        GrpcConfigKeys.Admin.setPort(p, options.listenPort());
        GrpcConfigKeys.Client.setHost(p, options.listenHost());
        GrpcConfigKeys.Client.setPort(p, options.listenPort());
        // Else a new leader first opens a second connection, while its followers' patience runs out.
        GrpcConfigKeys.Server.setHeartbeatChannel(p, false);
        return p;
    }

    static Parameters parameters(ControlGroupOptions options) {
        Parameters parameters = new Parameters();
        ControlGroupOptions.Tls tls = options.tls();
        if (tls != null) {
            GrpcTlsConfig config = new GrpcTlsConfig(tls.keyFile().toFile(), tls.certificateFile().toFile(),
                    tls.authorityFile().toFile(), tls.mutual());
            GrpcConfigKeys.TLS.setConf(parameters, config);
        }
        return parameters;
    }

    static TimeDuration millis(long value) {
        return TimeDuration.valueOf(value, TimeUnit.MILLISECONDS);
    }
}
