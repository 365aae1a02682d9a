package io.quantadb.replication.protocol;

/** How the peers prove who they are. The numbers are on the wire. */
public enum AuthMechanism {
    /** The cluster secret, without TLS. */
    SCRAM_SHA_256(1),
    /** The cluster secret, bound to the TLS channel. */
    SCRAM_SHA_256_PLUS(2),
    /** Certificates of a common authority, checked by TLS on both sides. */
    CERTIFICATE(3);

    private final int id;

    AuthMechanism(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }

    static AuthMechanism of(int id) throws ProtocolException {
        for (AuthMechanism mechanism : values()) {
            if (mechanism.id == id) {
                return mechanism;
            }
        }
        throw new ProtocolException(ErrorCode.AUTHENTICATION, "unknown authentication mechanism: " + id);
    }
}
