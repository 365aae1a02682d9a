package io.quantadb.replication.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ongres.scram.common.util.TlsServerEndpoint;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.quantadb.base.Clock;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.replication.protocol.ClusterSecret;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.sender.ReplicationServer;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.writer.WalBench;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Goal: with TLS the stream works by certificates and by the secret bound to the channel, and not otherwise. */
@Timeout(120)
class TlsStreamTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    private KeyStore keyStore(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-alias", "node", "-dname", "CN=" + name, "-storetype", "PKCS12",
                "-keystore", file.toString(), "-storepass", PASSWORD, "-validity", "2", "-ext",
                "SAN=ip:127.0.0.1").inheritIO().start();
        assertEquals(0, keytool.waitFor());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static KeyManagerFactory keys(KeyStore store) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        return keys;
    }

    private StreamBench.Primary primary(SslContext tls, Credentials credentials) throws Exception {
        var primary = new StreamBench.Primary(PosixFileSystem.INSTANCE, directory.resolve("p"), WalBench.LAYOUT,
                WalBench.START, TimelineHistory.first(), WalBench.options(true, SyncMethod.FDATASYNC), 0);
        primary.server = new ReplicationServer(new ReplicationServer.Options("127.0.0.1", 0, 1, StreamBench.LINK, tls,
                20), primary, credentials, Clock.SYSTEM, Executors.newCachedThreadPool(), StreamBench.FAIL);
        primary.port = primary.server.start();
        primary.writer.addWriteListener(lsn -> primary.server.wake());
        return primary;
    }

    private StreamBench.Replica replica(String name, SslContext tls, Credentials credentials, int port)
            throws Exception {
        var replica = new StreamBench.Replica(name, PosixFileSystem.INSTANCE, directory.resolve(name),
                WalBench.LAYOUT, TimelineHistory.first(), WalBench.START, true);
        replica.candidates = List.of(new Endpoint("127.0.0.1", port));
        replica.client = new ReplicationClient(new ReplicationClient.Options(ReceiverOptions.DEFAULT, tls, 1_000),
                replica, credentials, Clock.SYSTEM, StreamBench.FAIL);
        replica.log.addFlushListener(lsn -> replica.client.wake());
        replica.client.start();
        return replica;
    }

    private static void write(StreamBench.Primary primary, long from, long to) {
        for (long i = from; i <= to; i++) {
            primary.writer.admit();
            primary.writer.flush(WalBench.insert(primary.writer, i, (int) (i * 997 % 30_000)));
        }
    }

    @Test
    void shouldStreamOverTlsToThoseWhoProveThemselves() throws Exception {
        KeyStore one = keyStore("one");
        KeyStore stranger = keyStore("stranger");
        X509Certificate certificate = (X509Certificate) one.getCertificate("node");
        SslContext server = SslContextBuilder.forServer(keys(one)).trustManager(certificate)
                .clientAuth(ClientAuth.OPTIONAL).build();
        SslContext client = SslContextBuilder.forClient().keyManager(keys(one)).trustManager(certificate)
                .endpointIdentificationAlgorithm("").build();
        SslContext anonymous = SslContextBuilder.forClient().trustManager(certificate)
                .endpointIdentificationAlgorithm("").build();
        SslContext unknown = SslContextBuilder.forClient().keyManager(keys(stranger)).trustManager(certificate)
                .endpointIdentificationAlgorithm("").build();
        ClusterSecret secret = new ClusterSecret(StreamBench.CLUSTER, StreamBench.SECRET);
        byte[] binding = TlsServerEndpoint.getChannelBindingData(certificate);
        try (var primary = primary(server, new Credentials(secret, true, binding))) {
            write(primary, 1, 60);
            try (var byCertificate = replica("cert", client, new Credentials(null, true, null), primary.port);
                    var bySecret = replica("secret", anonymous, new Credentials(secret, false, null), primary.port);
                    var nobody = replica("nobody", anonymous, new Credentials(null, true, null), primary.port);
                    var other = replica("other", unknown, new Credentials(null, true, null), primary.port);
                    var plain = replica("plain", null, new Credentials(secret, false, null), primary.port)) {
                write(primary, 61, 100);
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("both", () -> byCertificate.log.flushLsn() == end
                        && bySecret.log.flushLsn() == end);
                assertEquals(LongStream.rangeClosed(1, 100).boxed().toList(), byCertificate.readAll());
                StreamBench.awaitTrue("refused", () -> !nobody.ends.isEmpty() && !other.ends.isEmpty()
                        && !plain.ends.isEmpty());
                long start = WalBench.START.endLsn().value();
                assertEquals(start, nobody.log.writeLsn());
                assertEquals(start, other.log.writeLsn());
                assertEquals(start, plain.log.writeLsn());
                assertTrue(primary.joined.stream().allMatch(name -> name.equals("cert") || name.equals("secret")),
                        primary.joined.toString());
            }
        }
    }
}
