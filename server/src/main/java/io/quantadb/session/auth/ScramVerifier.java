package io.quantadb.session.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What the server keeps of a password: {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}, base64, as
 * PostgreSQL writes it into {@code pg_authid.rolpassword}.
 */
public record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    public static final int DEFAULT_ITERATIONS = 4096;
    private static final int SALT_BYTES = 16;
    private static final String PREFIX = "SCRAM-SHA-256$";
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Makes a verifier with a new salt. Takes some milliseconds. */
    public static ScramVerifier of(String password) {
        return of(password, ScramFunctions.salt(SALT_BYTES, RANDOM), DEFAULT_ITERATIONS);
    }

    public static ScramVerifier of(String password, byte[] salt, int iterations) {
        byte[] salted = ScramFunctions.saltedPassword(MECHANISM, StringPreparation.POSTGRESQL_PREPARATION, password.toCharArray(), salt, iterations);
        byte[] clientKey = ScramFunctions.clientKey(MECHANISM, salted);
        return new ScramVerifier(iterations, salt, ScramFunctions.storedKey(MECHANISM, clientKey), ScramFunctions.serverKey(MECHANISM, salted));
    }

    /** Null if the text is not a verifier. */
    public static ScramVerifier parse(String text) {
        if (text == null || !text.startsWith(PREFIX)) {
            return null;
        }
        String[] parts = text.substring(PREFIX.length()).split("[$:]");
        if (parts.length != 4) {
            return null;
        }
        try {
            Base64.Decoder decoder = Base64.getDecoder();
            return new ScramVerifier(Integer.parseInt(parts[0]), decoder.decode(parts[1]), decoder.decode(parts[2]), decoder.decode(parts[3]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * A verifier nobody knows the password of, the same for each user every time, so that an unknown role looks like a
     * known one.
     *
     * @param secret of this server
     */
    public static ScramVerifier mock(String user, byte[] secret) {
        byte[] seed = ScramFunctions.hmac(MECHANISM, secret, user.getBytes(StandardCharsets.UTF_8));
        byte[] salt = java.util.Arrays.copyOf(seed, SALT_BYTES);
        return new ScramVerifier(DEFAULT_ITERATIONS, salt, seed, seed);
    }

    @Override
    public String toString() {
        Base64.Encoder encoder = Base64.getEncoder();
        return PREFIX + iterations + ":" + encoder.encodeToString(salt) + "$" + encoder.encodeToString(storedKey) + ":"
            + encoder.encodeToString(serverKey);
    }
}
