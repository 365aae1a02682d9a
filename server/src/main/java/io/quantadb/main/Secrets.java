package io.quantadb.main;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;

/**
 * Secrets of this node. Each comes from its environment variable, from the file named by the same variable with {@code
 * _FILE}, or is made at first start and kept in a file of mode 0600 in
 * the data directory.
 */
final class Secrets {
    /** First password of role quantadb. */
    static final String PASSWORD = "QUANTADB_PASSWORD";
    /** First admin token of the management API. */
    static final String API_TOKEN = "QUANTADB_API_TOKEN";
    /** What nodes of a cluster prove to each other that they know. */
    static final String CLUSTER_SECRET = "QUANTADB_CLUSTER_SECRET";

    private static final Map<String, String> FILES = Map.of(PASSWORD, "quantadb.password", API_TOKEN, "api.token", CLUSTER_SECRET, "cluster.secret");
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final int LENGTH = 24;

    /**
     * A secret and where it came from.
     *
     * @param file the file that was made for it now, null if it was given or is older
     */
    record Secret(String value, Path file) {
    }

    private final Map<String, String> environment;
    private final Path directory;

    Secrets(Map<String, String> environment, Path directory) {
        this.environment = environment;
        this.directory = directory;
    }

    static boolean isSecretFile(String name) {
        return FILES.containsValue(name);
    }

    Secret find(String variable) throws IOException, StartupException {
        String value = environment.get(variable);
        if (value != null && !value.isEmpty()) {
            return new Secret(value, null);
        }
        String given = environment.get(variable + "_FILE");
        if (given != null && !given.isEmpty()) {
            Path file = Path.of(given);
            if (!Files.isReadable(file)) {
                throw new StartupException(variable + "_FILE names " + file + ", which cannot be read");
            }
            return new Secret(Files.readString(file).strip(), null);
        }
        Path kept = directory.resolve(FILES.get(variable));
        if (Files.exists(kept)) {
            return new Secret(Files.readString(kept).strip(), null);
        }
        return new Secret(make(kept), kept);
    }

    private static String make(Path file) throws IOException {
        SecureRandom random = new SecureRandom();
        StringBuilder secret = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            secret.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, (secret + "\n").getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
        return secret.toString();
    }
}
