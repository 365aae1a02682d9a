package org.apache.ratis.grpc.server;

import java.io.IOException;
import java.util.Collection;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpcWithProxy;

/**
 * Ends the connect backoff of gRPC channels between Raft servers. gRPC waits up to two minutes before it connects to a
 * peer again that was away; meanwhile requests for votes fail at once, so that a cluster could stay without a leader.
 * This class is ours; it is in Ratis's package because the class of the channels is package private.
 */
public final class GrpcBackoff {
    private GrpcBackoff() {
    }

    public static void reset(RaftServer server, Collection<RaftPeer> peers) throws IOException {
        if (!(server.getServerRpc() instanceof RaftServerRpcWithProxy<?, ?> rpc)) {
            return;
        }
        RaftPeerId self = server.getId();
        for (RaftPeer peer : peers) {
            if (!peer.getId().equals(self)
                    && rpc.getProxies().getProxy(peer.getId()) instanceof GrpcServerProtocolClient client) {
                client.resetConnectBackoff();
            }
        }
    }
}
