package io.quantadb.replication.protocol;

/**
 * Constants of the stream between nodes. The layout of frames and messages is in the module's README, section
 * "Protocol".
 */
public final class Protocol {
    /** The oldest version this program can speak. */
    public static final int VERSION_MIN = 1;
    /** The newest version this program can speak. */
    public static final int VERSION_MAX = 1;

    /** Bytes in front of each message. */
    public static final int HEADER_SIZE = 24;
    public static final int OFFSET_LENGTH = 0;
    public static final int OFFSET_CRC = 4;
    public static final int OFFSET_EPOCH = 8;
    public static final int OFFSET_TYPE = 16;
    public static final int OFFSET_FLAGS = 17;
    public static final int OFFSET_VERSION = 18;
    public static final int OFFSET_SEQUENCE = 20;

    /** The frame's checksum leaves the WAL bytes out: they come straight from a file, and each record has its own. */
    public static final int FLAG_BODY_UNSUMMED = 1;

    /** Bytes of a WalData message in front of the WAL. */
    public static final int WAL_DATA_FIXED = 40;

    /** Longest frame before the peer has proved who it is. */
    public static final int FRAME_MAX_UNAUTHENTICATED = 64 << 10;
    /** Longest frame afterwards. */
    public static final int FRAME_MAX = 8 << 20;
    /** Longest string in a message, bytes; histories and lists have their own bounds. */
    public static final int STRING_MAX = 1024;
    /** Longest timeline history, bytes. */
    public static final int HISTORY_MAX = 48 << 10;
    /** Most pages asked for at once. */
    public static final int PAGES_MAX = 512;

    private Protocol() {
    }

    /** The version two peers speak; 0 if there is none. */
    public static int negotiate(int peerMin, int peerMax) {
        int version = Math.min(VERSION_MAX, peerMax);
        return version >= Math.max(VERSION_MIN, peerMin) ? version : 0;
    }
}
