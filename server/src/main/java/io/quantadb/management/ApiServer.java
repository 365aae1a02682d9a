package io.quantadb.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.quantadb.base.Lsn;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management API: {@code /health}, {@code /primary}, {@code /replica}, {@code /cluster/...}, {@code /metrics} for
 * anybody; changes by {@code POST} with the token. One thread of its own, so that busy sessions do not keep a health
 * check waiting; changes run elsewhere.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int BODY_LIMIT = 1 << 16;
    private static final int IDLE_SECONDS = 30;
    private static final String JSON_TYPE = "application/json";

    private final String host;
    private final int port;
    private final ServerStatus status;
    private final CollectorRegistry metrics;
    private final ClusterAdministration cluster;
    private final ApiCommands commands;
    private final String token;
    private final ObjectMapper json = new ObjectMapper();
    private MultiThreadIoEventLoopGroup group;
    private Channel listener;

    /** @param token what a client must present to change anything */
    public ApiServer(String host, int port, String token, ServerStatus status, ClusterAdministration cluster,
            CollectorRegistry metrics) {
        this.host = host;
        this.port = port;
        this.status = status;
        this.metrics = metrics;
        this.cluster = cluster;
        this.token = token;
        commands = new ApiCommands(cluster);
    }

    /** Starts listening. @return the port */
    public int start() throws IOException {
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ServerBootstrap bootstrap = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new ReadTimeoutHandler(IDLE_SECONDS), new HttpServerCodec(), new HttpObjectAggregator(BODY_LIMIT),
                        new Handler());
                }
            });
        var bound = bootstrap.bind(new InetSocketAddress(host, port)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + host + ":" + port + " (cluster.api_port): " + bound.cause().getMessage(), bound.cause());
        }
        listener = bound.channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) throws IOException {
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            CompletableFuture<FullHttpResponse> answer = answer(request);
            if (answer.isDone() && !answer.isCompletedExceptionally()) {
                send(context, answer.join(), keepAlive);
                return;
            }
            answer.whenComplete((response, failure) -> context.executor().execute(() -> {
                if (failure != null) {
                    LOG.error("API request {} failed", request.uri(), failure);
                }
                send(context, failure == null ? response : response(HttpResponseStatus.INTERNAL_SERVER_ERROR, JSON_TYPE,
                    "{\"error\": \"internal error, see the server's log\"}\n"), keepAlive);
            }));
        }

        private void send(ChannelHandlerContext context, FullHttpResponse response, boolean keepAlive) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            HttpUtil.setKeepAlive(response, keepAlive);
            var written = context.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(future -> context.close());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("API connection {} closed: {}", context.channel().remoteAddress(), cause.toString());
            context.close();
        }
    }

    private CompletableFuture<FullHttpResponse> answer(FullHttpRequest request) throws IOException {
        String path = new QueryStringDecoder(request.uri()).path();
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS)) {
            return CompletableFuture.completedFuture(read(path));
        }
        if (!method.equals(HttpMethod.POST) || !ApiCommands.PATHS.contains(path)) {
            return CompletableFuture.completedFuture(body(HttpResponseStatus.METHOD_NOT_ALLOWED,
                Map.of("error", "method " + method + " is not allowed for " + path)));
        }
        if (!authorised(request)) {
            FullHttpResponse refusal = body(HttpResponseStatus.UNAUTHORIZED,
                Map.of("error", "this needs the API's token: Authorization: Bearer TOKEN"));
            refusal.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
            return CompletableFuture.completedFuture(refusal);
        }
        LOG.info("API command {} from {}", path, request.headers().get(HttpHeaderNames.USER_AGENT, "unknown client"));
        return commands.run(path, request.content().toString(StandardCharsets.UTF_8)).thenApply(outcome -> response(
            HttpResponseStatus.valueOf(outcome.code()), JSON_TYPE, ApiCommands.toJson(outcome)));
    }

    /** In constant time, so that the token cannot be guessed byte by byte. */
    private boolean authorised(FullHttpRequest request) {
        String header = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        return MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), ("Bearer " + token)
            .getBytes(StandardCharsets.UTF_8));
    }

    private FullHttpResponse read(String path) throws IOException {
        return switch (path) {
            case "/health" -> body(ready(), health());
            case "/primary" -> role("primary");
            case "/replica" -> role("replica");
            case "/cluster/status" -> body(HttpResponseStatus.OK, ClusterJson.status(cluster.view()));
            case "/cluster/replication" -> body(HttpResponseStatus.OK,
                ClusterJson.replication(cluster.view(), cluster.replicas(), cluster.upstream()));
            case "/cluster/partitions" -> body(HttpResponseStatus.OK, partitions());
            case "/metrics" -> metrics();
            default -> body(HttpResponseStatus.NOT_FOUND, Map.of("error", "no such path: " + path));
        };
    }

    /** 200 where a load balancer may send such connections: to the primary only while it accepts writes. */
    private FullHttpResponse role(String wanted) throws IOException {
        ClusterView view = cluster.view();
        boolean serves = status.isReady() && view.role().equals(wanted) && (view.writable() || wanted.equals("replica"));
        return body(serves ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
            Map.of("role", view.role(), "node_id", view.nodeId(), "state", view.state()));
    }

    private Map<String, Object> partitions() {
        ClusterView view = cluster.view();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("node_id", view.nodeId());
        body.put("partitioned", view.raftLeader() == null && view.epoch() > 0);
        body.put("unreachable", view.members().stream().filter(member -> !member.reachable())
            .map(ClusterView.Member::nodeId).toList());
        return body;
    }

    private HttpResponseStatus ready() {
        return status.isReady() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    }

    private Map<String, Object> health() {
        ClusterView view = cluster.view();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", status.isReady() ? "ok" : "starting");
        body.put("node_id", status.nodeId());
        body.put("role", view.role());
        body.put("state", view.state());
        body.put("version", status.version());
        body.put("ready_since", Instant.ofEpochMilli(status.readySinceMillis()).toString());
        body.put("epoch", view.epoch());
        body.put("timeline", view.timeline());
        body.put("insert_lsn", Lsn.format(status.insertLsn()));
        body.put("flush_lsn", Lsn.format(status.flushLsn()));
        body.put("sessions", status.sessions());
        body.put("max_sessions", status.maxSessions());
        return body;
    }

    private FullHttpResponse metrics() throws IOException {
        StringWriter text = new StringWriter();
        TextFormat.write004(text, metrics.metricFamilySamples());
        return response(HttpResponseStatus.OK, TextFormat.CONTENT_TYPE_004, text.toString());
    }

    private FullHttpResponse body(HttpResponseStatus code, Map<String, ?> body) throws JsonProcessingException {
        return response(code, JSON_TYPE, json.writeValueAsString(body) + "\n");
    }

    private static FullHttpResponse response(HttpResponseStatus code, String type, String text) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, code, Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        return response;
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        if (group != null) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
