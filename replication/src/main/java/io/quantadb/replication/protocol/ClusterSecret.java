package io.quantadb.replication.protocol;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The secret that all nodes of a cluster know, and the SCRAM keys made from it. Safe for use by many threads.
 *
 * <p>The salt is derived from the cluster's name, so that each node computes the keys once, at its start, and not
 * during a failover.
 *
 * <p>Source: RFC 5802, RFC 7677.
 */
public final class ClusterSecret {
    static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    static final int ITERATIONS = 4096;
    /** A server cannot make us compute for long. */
    static final int ITERATIONS_MAX = 100_000;
    /** Shorter ones can be guessed from one recorded handshake. */
    public static final int LENGTH_MIN = 8;

    private static final int SALT_BYTES = 16;
    private static final int CACHE_MAX = 16;

    private final char[] secret;
    private final byte[] salt;
    private final Map<String, byte[]> saltedSecrets = new ConcurrentHashMap<>();

    /**
     * @throws IllegalArgumentException if the secret is shorter than {@link #LENGTH_MIN} characters
     */
    public ClusterSecret(String clusterName, String secret) {
        if (secret.length() < LENGTH_MIN) {
            throw new IllegalArgumentException("the cluster secret has " + secret.length() + " characters, at least "
                    + LENGTH_MIN + " are needed");
        }
        this.secret = secret.toCharArray();
        this.salt = Arrays.copyOf(ScramFunctions.hash(MECHANISM,
                ("QuantaDB replication " + clusterName).getBytes(StandardCharsets.UTF_8)), SALT_BYTES);
        salted(salt, ITERATIONS);
    }

    byte[] salt() {
        return salt.clone();
    }

    byte[] salted(byte[] withSalt, int iterations) {
        String key = iterations + ":" + Base64.getEncoder().encodeToString(withSalt);
        byte[] known = saltedSecrets.get(key);
        if (known == null) {
            known = ScramFunctions.saltedPassword(MECHANISM, StringPreparation.POSTGRESQL_PREPARATION, secret, withSalt,
                    iterations);
            if (saltedSecrets.size() < CACHE_MAX) {
                saltedSecrets.put(key, known);
            }
        }
        return known;
    }
}
