package io.quantadb.pgwire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.quantadb.session.SessionTransfer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a client over to another node and then passes bytes both ways. Confined to the client's event loop.
 *
 * <pre>
 *   LOGIN --first ReadyForQuery--> REBUILDING --its last ReadyForQuery--> RELAYING --either side gone--> closed
 * </pre>
 * In the first two states the other node's answers are ours: we play the client that sets the session's settings and
 * prepares its statements once more. The real client sees nothing of it; what it sends meanwhile is kept.
 */
final class ClientRelay extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ClientRelay.class);
    private static final int PROTOCOL_3_0 = 3 << 16;
    private static final int CONNECT_MILLIS = 3_000;
    private static final int HEADER = 5;

    private enum State { LOGIN, REBUILDING, RELAYING, CLOSED }

    /** What becomes of the client. Called on its event loop. */
    interface Listener {
        /** The other node has the session; bytes may flow. */
        void ready();

        /** The other node did not take the session. */
        void failed(String reason);
    }

    private final SessionTransfer transfer;
    private final RelayTarget target;
    private final Channel client;
    private final Listener listener;
    private State state = State.LOGIN;
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private Channel node;
    private int answersToCome;
    private int processId;
    private int secretKey;

    private ClientRelay(SessionTransfer transfer, RelayTarget target, Channel client, Listener listener) {
        this.transfer = transfer;
        this.target = target;
        this.client = client;
        this.listener = listener;
    }

    /** Connects on the client's event loop. */
    static ClientRelay start(SessionTransfer transfer, RelayTarget target, Channel client, Listener listener) {
        ClientRelay relay = new ClientRelay(transfer, target, client, listener);
        boolean epoll = client instanceof EpollSocketChannel;
        new Bootstrap().group(client.eventLoop()).channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .handler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(relay);
                }
            })
            .connect(target.host(), target.port()).addListener(connected -> {
                if (!connected.isSuccess()) {
                    relay.fail("cannot connect to " + target + ": " + connected.cause().getMessage());
                }
            });
        return relay;
    }

    // ---- Login

    @Override
    public void channelActive(ChannelHandlerContext context) {
        node = context.channel();
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("user", transfer.user());
        parameters.put("database", transfer.database());
        parameters.put(RelayAuthentication.PARAMETER, "1");
        parameters.putAll(transfer.startup());
        ByteBuf packet = context.alloc().buffer();
        packet.writeInt(0).writeInt(PROTOCOL_3_0);
        parameters.forEach((name, value) -> {
            string(packet, name);
            string(packet, value);
        });
        packet.writeByte(0);
        packet.setInt(0, packet.readableBytes());
        context.writeAndFlush(packet);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (state == State.RELAYING) {
            client.writeAndFlush(data, client.voidPromise());
            return;
        }
        received = received.isReadable() ? Unpooled.wrappedBuffer(received, data) : data;
        while (state != State.CLOSED && state != State.RELAYING && received.readableBytes() >= HEADER) {
            int length = received.getInt(received.readerIndex() + 1);
            if (received.readableBytes() < 1 + length) {
                break;
            }
            int type = received.readByte();
            answer(type, received.readSlice(length).skipBytes(4));
        }
        if (state == State.RELAYING && received.isReadable()) {
            client.writeAndFlush(received, client.voidPromise());
            received = Unpooled.EMPTY_BUFFER;
        } else if (!received.isReadable()) {
            received.release();
            received = Unpooled.EMPTY_BUFFER;
        }
    }

    private void answer(int type, ByteBuf body) {
        switch (type) {
            case 'R' -> authenticate(body);
            case 'K' -> {
                processId = body.readInt();
                secretKey = body.readInt();
            }
            case 'Z' -> advance();
            case 'E' -> error(body);
            default -> { }
        }
    }

    private void authenticate(ByteBuf body) {
        int kind = body.readInt();
        if (kind == RelayAuthentication.KIND) {
            byte[] nonce = new byte[body.readableBytes()];
            body.readBytes(nonce);
            byte[] proof = RelayAuthentication.answer(target.secret(), nonce, transfer.user(), transfer.database());
            ByteBuf reply = node.alloc().buffer();
            reply.writeByte('p').writeInt(4 + proof.length).writeBytes(proof);
            node.writeAndFlush(reply);
        } else if (kind != 0) {
            fail(target + " asks for authentication of kind " + kind + " from a node");
        }
    }

    private void error(ByteBuf body) {
        String text = fields(body);
        if (state == State.LOGIN) {
            fail(target + " refuses the session: " + text);
        } else {
            LOG.warn("a part of the session of {} could not be rebuilt on {}: {}", client.remoteAddress(), target, text);
        }
    }

    private static String fields(ByteBuf body) {
        String code = "";
        String message = "";
        while (body.isReadable()) {
            byte field = body.readByte();
            if (field == 0) {
                break;
            }
            String value = MessageReader.string(body, body.writerIndex());
            if (field == 'C') {
                code = value;
            } else if (field == 'M') {
                message = value;
            }
        }
        return code + " " + message;
    }

    // ---- The session once more

    private void advance() {
        if (state == State.LOGIN) {
            state = State.REBUILDING;
            rebuild();
        } else {
            answersToCome--;
        }
        if (answersToCome == 0) {
            state = State.RELAYING;
            listener.ready();
        }
    }

    private void rebuild() {
        ByteBuf out = node.alloc().buffer();
        transfer.settings().forEach((name, value) -> query(out,
            "SELECT pg_catalog.set_config(" + literal(name) + ", " + literal(value) + ", false)"));
        transfer.channels().forEach(channel -> query(out, "LISTEN \"" + channel.replace("\"", "\"\"") + "\""));
        for (SessionTransfer.Prepared statement : transfer.statements()) {
            int start = begin(out, 'P');
            string(out, statement.name());
            string(out, statement.sql());
            out.writeShort(statement.parameterTypes().length);
            for (int oid : statement.parameterTypes()) {
                out.writeInt(oid);
            }
            end(out, start);
            // One Sync each: an error must not take the statements behind it along.
            end(out, begin(out, 'S'));
            answersToCome++;
        }
        node.writeAndFlush(out);
    }

    private void query(ByteBuf out, String sql) {
        int start = begin(out, 'Q');
        string(out, sql);
        end(out, start);
        answersToCome++;
    }

    private static String literal(String value) {
        String escaped = value.replace("\\", "\\\\").replace("'", "''");
        return " E'" + escaped + "'";
    }

    private static int begin(ByteBuf out, char type) {
        out.writeByte(type);
        int start = out.writerIndex();
        out.writeInt(0);
        return start;
    }

    private static void end(ByteBuf out, int start) {
        out.setInt(start, out.writerIndex() - start);
    }

    private static void string(ByteBuf out, String value) {
        out.writeBytes(value.getBytes(StandardCharsets.UTF_8)).writeByte(0);
    }

    // ---- Relaying

    /** Passes on what the client sent; takes ownership. */
    void fromClient(ByteBuf data) {
        node.writeAndFlush(data, node.voidPromise());
    }

    /** A cancel request for the client's session goes to where it runs now. */
    void cancel() {
        new Bootstrap().group(client.eventLoop()).channel(client instanceof EpollSocketChannel ? EpollSocketChannel.class : NioSocketChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(target.host(), target.port()).addListener(connected -> {
                if (connected.isSuccess()) {
                    Channel channel = ((io.netty.channel.ChannelFuture) connected).channel();
                    ByteBuf packet = channel.alloc().buffer();
                    packet.writeInt(16).writeInt(Startup.CANCEL_REQUEST).writeInt(processId).writeInt(secretKey);
                    channel.writeAndFlush(packet).addListener(sent -> channel.close());
                }
            });
    }

    /** A slow reader on one side stops the reading on the other. */
    void clientWritable(boolean writable) {
        if (node != null) {
            node.config().setAutoRead(writable);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        client.config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.RELAYING) {
            state = State.CLOSED;
            client.close();
        } else {
            fail(target + " closed the connection");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("relay to {}: {}", target, cause.toString());
        context.close();
    }

    private void fail(String reason) {
        if (state == State.CLOSED || state == State.RELAYING) {
            return;
        }
        state = State.CLOSED;
        close();
        listener.failed(reason);
    }

    /** The client is gone. */
    void close() {
        received.release();
        received = Unpooled.EMPTY_BUFFER;
        state = State.CLOSED;
        if (node != null) {
            node.close();
        }
    }
}
