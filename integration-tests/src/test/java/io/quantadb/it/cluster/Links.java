package io.quantadb.it.cluster;

import io.quantadb.it.process.Processes;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The network of a cluster: a proxy before each node's ports, and a {@link Flow} for each kind and ordered pair of
 * parties. Any thread.
 */
public final class Links implements AutoCloseable {
    /** The party that every connection belongs to which no node has opened. */
    public static final String CLIENT = "client";

    private record Key(PortKind kind, String from, String to) {
    }

    private final Map<Key, Flow> flows = new ConcurrentHashMap<>();
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final Supplier<Map<Long, String>> nodesByPid;

    /** @param nodesByPid names of the nodes that run now */
    Links(Supplier<Map<Long, String>> nodesByPid) {
        this.nodesByPid = nodesByPid;
    }

    /** Puts a proxy before a port of a node. @return where it listens */
    int open(PortKind kind, String node, String host, int port) {
        TcpProxy proxy = new TcpProxy(new InetSocketAddress(host, Processes.freePorts(1)[0]),
            new InetSocketAddress(host, port), socket -> route(kind, node, socket));
        proxies.add(proxy);
        return proxy.port();
    }

    private TcpProxy.Route route(PortKind kind, String node, Socket socket) {
        if (kind == PortKind.SQL) {
            // Nothing distinguishes callers there, and to look for who reconnects again and again costs a processor.
            return new TcpProxy.Route(flow(kind, CLIENT, node), flow(kind, node, CLIENT));
        }
        Map<Long, String> pids = nodesByPid.get();
        String caller = pids.getOrDefault(LocalPeers.pidOf(socket, pids.keySet()), CLIENT);
        return new TcpProxy.Route(flow(kind, caller, node), flow(kind, node, caller));
    }

    public Flow flow(PortKind kind, String from, String to) {
        return flows.computeIfAbsent(new Key(kind, from, to), key -> new Flow());
    }

    /** Cuts one node from the others, in both directions, silently. */
    public void cut(PortKind kind, String node, Collection<String> others) {
        for (String other : others) {
            flow(kind, node, other).hold();
            flow(kind, other, node).hold();
        }
    }

    /** Everything passes again, everywhere. */
    public void healAll() {
        flows.values().forEach(Flow::heal);
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
    }
}
