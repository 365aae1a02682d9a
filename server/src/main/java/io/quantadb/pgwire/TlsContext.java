package io.quantadb.pgwire;

import com.ongres.scram.common.util.TlsServerEndpoint;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** The server's TLS identity: TLS 1.2 and 1.3. Immutable; safe for use by many threads. */
public final class TlsContext {
    private final SslContext context;
    private final byte[] endPointHash;

    private TlsContext(SslContext context, byte[] endPointHash) {
        this.context = context;
        this.endPointHash = endPointHash;
    }

    /**
     * Reads certificate chain and key.
     *
     * @param caFile trusted issuers of client certificates, null for none
     * @param requireClientCertificate whether a client without a certificate is refused
     * @throws IOException if a file cannot be read or does not hold what it should; the message names it
     */
    public static TlsContext load(Path certFile, Path keyFile, Path caFile, boolean requireClientCertificate) throws IOException {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(certFile.toFile(), keyFile.toFile()).protocols("TLSv1.3", "TLSv1.2");
            if (caFile != null) {
                builder.trustManager(caFile.toFile());
                builder.clientAuth(requireClientCertificate ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
            }
            return new TlsContext(builder.build(), hash(certFile));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IOException("cannot use TLS certificate " + certFile + " with key " + keyFile + ": " + e.getMessage(), e);
        }
    }

    private static byte[] hash(Path certFile) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(certFile)) {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return TlsServerEndpoint.getChannelBindingData(certificate);
        }
    }

    SslHandler newHandler(ByteBufAllocator allocator) {
        return context.newHandler(allocator);
    }

    /** The certificate's hash for channel binding. */
    byte[] endPointHash() {
        return endPointHash;
    }
}
