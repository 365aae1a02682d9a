package io.quantadb.pgwire;

import io.quantadb.session.auth.ScramVerifier;
import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS.
 *
 * <pre>
 *   begin() --AuthenticationSASL--> FIRST --client-first--> FINAL --client-final, proof right--> done
 * </pre>
 * The message strings are parsed here and not by the library, whose parser refuses the empty user name that libpq
 * sends.
 *
 * <p>Source: RFC 5802, RFC 7677; RFC 5929 (tls-server-end-point).
 */
final class ScramAuthentication implements Authentication {
    private static final String PLAIN = "SCRAM-SHA-256";
    private static final String PLUS = "SCRAM-SHA-256-PLUS";
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    private static final int NONCE_LENGTH = 24;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    private enum Step { FIRST, FINAL }

    private final String user;
    private final ScramVerifier verifier;
    private final boolean mock;
    private final byte[] endPointHash;
    private Step step = Step.FIRST;
    private String mechanism;
    private String gs2Header;
    private String clientFirstBare;
    private String serverFirst;
    private String nonce;

    /**
     * @param verifier of the role, or a mock one
     * @param mock nobody can succeed
     * @param endPointHash hash of our certificate, null without TLS
     */
    ScramAuthentication(String user, ScramVerifier verifier, boolean mock, byte[] endPointHash) {
        this.user = user;
        this.verifier = verifier;
        this.mock = mock;
        this.endPointHash = endPointHash;
    }

    @Override
    public boolean begin(PgWriter writer) {
        ByteArrayOutputStream mechanisms = new ByteArrayOutputStream();
        if (endPointHash != null) {
            mechanisms.writeBytes(PLUS.getBytes(StandardCharsets.US_ASCII));
            mechanisms.write(0);
        }
        mechanisms.writeBytes(PLAIN.getBytes(StandardCharsets.US_ASCII));
        mechanisms.write(0);
        mechanisms.write(0);
        writer.authentication(SASL, mechanisms.toByteArray());
        return false;
    }

    @Override
    public boolean response(byte[] data, PgWriter writer) {
        if (step == Step.FIRST) {
            String message = initialResponse(data);
            writer.authentication(SASL_CONTINUE, clientFirst(message).getBytes(StandardCharsets.UTF_8));
            step = Step.FINAL;
            return false;
        }
        String serverFinal = clientFinal(new String(data, StandardCharsets.UTF_8));
        writer.authentication(SASL_FINAL, serverFinal.getBytes(StandardCharsets.US_ASCII));
        return true;
    }

    private static SqlException malformed(String detail) {
        return new SqlException(SqlState.PROTOCOL_VIOLATION, "malformed SCRAM message").withDetail(detail).fatal();
    }

    /** SASLInitialResponse: mechanism name, then the client-first message with its length. */
    private String initialResponse(byte[] data) {
        int zero = 0;
        while (zero < data.length && data[zero] != 0) {
            zero++;
        }
        mechanism = new String(data, 0, zero, StandardCharsets.US_ASCII);
        boolean known = mechanism.equals(PLAIN) || mechanism.equals(PLUS) && endPointHash != null;
        if (!known) {
            throw new SqlException(SqlState.PROTOCOL_VIOLATION, "client selected an invalid SASL authentication mechanism").fatal();
        }
        if (data.length - zero - 1 < 4) {
            throw malformed("The message is too short.");
        }
        int length = ByteBuffer.wrap(data, zero + 1, 4).getInt();
        if (length != data.length - zero - 5) {
            throw malformed("Its length does not match.");
        }
        return new String(data, zero + 5, length, StandardCharsets.UTF_8);
    }

    /** @return the server-first message */
    private String clientFirst(String message) {
        int firstComma = message.indexOf(',');
        int secondComma = message.indexOf(',', firstComma + 1);
        if (firstComma < 0 || secondComma < 0) {
            throw malformed("Comma expected, but not found.");
        }
        String binding = message.substring(0, firstComma);
        checkBindingFlag(binding);
        if (secondComma > firstComma + 1) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "client uses authorization identity, but it is not supported").fatal();
        }
        gs2Header = message.substring(0, secondComma + 1);
        clientFirstBare = message.substring(secondComma + 1);
        String[] attributes = clientFirstBare.split(",");
        if (attributes.length < 2 || !attributes[0].startsWith("n=") || !attributes[1].startsWith("r=") || attributes[1].length() < 3) {
            throw malformed("Attributes n and r expected.");
        }
        nonce = attributes[1].substring(2) + ScramFunctions.nonce(NONCE_LENGTH, RANDOM);
        serverFirst = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(verifier.salt()) + ",i=" + verifier.iterations();
        return serverFirst;
    }

    private void checkBindingFlag(String flag) {
        boolean plus = mechanism.equals(PLUS);
        if (flag.equals("n")) {
            if (plus) {
                throw malformed("The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.");
            }
        } else if (flag.equals("y")) {
            if (plus) {
                throw malformed("The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.");
            }
            if (endPointHash != null) {
                // The client believes we cannot bind, though we offered it: somebody changed our offer.
                throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "SCRAM channel binding negotiation error")
                    .withDetail("The client supports SCRAM channel binding but thinks the server does not.  However, this server does support channel binding.").fatal();
            }
        } else if (flag.equals("p=tls-server-end-point")) {
            if (!plus) {
                throw malformed("The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.");
            }
        } else {
            throw malformed("Unexpected channel-binding flag \"" + flag + "\".");
        }
    }

    /** @return the server-final message */
    private String clientFinal(String message) {
        int proofAt = message.lastIndexOf(",p=");
        if (!message.startsWith("c=") || proofAt < 0) {
            throw malformed("Attributes c and p expected.");
        }
        String withoutProof = message.substring(0, proofAt);
        String[] attributes = withoutProof.split(",");
        if (attributes.length < 2 || !attributes[1].startsWith("r=")) {
            throw malformed("Attribute r expected.");
        }
        if (!MessageDigest.isEqual(decode(attributes[0].substring(2)), expectedBinding())) {
            throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "SCRAM channel binding check failed").fatal();
        }
        if (!attributes[1].substring(2).equals(nonce)) {
            throw malformed("The nonce does not match.");
        }
        String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
        byte[] proof = decode(message.substring(proofAt + 3));
        if (!proves(proof, authMessage) || mock) {
            throw new SqlException(SqlState.INVALID_PASSWORD, "password authentication failed for user \"" + user + "\"").fatal();
        }
        byte[] signature = ScramFunctions.serverSignature(MECHANISM, verifier.serverKey(), authMessage);
        return "v=" + Base64.getEncoder().encodeToString(signature);
    }

    private boolean proves(byte[] proof, String authMessage) {
        byte[] clientSignature = ScramFunctions.clientSignature(MECHANISM, verifier.storedKey(), authMessage);
        if (proof.length != clientSignature.length) {
            return false;
        }
        byte[] clientKey = new byte[proof.length];
        for (int i = 0; i < proof.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ clientSignature[i]);
        }
        return MessageDigest.isEqual(ScramFunctions.hash(MECHANISM, clientKey), verifier.storedKey());
    }

    private byte[] expectedBinding() {
        byte[] header = gs2Header.getBytes(StandardCharsets.UTF_8);
        if (!mechanism.equals(PLUS)) {
            return header;
        }
        byte[] all = Arrays.copyOf(header, header.length + endPointHash.length);
        System.arraycopy(endPointHash, 0, all, header.length, endPointHash.length);
        return all;
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw malformed("Malformed base64.");
        }
    }
}
