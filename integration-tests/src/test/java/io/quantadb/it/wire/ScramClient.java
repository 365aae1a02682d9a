package io.quantadb.it.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677), for ASCII passwords.
 *
 * <p>Written by hand so that the tests do not share a library with the server.
 */
final class ScramClient {
    private static final String GS2_HEADER = "n,,";
    private final String password;
    private final String firstBare;
    private String authMessage;
    private byte[] saltedPassword;

    ScramClient(String password) {
        this.password = password;
        byte[] nonce = new byte[18];
        new SecureRandom().nextBytes(nonce);
        // libpq sends an empty name as well: the server takes the one of the startup message.
        firstBare = "n=,r=" + Base64.getEncoder().encodeToString(nonce);
    }

    String clientFirst() {
        return GS2_HEADER + firstBare;
    }

    String clientFinal(String serverFirst) {
        String[] parts = serverFirst.split(",");
        String nonce = parts[0].substring(2);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        int iterations = Integer.parseInt(parts[2].substring(2));
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(GS2_HEADER.getBytes(StandardCharsets.US_ASCII))
            + ",r=" + nonce;
        authMessage = firstBare + "," + serverFirst + "," + withoutProof;
        try {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
            saltedPassword = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
            byte[] clientKey = hmac(saltedPassword, "Client Key");
            byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), authMessage);
            for (int i = 0; i < clientKey.length; i++) {
                clientKey[i] ^= signature[i];
            }
            return withoutProof + ",p=" + Base64.getEncoder().encodeToString(clientKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void checkServerFinal(String serverFinal) {
        try {
            String expected = "v=" + Base64.getEncoder().encodeToString(
                hmac(hmac(saltedPassword, "Server Key"), authMessage));
            if (!serverFinal.equals(expected)) {
                throw new IllegalStateException("server signature is wrong: " + serverFinal);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
