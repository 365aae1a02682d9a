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
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management API: {@code /health}, {@code /primary}, {@code /replica}, {@code /cluster/status}, {@code /metrics}.
 * Reading only; one thread of its own, so that busy sessions do not
 * keep a health check waiting.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int BODY_LIMIT = 1 << 16;
    private static final int IDLE_SECONDS = 30;

    private final String host;
    private final int port;
    private final ServerStatus status;
    private final CollectorRegistry metrics;
    private final ObjectMapper json = new ObjectMapper();
    private MultiThreadIoEventLoopGroup group;
    private Channel listener;

    public ApiServer(String host, int port, ServerStatus status, CollectorRegistry metrics) {
        this.host = host;
        this.port = port;
        this.status = status;
        this.metrics = metrics;
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
            FullHttpResponse response = answer(request);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            boolean keepAlive = HttpUtil.isKeepAlive(request);
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

    private FullHttpResponse answer(FullHttpRequest request) throws IOException {
        String path = new QueryStringDecoder(request.uri()).path();
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD) && !request.method().equals(HttpMethod.OPTIONS)) {
            return body(HttpResponseStatus.METHOD_NOT_ALLOWED, Map.of("error", "method " + request.method() + " is not allowed for " + path));
        }
        return switch (path) {
            case "/health" -> body(ready(), health());
            case "/primary" -> body(ready(), Map.of("role", "primary", "node_id", status.nodeId()));
            case "/replica" -> body(HttpResponseStatus.SERVICE_UNAVAILABLE, Map.of("role", "primary", "node_id", status.nodeId()));
            case "/cluster/status" -> body(HttpResponseStatus.OK, cluster());
            case "/cluster/replication" -> body(HttpResponseStatus.OK, Map.of("role", "primary", "replicas", List.of()));
            case "/cluster/partitions" -> body(HttpResponseStatus.OK, Map.of("partitioned", false, "views", List.of()));
            case "/metrics" -> metrics();
            default -> body(HttpResponseStatus.NOT_FOUND, Map.of("error", "no such path: " + path));
        };
    }

    private HttpResponseStatus ready() {
        return status.isReady() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    }

    private Map<String, Object> health() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", status.isReady() ? "ok" : "starting");
        body.put("node_id", status.nodeId());
        body.put("role", "primary");
        body.put("version", status.version());
        body.put("ready_since", Instant.ofEpochMilli(status.readySinceMillis()).toString());
        body.put("insert_lsn", Lsn.format(status.insertLsn()));
        body.put("flush_lsn", Lsn.format(status.flushLsn()));
        body.put("sessions", status.sessions());
        body.put("max_sessions", status.maxSessions());
        return body;
    }

    private Map<String, Object> cluster() {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("node_id", status.nodeId());
        node.put("role", "primary");
        node.put("state", status.isReady() ? "running" : "starting");
        node.put("flush_lsn", Lsn.format(status.flushLsn()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("primary", status.nodeId());
        body.put("nodes", List.of(node));
        return body;
    }

    private FullHttpResponse metrics() throws IOException {
        StringWriter text = new StringWriter();
        TextFormat.write004(text, metrics.metricFamilySamples());
        return response(HttpResponseStatus.OK, TextFormat.CONTENT_TYPE_004, text.toString());
    }

    private FullHttpResponse body(HttpResponseStatus code, Map<String, ?> body) throws JsonProcessingException {
        return response(code, "application/json", json.writeValueAsString(body) + "\n");
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
