package io.quantadb.replication.receiver;

import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.AuthChallenge;
import io.quantadb.replication.protocol.Message.AuthProof;
import io.quantadb.replication.protocol.Message.Hello;
import io.quantadb.replication.protocol.Message.Welcome;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.protocol.Protocol;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.replication.protocol.ScramClient;
import java.util.function.Consumer;

/**
 * The connecting node's side up to Welcome, for links of all kinds. One use; confined to the link's thread.
 *
 * <pre>
 *   hello() --AuthChallenge--> AuthProof --Welcome--> done
 *           --Welcome (certificates)----------------/
 * </pre>
 */
final class ClientHandshake {
    private final NodeInfo self;
    private final PeerKind kind;
    private final long systemId;
    private final ScramClient scram;
    private final Consumer<Message> sender;

    /** @param systemId 0 = this node has no data yet */
    ClientHandshake(NodeInfo self, PeerKind kind, long systemId, Credentials credentials, Consumer<Message> sender) {
        this.self = self;
        this.kind = kind;
        this.systemId = systemId;
        this.scram = new ScramClient(credentials);
        this.sender = sender;
    }

    void hello(int timeline, long lastLsn) {
        sender.accept(new Hello(Protocol.VERSION_MIN, Protocol.VERSION_MAX, kind, scram.mechanism(), systemId, self,
                timeline, lastLsn, scram.first()));
    }

    /**
     * Takes a message of the handshake.
     *
     * @return the verified welcome; null if the handshake goes on
     */
    Welcome onMessage(Message message) throws ProtocolException {
        return switch (message) {
            case AuthChallenge m -> {
                sender.accept(new AuthProof(scram.proof(m.serverFirst())));
                yield null;
            }
            case Welcome m -> {
                scram.verify(m.scramFinal());
                check(m);
                yield m;
            }
            default -> throw new ProtocolException(ErrorCode.PROTOCOL, "message "
                    + message.getClass().getSimpleName() + " during the handshake");
        };
    }

    private void check(Welcome m) throws ProtocolException {
        if (Protocol.negotiate(m.version(), m.version()) == 0) {
            throw new ProtocolException(ErrorCode.VERSION, "node " + m.node().nodeId() + " speaks protocol version "
                    + m.version());
        }
        if (!m.node().clusterName().equals(self.clusterName())) {
            throw new ProtocolException(ErrorCode.WRONG_CLUSTER, "node " + m.node().nodeId() + " is of cluster \""
                    + m.node().clusterName() + "\", not \"" + self.clusterName() + "\"");
        }
        if (systemId != 0 && m.systemId() != systemId) {
            throw new ProtocolException(ErrorCode.WRONG_SYSTEM, "node " + m.node().nodeId()
                    + " has database system " + Long.toUnsignedString(m.systemId()) + ", not "
                    + Long.toUnsignedString(systemId));
        }
    }
}
