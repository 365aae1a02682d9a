package io.quantadb.replication.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Goal: both sides learn whether the other knows the secret, and nobody gets in without. */
class ScramTest {
    private static final byte[] BINDING = {1, 2, 3};

    private static Credentials secret(String secret, byte[] binding) {
        return new Credentials(new ClusterSecret("main", secret), false, binding);
    }

    private static void run(Credentials client, Credentials server) throws ProtocolException {
        ScramClient one = new ScramClient(client);
        ScramServer two = new ScramServer(server);
        String challenge = two.start(one.mechanism(), one.first());
        one.verify(two.finish(one.proof(challenge)));
        assertTrue(one.isVerified());
    }

    @Test
    void shouldAcceptTheSameSecret() throws ProtocolException {
        run(secret("12345678", null), secret("12345678", null));
        run(secret("12345678", BINDING), secret("12345678", BINDING));
    }

    @Test
    void shouldRefuseAnotherSecretOrChannel() {
        assertEquals(ErrorCode.AUTHENTICATION, assertThrows(ProtocolException.class,
                () -> run(secret("12345678", null), secret("12345679", null))).code());
        assertThrows(ProtocolException.class, () -> run(secret("12345678", BINDING),
                secret("12345678", new byte[]{1, 2, 4})));
        assertThrows(ProtocolException.class, () -> run(secret("12345678", null), secret("12345678", BINDING)));
        assertThrows(ProtocolException.class, () -> run(secret("12345678", BINDING), secret("12345678", null)));
    }

    @Test
    void shouldUnmaskAServerThatDoesNotKnowTheSecret() throws ProtocolException {
        ScramClient client = new ScramClient(secret("12345678", null));
        ScramServer server = new ScramServer(secret("another secret", null));
        client.proof(server.start(client.mechanism(), client.first()));
        assertThrows(ProtocolException.class, () -> client.verify("v=AAAA"));
        assertFalse(client.isVerified());
    }

    @Test
    void shouldNotBeWelcomedWithoutBeingAsked() {
        ScramClient client = new ScramClient(secret("12345678", null));
        assertThrows(ProtocolException.class, () -> client.verify(""));
    }

    @Test
    void shouldLimitTheWorkAServerAsksFor() {
        ScramClient client = new ScramClient(secret("12345678", null));
        String nonce = client.first().substring(client.first().indexOf("r=") + 2);
        assertThrows(ProtocolException.class, () -> client.proof("r=" + nonce + "x,s=AAAA,i=2000000000"));
        assertThrows(ProtocolException.class, () -> client.proof("r=" + nonce + "x,s=AAAA,i=1"));
        assertThrows(ProtocolException.class, () -> client.proof("r=other,s=AAAA,i=4096"));
    }

    @Test
    void shouldNeverBeOpen() {
        assertThrows(IllegalArgumentException.class, () -> new Credentials(null, false, null));
        assertThrows(IllegalArgumentException.class, () -> new ClusterSecret("main", "short"));
        ScramServer server = new ScramServer(secret("12345678", null));
        assertThrows(ProtocolException.class, () -> server.start(AuthMechanism.CERTIFICATE, ""));
        ScramServer certificates = new ScramServer(new Credentials(null, true, BINDING));
        assertThrows(ProtocolException.class, () -> certificates.start(AuthMechanism.SCRAM_SHA_256, "n,,n=,r=abc"));
    }
}
