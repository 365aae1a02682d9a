package io.quantadb.replication.receiver;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Frame;
import io.quantadb.replication.protocol.FrameDecoder;
import io.quantadb.replication.protocol.FrameEncoder;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.Failure;
import io.quantadb.replication.protocol.Message.Welcome;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.protocol.Protocol;
import io.quantadb.replication.protocol.ProtocolException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * One connection to a sender for something else than streaming: connects, proves, and delivers messages to a handler on
 * a thread of its own.
 */
final class PeerLink implements Closeable {
    /**
     * Who connects.
     *
     * @param systemId 0 = this node has no data yet
     * @param epoch the newest this node has seen: older peers are refused
     */
    record Identity(NodeInfo self, PeerKind kind, long systemId, long epoch, Credentials credentials, SslContext tls) {
    }

    /** Called on the link's thread. */
    interface Handler {
        void onWelcome(Welcome welcome) throws ProtocolException, IOException;

        /** The message's bytes are valid during the call. */
        void onMessage(Message message) throws ProtocolException, IOException;

        /**
         * The link is gone; called once, and nothing after it.
         *
         * @param code what the peer said; null = it said nothing
         */
        void onClosed(ErrorCode code, String reason);
    }

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_BUFFER_MAX = 512 << 10;

    private final Identity identity;
    private final Handler handler;
    private final MultiThreadIoEventLoopGroup group;
    private final boolean epoll = Epoll.isAvailable();
    private volatile Connection connection;
    private volatile boolean closed;

    PeerLink(Endpoint target, Identity identity, Handler handler) {
        this.identity = identity;
        this.handler = handler;
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("replication-peer", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        new Bootstrap().group(group).channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(2048, 64 << 10,
                        READ_BUFFER_MAX))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (identity.tls() != null) {
                            channel.pipeline().addLast("tls", identity.tls().newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast("replication", new Connection());
                    }
                }).connect(new InetSocketAddress(target.host(), target.port())).addListener(future -> {
                    if (!future.isSuccess()) {
                        handler.onClosed(null, "cannot connect to " + target + ": " + future.cause().getMessage());
                    }
                });
    }

    /** Sends a message; from any thread. */
    void send(Message message) {
        Connection current = connection;
        if (current != null) {
            current.context.executor().execute(() -> current.send(message));
        }
    }

    @Override
    public void close() {
        closed = true;
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private final class Connection extends ChannelInboundHandlerAdapter {
        private final FrameDecoder decoder = new FrameDecoder();
        private final FrameEncoder encoder = new FrameEncoder();
        private ChannelHandlerContext context;
        private ClientHandshake handshake;
        private boolean welcomed;
        private ErrorCode endCode;
        private String endReason = "connection closed";

        @Override
        public void channelActive(ChannelHandlerContext ctx) throws Exception {
            context = ctx;
            connection = this;
            if (ctx.pipeline().get(SslHandler.class) == null) {
                greet();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent tls) {
                if (tls.isSuccess()) {
                    greet();
                } else {
                    end(null, "TLS handshake failed: " + tls.cause().getMessage());
                }
            }
            ctx.fireUserEventTriggered(event);
        }

        private void greet() throws Exception {
            byte[] binding = ReplicationClient.channelBinding(context);
            Credentials given = identity.credentials();
            handshake = new ClientHandshake(identity.self(), identity.kind(), identity.systemId(),
                    new Credentials(given.secret(), given.certificate() && binding != null, binding), this::send);
            handshake.hello(0, 0);
        }

        void send(Message message) {
            context.writeAndFlush(encoder.encode(message, identity.epoch(), context.alloc()));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (ctx.channel().isActive() && !closed) {
                    decoder.feed((ByteBuf) message, ctx.alloc(), this::onFrame);
                }
            } catch (ProtocolException e) {
                if (endCode == null) {
                    end(e.code(), e.getMessage());
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void onFrame(Frame frame) throws ProtocolException {
            if (frame.message() instanceof Failure failure) {
                end(failure.code(), failure.text());
                throw new ProtocolException(failure.code(), failure.text());
            }
            try {
                if (welcomed) {
                    checkEpoch(frame.epoch());
                    handler.onMessage(frame.message());
                    return;
                }
                Welcome welcome = handshake.onMessage(frame.message());
                if (welcome != null) {
                    checkEpoch(frame.epoch());
                    welcomed = true;
                    encoder.version(welcome.version());
                    decoder.frameMax(Protocol.FRAME_MAX);
                    handler.onWelcome(welcome);
                }
            } catch (IOException e) {
                throw new ProtocolException(ErrorCode.IO, e.getMessage());
            }
        }

        private void checkEpoch(long epoch) throws ProtocolException {
            if (epoch < identity.epoch()) {
                throw new ProtocolException(ErrorCode.STALE_EPOCH, "epoch " + epoch + " of the peer is over, we know "
                        + identity.epoch());
            }
        }

        private void end(ErrorCode code, String reason) {
            endCode = code;
            endReason = reason;
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            decoder.close();
            handler.onClosed(endCode, endReason);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            end(null, cause.toString());
        }
    }
}
