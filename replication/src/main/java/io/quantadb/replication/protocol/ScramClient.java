package io.quantadb.replication.protocol;

import com.ongres.scram.common.ScramFunctions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The connecting node's proof that it knows the cluster secret, and its check that the other does. One use; confined to
 * the link's thread.
 *
 * <pre>
 *   first() --AuthChallenge--> proof() --Welcome--> verify()
 * </pre>
 */
public final class ScramClient {
    private static final SecureRandom RANDOM = new SecureRandom();
    static final int NONCE_LENGTH = 24;

    private final Credentials credentials;
    private final AuthMechanism mechanism;
    private final String nonce = ScramFunctions.nonce(NONCE_LENGTH, RANDOM);
    private final String firstBare = "n=,r=" + nonce;
    private String authMessage;
    private byte[] salted;
    private boolean verified;

    public ScramClient(Credentials credentials) {
        this.credentials = credentials;
        this.mechanism = credentials.mechanism();
    }

    public AuthMechanism mechanism() {
        return mechanism;
    }

    /** The client-first message; empty with certificates. */
    public String first() {
        return mechanism == AuthMechanism.CERTIFICATE ? "" : header() + firstBare;
    }

    private String header() {
        return mechanism == AuthMechanism.SCRAM_SHA_256_PLUS ? "p=tls-server-end-point,," : "n,,";
    }

    /** The client-final message for the server-first message. */
    public String proof(String serverFirst) throws ProtocolException {
        String[] attributes = serverFirst.split(",");
        if (mechanism == AuthMechanism.CERTIFICATE || authMessage != null || attributes.length != 3
                || !attributes[0].startsWith("r=" + nonce) || attributes[0].length() <= nonce.length() + 2
                || !attributes[1].startsWith("s=") || !attributes[2].startsWith("i=")) {
            throw new ProtocolException(ErrorCode.AUTHENTICATION, "malformed SCRAM challenge");
        }
        int iterations;
        byte[] salt;
        try {
            iterations = Integer.parseInt(attributes[2].substring(2));
            salt = Base64.getDecoder().decode(attributes[1].substring(2));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(ErrorCode.AUTHENTICATION, "malformed SCRAM challenge");
        }
        if (iterations < ClusterSecret.ITERATIONS || iterations > ClusterSecret.ITERATIONS_MAX || salt.length == 0) {
            throw new ProtocolException(ErrorCode.AUTHENTICATION, "SCRAM challenge with " + iterations
                    + " iterations");
        }
        salted = credentials.secret().salted(salt, iterations);
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(binding(header(), credentials)) + ","
                + attributes[0];
        authMessage = firstBare + "," + serverFirst + "," + withoutProof;
        byte[] clientKey = ScramFunctions.clientKey(ClusterSecret.MECHANISM, salted);
        byte[] storedKey = ScramFunctions.storedKey(ClusterSecret.MECHANISM, clientKey);
        byte[] signature = ScramFunctions.clientSignature(ClusterSecret.MECHANISM, storedKey, authMessage);
        return withoutProof + ",p="
                + Base64.getEncoder().encodeToString(ScramFunctions.clientProof(clientKey, signature));
    }

    /** What the proof is bound to: the header, and with TLS the server's certificate. */
    static byte[] binding(String header, Credentials credentials) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        if (!header.startsWith("p=")) {
            return text;
        }
        byte[] all = java.util.Arrays.copyOf(text, text.length + credentials.channelBinding().length);
        System.arraycopy(credentials.channelBinding(), 0, all, text.length, credentials.channelBinding().length);
        return all;
    }

    /** Checks the server-final message. Throws unless the server knows the secret. */
    public void verify(String serverFinal) throws ProtocolException {
        if (mechanism != AuthMechanism.CERTIFICATE) {
            if (authMessage == null) {
                throw new ProtocolException(ErrorCode.AUTHENTICATION, "the server did not ask for a proof");
            }
            byte[] serverKey = ScramFunctions.serverKey(ClusterSecret.MECHANISM, salted);
            String expected = "v=" + Base64.getEncoder().encodeToString(
                    ScramFunctions.serverSignature(ClusterSecret.MECHANISM, serverKey, authMessage));
            if (!MessageDigest.isEqual(expected.getBytes(StandardCharsets.US_ASCII),
                    serverFinal.getBytes(StandardCharsets.US_ASCII))) {
                throw new ProtocolException(ErrorCode.AUTHENTICATION, "the server does not know the cluster secret");
            }
        }
        verified = true;
    }

    public boolean isVerified() {
        return verified;
    }
}
