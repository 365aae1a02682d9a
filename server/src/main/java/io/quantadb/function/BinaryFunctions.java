package io.quantadb.function;

import static io.quantadb.function.Args.bytes;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/** Functions of bytea, digests, encode and decode, and conversions between encodings. */
public final class BinaryFunctions implements FunctionRegistry.Library {
    private static final HexFormat HEX = HexFormat.of();
    private static final int BASE64_LINE = 76;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.fn2("byteacat", (c, a, b) -> bytes(a).concat(bytes(b)));
        registry.fn1("byteaoctetlen", (c, a) -> (long) bytes(a).length());
        registry.fn1("sql:1810", (c, a) -> 8L * bytes(a).length());
        registry.fn1("sql:1811", (c, a) -> 8L * Args.utf8Length(text(a)));
        registry.fn2("byteapos", (c, a, b) -> (long) position(bytes(a).unsafeArray(), bytes(b).unsafeArray()));
        registry.fn3("bytea_substr", (c, a, s, n) -> substring(bytes(a), num(s), num(n)));
        registry.fn2("bytea_substr_no_len", (c, a, s) -> substring(bytes(a), num(s), Integer.MAX_VALUE));
        registry.fnN("byteaoverlay", (c, a) -> overlay(bytes(a[0]), bytes(a[1]), num(a[2]), num(a[3])));
        registry.fn3("byteaoverlay_no_len", (c, a, b, s) -> overlay(bytes(a), bytes(b), num(s), bytes(b).length()));
        registry.fn2("byteatrim", (c, a, set) -> trim(bytes(a), bytes(set), true, true));
        registry.fn2("bytealtrim", (c, a, set) -> trim(bytes(a), bytes(set), true, false));
        registry.fn2("byteartrim", (c, a, set) -> trim(bytes(a), bytes(set), false, true));
        registerBits(registry);
        registerDigests(registry);
        registerEncodings(registry);
    }

    private static int position(byte[] text, byte[] part) {
        for (int i = 0; i + part.length <= text.length; i++) {
            if (Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static ByteString substring(ByteString bytes, long start, long length) {
        if (length < 0) {
            throw TextFunctions.negativeLength();
        }
        int from = (int) Math.min(bytes.length(), Math.max(start, 1) - 1);
        int to = (int) Math.max(from, Math.min(bytes.length(), length == Integer.MAX_VALUE ? Long.MAX_VALUE
                : start - 1 + length));
        return bytes.substring(from, to);
    }

    private static ByteString overlay(ByteString bytes, ByteString replacement, long start, long length) {
        if (start <= 0) {
            throw TextFunctions.negativeLength();
        }
        if (start + length > Integer.MAX_VALUE) {
            throw CoreArithmetic.outOfRange("integer");
        }
        return substring(bytes, 1, start - 1).concat(replacement)
                .concat(substring(bytes, start + length, Integer.MAX_VALUE));
    }

    private static ByteString trim(ByteString bytes, ByteString set, boolean left, boolean right) {
        int from = 0;
        int to = bytes.length();
        while (left && from < to && contains(set, bytes.at(from))) {
            from++;
        }
        while (right && to > from && contains(set, bytes.at(to - 1))) {
            to--;
        }
        return bytes.substring(from, to);
    }

    private static boolean contains(ByteString set, byte wanted) {
        for (byte b : set.unsafeArray()) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }

    // ---- single bits and bytes

    private static void registerBits(FunctionRegistry.Builder registry) {
        registry.fn2("byteaGetByte", (c, a, n) -> (long) (bytes(a).at(checked(num(n), bytes(a).length())) & 0xFF));
        registry.fn2("byteaGetBit", (c, a, n) -> {
            int index = (int) (checkedBit(num(n), bytes(a)) / 8);
            return (long) (bytes(a).at(index) >> num(n) % 8 & 1);
        });
        registry.fn3("byteaSetByte", (c, a, n, v) -> {
            byte[] copy = bytes(a).toByteArray();
            copy[checked(num(n), copy.length)] = (byte) num(v);
            return ByteString.wrap(copy);
        });
        registry.fn3("byteaSetBit", (c, a, n, v) -> {
            int index = (int) (checkedBit(num(n), bytes(a)) / 8);
            if (num(v) != 0 && num(v) != 1) {
                throw Args.invalidParameter("new bit must be 0 or 1");
            }
            byte[] copy = bytes(a).toByteArray();
            int mask = 1 << num(n) % 8;
            copy[index] = (byte) (num(v) == 1 ? copy[index] | mask : copy[index] & ~mask);
            return ByteString.wrap(copy);
        });
        registry.fn1("bytea_bit_count", (c, a) -> {
            long count = 0;
            for (byte b : bytes(a).unsafeArray()) {
                count += Integer.bitCount(b & 0xFF);
            }
            return count;
        });
    }

    private static int checked(long index, int length) {
        if (index < 0 || index >= length) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR,
                    "index " + index + " out of valid range, 0.." + (length - 1));
        }
        return (int) index;
    }

    private static long checkedBit(long index, ByteString bytes) {
        if (index < 0 || index >= 8L * bytes.length()) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR,
                    "index " + index + " out of valid range, 0.." + (8L * bytes.length() - 1));
        }
        return index;
    }

    // ---- digests

    private static void registerDigests(FunctionRegistry.Builder registry) {
        registry.fn1("md5_text", (c, a) -> HEX.formatHex(digest("MD5", Args.utf8(a))));
        registry.fn1("md5_bytea", (c, a) -> HEX.formatHex(digest("MD5", bytes(a).unsafeArray())));
        Map.of("sha224", "SHA-224", "sha256", "SHA-256", "sha384", "SHA-384", "sha512", "SHA-512").forEach(
                (name, algorithm) -> registry.fn1(name + "_bytea",
                        (c, a) -> ByteString.wrap(digest(algorithm, bytes(a).unsafeArray()))));
    }

    private static byte[] digest(String algorithm, byte[] input) {
        try {
            return MessageDigest.getInstance(algorithm).digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has them
        }
    }

    // ---- encode, decode, convert

    private static void registerEncodings(FunctionRegistry.Builder registry) {
        registry.fn2("binary_encode", (c, a, format) -> switch (text(format).toLowerCase(Locale.ROOT)) {
            case "hex" -> HEX.formatHex(bytes(a).unsafeArray());
            case "base64" -> encodeBase64(bytes(a).unsafeArray());
            case "escape" -> encodeEscape(bytes(a).unsafeArray());
            default -> throw Args.invalidParameter("unrecognized encoding: \"" + text(format) + "\"");
        });
        registry.fn2("binary_decode", (c, a, format) -> switch (text(format).toLowerCase(Locale.ROOT)) {
            case "hex" -> ByteString.wrap(decodeHex(text(a)));
            case "base64" -> ByteString.wrap(decodeBase64(text(a)));
            case "escape" -> ByteString.wrap(decodeEscape(Args.utf8(a)));
            default -> throw Args.invalidParameter("unrecognized encoding: \"" + text(format) + "\"");
        });
        registry.fn2("pg_convert_from", (c, a, name) -> decode(bytes(a).unsafeArray(), charset(text(name), "source"),
                text(name)));
        registry.fn2("pg_convert_to", (c, a, name) -> ByteString.wrap(encode(text(a), charset(text(name),
                "destination"), text(name))));
        registry.fn3("pg_convert", (c, a, from, to) -> {
            Charset source = charset(text(from), "source");
            Charset target = charset(text(to), "destination");
            return ByteString.wrap(encode(decode(bytes(a).unsafeArray(), source, text(from)), target, text(to)));
        });
        registry.fn2("length_in_encoding", (c, a, name) -> (long) Args.length(decode(bytes(a).unsafeArray(),
                charset(text(name), null), text(name))));
    }

    private static String encodeBase64(byte[] bytes) {
        String plain = java.util.Base64.getEncoder().encodeToString(bytes);
        StringBuilder out = new StringBuilder(plain.length() + plain.length() / BASE64_LINE);
        for (int i = 0; i < plain.length(); i += BASE64_LINE) {
            out.append(i == 0 ? "" : "\n").append(plain, i, Math.min(plain.length(), i + BASE64_LINE));
        }
        // A full line is always ended, also when nothing follows.
        return plain.length() % BASE64_LINE == 0 && !plain.isEmpty() ? out.append('\n').toString() : out.toString();
    }

    private static String encodeEscape(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            if (b == '\\') {
                out.append("\\\\");
            } else if (b == 0 || b < 0) {
                out.append(String.format("\\%03o", b & 0xFF));
            } else {
                out.append((char) b);
            }
        }
        return out.toString();
    }

    private static byte[] decodeHex(String text) {
        byte[] out = new byte[text.length()];
        int n = 0;
        int high = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
                if (high < 0) {
                    continue;
                }
            }
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw Args.invalidParameter("invalid hexadecimal digit: \""
                        + Character.toString(text.codePointAt(i)) + "\"");
            }
            if (high < 0) {
                high = digit;
            } else {
                out[n++] = (byte) (high << 4 | digit);
                high = -1;
            }
        }
        if (high >= 0) {
            throw Args.invalidParameter("invalid hexadecimal data: odd number of digits");
        }
        return Arrays.copyOf(out, n);
    }

    private static byte[] decodeBase64(String text) {
        byte[] out = new byte[text.length()];
        int n = 0;
        int bits = 0;
        int pending = 0;
        int padding = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                continue;
            }
            int value;
            if (c == '=') {
                if (padding == 0 && pending < 2) {
                    throw Args.invalidParameter("unexpected \"=\" while decoding base64 sequence");
                }
                padding++;
                value = 0;
            } else {
                value = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(c);
                if (value < 0) {
                    throw Args.invalidParameter("invalid symbol \"" + Character.toString(text.codePointAt(i))
                            + "\" found while decoding base64 sequence");
                }
            }
            bits = bits << 6 | value;
            if (++pending == 4) {
                out[n++] = (byte) (bits >> 16);
                if (padding < 2) {
                    out[n++] = (byte) (bits >> 8);
                }
                if (padding < 1) {
                    out[n++] = (byte) bits;
                }
                pending = 0;
                bits = 0;
            }
        }
        if (pending != 0) {
            throw Args.invalidParameter("invalid base64 end sequence")
                    .withHint("Input data is missing padding, is truncated, or is otherwise corrupted.");
        }
        return Arrays.copyOf(out, n);
    }

    private static byte[] decodeEscape(byte[] text) {
        byte[] out = new byte[text.length];
        int n = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '\\') {
                out[n++] = text[i];
            } else if (i + 3 < text.length && octal(text[i + 1], 3) && octal(text[i + 2], 7) && octal(text[i + 3], 7)) {
                out[n++] = (byte) (text[i + 1] - '0' << 6 | text[i + 2] - '0' << 3 | text[i + 3] - '0');
                i += 3;
            } else if (i + 1 < text.length && text[i + 1] == '\\') {
                out[n++] = '\\';
                i++;
            } else {
                throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
                        "invalid input syntax for type bytea");
            }
        }
        return Arrays.copyOf(out, n);
    }

    private static boolean octal(byte b, int max) {
        return b >= '0' && b <= '0' + max;
    }

    /** @param side "source" or "destination" for the message; null for just "encoding" */
    private static Charset charset(String name, String side) {
        Charset charset = Encodings.charset(name);
        if (charset == null) {
            throw Args.invalidParameter("invalid " + (side == null ? "" : side + " ") + "encoding name \"" + name
                    + "\"");
        }
        return charset;
    }

    private static String decode(byte[] bytes, Charset charset, String name) {
        try {
            String text = charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes)).toString();
            int zero = text.indexOf(0);
            if (zero >= 0) {
                throw invalidBytes(charset, name, new byte[] {0});
            }
            return text;
        } catch (CharacterCodingException e) {
            throw invalidBytes(charset, name, firstMalformed(bytes));
        }
    }

    private static SqlException invalidBytes(Charset charset, String name, byte[] bad) {
        StringBuilder list = new StringBuilder();
        for (byte b : bad) {
            list.append(list.isEmpty() ? "" : " ").append(String.format("0x%02x", b));
        }
        return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \""
                + (charset.equals(StandardCharsets.UTF_8) ? "UTF8" : Encodings.canonical(name)) + "\": " + list);
    }

    /** The bytes PostgreSQL reports: as many as the first byte of the bad UTF-8 character announces. */
    private static byte[] firstMalformed(byte[] bytes) {
        int i = 0;
        while (i < bytes.length) {
            int b = bytes[i] & 0xFF;
            int length = b < 0x80 ? 1 : b >= 0xC0 && b < 0xE0 ? 2 : b >= 0xE0 && b < 0xF0 ? 3 : b >= 0xF0 && b < 0xF8
                    ? 4 : 1;
            int end = Math.min(bytes.length, i + length);
            byte[] part = Arrays.copyOfRange(bytes, i, end);
            String decoded = new String(part, StandardCharsets.UTF_8);
            if (decoded.indexOf('\uFFFD') >= 0) {
                return part;
            }
            i = end;
        }
        return new byte[0];
    }

    private static byte[] encode(String text, Charset charset, String name) {
        try {
            ByteBuffer buffer = charset.newEncoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).encode(java.nio.CharBuffer.wrap(text));
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            StringBuilder list = new StringBuilder();
            int bad = text.codePoints().filter(c -> !charset.newEncoder().canEncode(Character.toString(c)))
                    .findFirst().orElse('?');
            for (byte b : Character.toString(bad).getBytes(StandardCharsets.UTF_8)) {
                list.append(list.isEmpty() ? "" : " ").append(String.format("0x%02x", b));
            }
            throw new SqlException(SqlState.UNTRANSLATABLE_CHARACTER, "character with byte sequence " + list
                    + " in encoding \"UTF8\" has no equivalent in encoding \"" + Encodings.canonical(name) + "\"");
        }
    }
}
