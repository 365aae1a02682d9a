package io.quantadb.types;

import java.util.Arrays;

/**
 * An IPv4 or IPv6 address with a network width: the value of types inet and cidr.
 *
 * <p>Ordered like PostgreSQL: IPv4 first, then the network part, then the width, then the whole address.
 */
public final class InetValue implements Comparable<InetValue> {
    private final byte[] address;
    private final int bits;

    /**
     * @param address 4 or 16 bytes, owned by this object
     * @param bits width of the network part
     */
    public InetValue(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    public boolean isIpv6() {
        return address.length == 16;
    }

    public int bits() {
        return bits;
    }

    public int maxBits() {
        return address.length * 8;
    }

    /** Not to be changed. */
    public byte[] unsafeAddress() {
        return address;
    }

    /** The address with all bits outside the network part cleared. */
    public byte[] network() {
        byte[] network = address.clone();
        for (int i = 0; i < network.length; i++) {
            int kept = Math.clamp(bits - i * 8L, 0, 8);
            network[i] &= (byte) (0xFF << 8 - kept);
        }
        return network;
    }

    @Override
    public int compareTo(InetValue other) {
        if (address.length != other.address.length) {
            return Integer.compare(address.length, other.address.length);
        }
        int common = Math.min(bits, other.bits);
        int order = Arrays.compareUnsigned(new InetValue(address, common).network(),
                new InetValue(other.address, common).network());
        if (order == 0) {
            order = Integer.compare(bits, other.bits);
        }
        return order != 0 ? order : Arrays.compareUnsigned(address, other.address);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InetValue that && bits == that.bits && Arrays.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(address) * 31 + bits;
    }

    @Override
    public String toString() {
        return InetOps.format(this, false);
    }
}
