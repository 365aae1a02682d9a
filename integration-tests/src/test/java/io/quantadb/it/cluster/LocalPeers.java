package io.quantadb.it.cluster;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Tells which process of this machine is at the other end of a connection, from {@code /proc}. So one address a node is
 * enough to cut the links of each pair of nodes apart: nobody must use an address of his own. Linux only.
 *
 * <p>Source: Linux manual, proc(5), {@code /proc/net/tcp}.
 */
final class LocalPeers {
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private LocalPeers() {
    }

    /** @return the one of the processes that opened the connection, or -1 */
    static long pidOf(Socket accepted, Collection<Long> pids) {
        String inode = inode(address(accepted.getInetAddress().getAddress(), accepted.getPort()),
            address(accepted.getLocalAddress().getAddress(), accepted.getLocalPort()));
        if (inode == null) {
            return -1;
        }
        for (long pid : pids) {
            if (holds(pid, "socket:[" + inode + "]")) {
                return pid;
            }
        }
        return -1;
    }

    /** As the kernel prints it: IPv4 bytes in reverse, port, both hexadecimal. */
    private static String address(byte[] ip, int port) {
        int at = ip.length - 4;
        return String.format(Locale.ROOT, "%02X%02X%02X%02X:%04X", ip[at + 3], ip[at + 2], ip[at + 1], ip[at], port);
    }

    private static String inode(String caller, String listener) {
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of(file))) {
                    String[] fields = line.trim().split("\\s+");
                    // In tcp6 the IPv4 address is the end of the longer one.
                    if (fields.length > INODE && fields[LOCAL].endsWith(caller) && fields[REMOTE].endsWith(listener)) {
                        return fields[INODE];
                    }
                }
            } catch (IOException e) {
                // No such file without IPv6.
            }
        }
        return null;
    }

    private static boolean holds(long pid, String link) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files) {
                try {
                    if (Files.readSymbolicLink(file).toString().equals(link)) {
                        return true;
                    }
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            }
        } catch (IOException e) {
            // The process has ended.
        }
        return false;
    }
}
