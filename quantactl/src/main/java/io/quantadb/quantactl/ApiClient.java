package io.quantadb.quantactl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/**
 * The management API of one node. Every failure is an {@link IOException} whose message says what to do; an answer of
 * the API that is an error is one too, with the API's words.
 */
final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final String base;
    private final String token;
    private final Duration timeout;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    ApiClient(String base, String token, int timeoutSeconds) throws IOException {
        if (!base.startsWith("http://") && !base.startsWith("https://")) {
            throw new IOException("\"" + base + "\" is not an address of the API; expected http://HOST:PORT");
        }
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.token = token;
        this.timeout = Duration.ofSeconds(timeoutSeconds);
    }

    JsonNode get(String path) throws IOException {
        return send(path, request(path).GET().build());
    }

    JsonNode post(String path, JsonNode body) throws IOException {
        return send(path, request(path).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout)
            .header("User-Agent", "quantactl");
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private JsonNode send(String path, HttpRequest request) throws IOException {
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new IOException("the API at " + base
                    + " cannot be reached; is the node running, and is --api right?", e);
        } catch (HttpTimeoutException e) {
            throw new IOException("the API at " + base + " did not answer within " + timeout.toSeconds()
                    + " s; the command may still be going on: see \"quantactl status\"", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        JsonNode body = parse(path, response.body());
        if (response.statusCode() == 401) {
            throw new IOException(token == null
                    ? "the API wants a token: give --token-file or set QUANTADB_API_TOKEN"
                    : "the API does not accept this token");
        }
        if (response.statusCode() >= 400) {
            throw new IOException(body.path("error").asText("the API answered with status " + response.statusCode()));
        }
        return body;
    }

    private JsonNode parse(String path, String body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IOException(base + path + " did not answer with JSON; is this the management API?", e);
        }
    }

    static ObjectMapper json() {
        return JSON;
    }
}
