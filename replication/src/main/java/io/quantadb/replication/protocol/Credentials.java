package io.quantadb.replication.protocol;

/**
 * What one end of a link has to prove itself with, and demands.
 *
 * @param secret the cluster secret; null = none
 * @param certificate TLS on both sides has verified the other's certificate
 * @param channelBinding data of tls-server-end-point, null without TLS
 */
public record Credentials(ClusterSecret secret, boolean certificate, byte[] channelBinding) {
    /** Throws unless there is something to demand: a link is never open. */
    public Credentials {
        if (secret == null && !certificate) {
            throw new IllegalArgumentException("replication needs a cluster secret or TLS with client certificates");
        }
    }

    /** What a connecting node uses: the secret if there is one, bound to TLS if there is TLS. */
    AuthMechanism mechanism() {
        if (secret == null) {
            return AuthMechanism.CERTIFICATE;
        }
        return channelBinding != null ? AuthMechanism.SCRAM_SHA_256_PLUS : AuthMechanism.SCRAM_SHA_256;
    }
}
