package io.quantadb.quantactl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the management API is and how to be let in. Mixed into each online command. */
final class ApiOptions {
    private static final String DEFAULT_API = "http://127.0.0.1:8432";

    @Option(names = "--api", paramLabel = "URL",
            description = "Management API of any node; default: $QUANTADB_API, else " + DEFAULT_API)
    private String api;

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "File with the API's token; default: $QUANTADB_API_TOKEN or $QUANTADB_API_TOKEN_FILE")
    private Path tokenFile;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60",
            description = "How long to wait for an answer; default: ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    ApiClient client() throws IOException {
        String url = api != null ? api : environment("QUANTADB_API", DEFAULT_API);
        return new ApiClient(url, token(), timeoutSeconds);
    }

    /** Null if none is given: reading may need none. */
    private String token() throws IOException {
        Path file = tokenFile;
        if (file == null) {
            String token = environment("QUANTADB_API_TOKEN", null);
            if (token != null) {
                return token;
            }
            String named = environment("QUANTADB_API_TOKEN_FILE", null);
            file = named == null ? null : Path.of(named);
        }
        if (file == null) {
            return null;
        }
        if (!Files.isReadable(file)) {
            throw new IOException("the token file " + file + " cannot be read");
        }
        return Files.readString(file).strip();
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
