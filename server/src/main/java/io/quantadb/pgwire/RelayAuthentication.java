package io.quantadb.pgwire;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How another node of the cluster proves that it may open a session for a client it has authenticated: it knows the
 * cluster's secret. The answer covers our nonce, so that it is good for one connection only, and who the session is for.
 *
 * <pre>
 *   server: AuthenticationRequest of kind 100, 32 bytes of nonce
 *   node:   PasswordMessage, HMAC-SHA-256(secret, "quantadb relay" 0 nonce user 0 database 0)
 * </pre>
 */
final class RelayAuthentication implements Authentication {
    /** Startup parameter by which a node asks for this. */
    static final String PARAMETER = "_quantadb.relay";
    /** Not a kind of PostgreSQL's. */
    static final int KIND = 100;
    private static final int NONCE_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String secret;
    private final String user;
    private final String database;
    private final byte[] nonce = new byte[NONCE_BYTES];

    /** @param secret null: this server belongs to no cluster, and nobody can succeed */
    RelayAuthentication(String secret, String user, String database) {
        this.secret = secret;
        this.user = user;
        this.database = database;
        RANDOM.nextBytes(nonce);
    }

    @Override
    public boolean begin(PgWriter writer) {
        writer.authentication(KIND, nonce);
        return false;
    }

    @Override
    public boolean response(byte[] data, PgWriter writer) {
        if (secret == null || !MessageDigest.isEqual(data, answer(secret, nonce, user, database))) {
            throw new SqlException(SqlState.INVALID_PASSWORD, "a node could not prove that it belongs to this cluster").fatal();
        }
        return true;
    }

    /** What proves knowledge of the secret. */
    static byte[] answer(String secret, byte[] nonce, String user, String database) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update("quantadb relay\0".getBytes(StandardCharsets.US_ASCII));
            mac.update(nonce);
            mac.update((user + '\0' + database + '\0').getBytes(StandardCharsets.UTF_8));
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
