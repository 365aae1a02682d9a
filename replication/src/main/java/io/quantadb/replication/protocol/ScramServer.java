package io.quantadb.replication.protocol;

import com.ongres.scram.common.ScramFunctions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The accepting node's check that the other one knows the cluster secret, and its own proof. One use; confined to the
 * link's thread.
 *
 * <pre>
 *   start(Hello) --certificate--> done
 *                --SCRAM--> AuthChallenge --AuthProof--> finish() --> done
 * </pre>
 */
public final class ScramServer {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Credentials credentials;
    private String header;
    private String firstBare;
    private String serverFirst;
    private String nonce;

    public ScramServer(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * Begins with what the peer chose.
     *
     * @return the challenge; null if the peer's certificate is all that is needed
     */
    public String start(AuthMechanism mechanism, String clientFirst) throws ProtocolException {
        if (mechanism == AuthMechanism.CERTIFICATE) {
            if (!credentials.certificate()) {
                throw refused("certificates are not accepted here");
            }
            return null;
        }
        if (credentials.secret() == null) {
            throw refused("a certificate is demanded here, not a secret");
        }
        boolean bound = mechanism == AuthMechanism.SCRAM_SHA_256_PLUS;
        if (bound != (credentials.channelBinding() != null)) {
            throw refused(bound ? "channel binding without TLS" : "channel binding is demanded here");
        }
        header = bound ? "p=tls-server-end-point,," : "n,,";
        if (!clientFirst.startsWith(header + "n=,r=") || clientFirst.length() <= header.length() + 5) {
            throw refused("malformed SCRAM message");
        }
        firstBare = clientFirst.substring(header.length());
        nonce = firstBare.substring(5) + ScramFunctions.nonce(ScramClient.NONCE_LENGTH, RANDOM);
        if (nonce.indexOf(',') >= 0) {
            throw refused("malformed SCRAM message");
        }
        serverFirst = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(credentials.secret().salt()) + ",i="
                + ClusterSecret.ITERATIONS;
        return serverFirst;
    }

    /** Checks the client-final message and returns the server-final one. */
    public String finish(String clientFinal) throws ProtocolException {
        int proofAt = clientFinal.lastIndexOf(",p=");
        if (serverFirst == null || proofAt < 0) {
            throw refused("malformed SCRAM message");
        }
        String withoutProof = clientFinal.substring(0, proofAt);
        String expected = "c=" + Base64.getEncoder().encodeToString(ScramClient.binding(header, credentials)) + ",r="
                + nonce;
        if (!withoutProof.equals(expected)) {
            throw refused("SCRAM nonce or channel binding does not match");
        }
        String authMessage = firstBare + "," + serverFirst + "," + withoutProof;
        byte[] salted = credentials.secret().salted(credentials.secret().salt(), ClusterSecret.ITERATIONS);
        byte[] clientKey = ScramFunctions.clientKey(ClusterSecret.MECHANISM, salted);
        byte[] storedKey = ScramFunctions.storedKey(ClusterSecret.MECHANISM, clientKey);
        byte[] proof = ScramFunctions.clientProof(clientKey,
                ScramFunctions.clientSignature(ClusterSecret.MECHANISM, storedKey, authMessage));
        byte[] given;
        try {
            given = Base64.getDecoder().decode(clientFinal.substring(proofAt + 3));
        } catch (IllegalArgumentException e) {
            throw refused("malformed SCRAM message");
        }
        if (!MessageDigest.isEqual(proof, given)) {
            throw refused("the cluster secret is not the same");
        }
        byte[] serverKey = ScramFunctions.serverKey(ClusterSecret.MECHANISM, salted);
        return "v=" + Base64.getEncoder().encodeToString(
                ScramFunctions.serverSignature(ClusterSecret.MECHANISM, serverKey, authMessage));
    }

    private static ProtocolException refused(String why) {
        return new ProtocolException(ErrorCode.AUTHENTICATION, "authentication failed: " + why);
    }
}
