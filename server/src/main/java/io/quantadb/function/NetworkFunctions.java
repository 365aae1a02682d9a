package io.quantadb.function;

import static io.quantadb.function.Args.num;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.InetValue;
import io.quantadb.types.Oids;
import io.quantadb.types.TextContext;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/** Functions and operators of inet and cidr. */
public final class NetworkFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.fn1("network_family", (c, a) -> inet(a).isIpv6() ? 6L : 4L)
                .fn1("network_masklen", (c, a) -> (long) inet(a).bits())
                .fn1("network_host", (c, a) -> text(withBits(inet(a), inet(a).maxBits())))
                .fn1("network_show", (c, a) -> text(withBits(inet(a), inet(a).maxBits())) + "/" + inet(a).bits())
                .fn1("inet_abbrev", (c, a) -> text(inet(a)))
                .fn1("cidr_abbrev", (c, a) -> abbreviated(inet(a)))
                .fn1("network_network", (c, a) -> new InetValue(inet(a).network(), inet(a).bits()))
                .fn1("inet_to_cidr", (c, a) -> new InetValue(inet(a).network(), inet(a).bits()))
                .fn1("network_broadcast", (c, a) -> new InetValue(combine(inet(a).unsafeAddress(), hostMask(inet(a)),
                        (x, y) -> x | y), inet(a).bits()))
                .fn1("network_netmask", (c, a) -> withBits(new InetValue(combine(hostMask(inet(a)), hostMask(inet(a)),
                        (x, y) -> ~x), 0), inet(a).maxBits()))
                .fn1("network_hostmask", (c, a) -> new InetValue(hostMask(inet(a)), inet(a).maxBits()))
                .fn2("inet_same_family", (c, a, b) -> inet(a).isIpv6() == inet(b).isIpv6())
                .fn2("inet_merge", (c, a, b) -> merge(inet(a), inet(b)))
                .fn2("inet_set_masklen", (c, a, n) -> withBits(inet(a), masklen(inet(a), num(n))))
                .fn2("cidr_set_masklen", (c, a, n) -> {
                    InetValue changed = withBits(inet(a), masklen(inet(a), num(n)));
                    return new InetValue(changed.network(), changed.bits());
                });
        relations(registry);
        arithmetic(registry);
    }

    private static InetValue inet(Object value) {
        return (InetValue) value;
    }

    private static String text(InetValue value) {
        return BuiltinTypes.get(Oids.INET).ops().toText(value, TextContext.DEFAULT);
    }

    private static InetValue withBits(InetValue value, int bits) {
        return new InetValue(value.unsafeAddress(), bits);
    }

    private static int masklen(InetValue value, long bits) {
        long wanted = bits == -1 ? value.maxBits() : bits;
        if (wanted < 0 || wanted > value.maxBits()) {
            throw Args.invalidParameter("invalid mask length: " + bits);
        }
        return (int) wanted;
    }

    /** IPv4 networks without their zero bytes at the end. */
    private static String abbreviated(InetValue value) {
        if (value.isIpv6()) {
            return BuiltinTypes.get(Oids.CIDR).ops().toText(value, TextContext.DEFAULT);
        }
        int bytes = Math.max(1, (value.bits() + 7) / 8);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            out.append(i == 0 ? "" : ".").append(value.unsafeAddress()[i] & 0xFF);
        }
        return out.append('/').append(value.bits()).toString();
    }

    private static byte[] hostMask(InetValue value) {
        byte[] mask = new byte[value.unsafeAddress().length];
        for (int i = 0; i < mask.length; i++) {
            int kept = Math.clamp(value.bits() - i * 8L, 0, 8);
            mask[i] = (byte) (0xFF >> kept);
        }
        return mask;
    }

    private static byte[] combine(byte[] a, byte[] b, IntBinaryOperator operator) {
        byte[] result = new byte[a.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) operator.applyAsInt(a[i], b[i]);
        }
        return result;
    }

    private static SqlException sizes(String operator) {
        return Args.invalidParameter("cannot " + operator + " inet values of different sizes");
    }

    private static InetValue merge(InetValue a, InetValue b) {
        if (a.isIpv6() != b.isIpv6()) {
            throw Args.invalidParameter("cannot merge addresses from different families");
        }
        int bits = Math.min(a.bits(), b.bits());
        while (bits > 0 && !Arrays.equals(withBits(a, bits).network(), withBits(b, bits).network())) {
            bits--;
        }
        return new InetValue(withBits(a, bits).network(), bits);
    }

    /** Whether the first {@code bits} of both are equal. */
    private static boolean share(InetValue a, InetValue b, int bits) {
        return a.isIpv6() == b.isIpv6() && Arrays.equals(withBits(a, bits).network(), withBits(b, bits).network());
    }

    private static void relations(FunctionRegistry.Builder registry) {
        registry.objectTest("network_sub", (a, b) -> inet(a).bits() > inet(b).bits()
                && share(inet(a), inet(b), inet(b).bits()))
                .objectTest("network_subeq", (a, b) -> inet(a).bits() >= inet(b).bits()
                        && share(inet(a), inet(b), inet(b).bits()))
                .objectTest("network_sup", (a, b) -> inet(b).bits() > inet(a).bits()
                        && share(inet(a), inet(b), inet(a).bits()))
                .objectTest("network_supeq", (a, b) -> inet(b).bits() >= inet(a).bits()
                        && share(inet(a), inet(b), inet(a).bits()))
                .objectTest("network_overlap", (a, b) -> share(inet(a), inet(b),
                        Math.min(inet(a).bits(), inet(b).bits())));
    }

    private static void arithmetic(FunctionRegistry.Builder registry) {
        registry.fn1("inetnot", (c, a) -> new InetValue(combine(inet(a).unsafeAddress(), inet(a).unsafeAddress(),
                (x, y) -> ~x), inet(a).bits()));
        registry.fn2("inetand", (c, a, b) -> both(inet(a), inet(b), "AND", (x, y) -> x & y));
        registry.fn2("inetor", (c, a, b) -> both(inet(a), inet(b), "OR", (x, y) -> x | y));
        registry.fn2("inetpl", (c, a, n) -> plus(inet(a), BigInteger.valueOf(num(n))));
        registry.fn2("sql:2631", (c, n, a) -> plus(inet(a), BigInteger.valueOf(num(n))));
        registry.fn2("inetmi_int8", (c, a, n) -> plus(inet(a), BigInteger.valueOf(num(n)).negate()));
        registry.fn2("inetmi", (c, a, b) -> {
            if (inet(a).isIpv6() != inet(b).isIpv6()) {
                throw sizes("subtract");
            }
            BigInteger difference = new BigInteger(1, inet(a).unsafeAddress())
                    .subtract(new BigInteger(1, inet(b).unsafeAddress()));
            if (difference.bitLength() > 63) {
                throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "result is out of range");
            }
            return difference.longValue();
        });
    }

    private static InetValue both(InetValue a, InetValue b, String name, IntBinaryOperator operator) {
        if (a.isIpv6() != b.isIpv6()) {
            throw sizes(name);
        }
        return new InetValue(combine(a.unsafeAddress(), b.unsafeAddress(), operator), Math.max(a.bits(), b.bits()));
    }

    private static InetValue plus(InetValue a, BigInteger number) {
        BigInteger sum = new BigInteger(1, a.unsafeAddress()).add(number);
        if (sum.signum() < 0 || sum.bitLength() > a.maxBits()) {
            throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "result is out of range");
        }
        byte[] bytes = sum.toByteArray();
        byte[] address = new byte[a.unsafeAddress().length];
        for (int i = 1; i <= Math.min(bytes.length, address.length); i++) {
            address[address.length - i] = bytes[bytes.length - i];
        }
        return new InetValue(address, a.bits());
    }
}
