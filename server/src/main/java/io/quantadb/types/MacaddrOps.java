package io.quantadb.types;

/** macaddr and macaddr8: six or eight bytes, as a {@link ByteString}. */
final class MacaddrOps extends ObjectOps {
    static final MacaddrOps MACADDR = new MacaddrOps("macaddr", 6);
    static final MacaddrOps MACADDR8 = new MacaddrOps("macaddr8", 8);

    private final int width;

    private MacaddrOps(String name, int width) {
        super(name);
        this.width = width;
    }

    @Override
    public int storageWidth() {
        return width;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        StringBuilder out = new StringBuilder(3 * width);
        for (byte b : ((ByteString) value).unsafeArray()) {
            out.append(out.isEmpty() ? "" : ":").append(Character.forDigit(b >> 4 & 15, 16))
                    .append(Character.forDigit(b & 15, 16));
        }
        return out.toString();
    }

    /** Pairs of digits with one kind of separator (colon or hyphen), or groups with hyphen, colon or dot. */
    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        String trimmed = IntegerText.trim(text);
        String digits = trimmed.replaceAll("[:.-]", "");
        String pair = width == 8 ? "[0-9a-fA-F]{2}" : "[0-9a-fA-F]{1,2}";
        boolean pairs = trimmed.matches(pair + "(:" + pair + ")+") || trimmed.matches(pair + "(-" + pair + ")+");
        if (pairs) {
            StringBuilder padded = new StringBuilder();
            for (String part : trimmed.split("[:-]")) {
                padded.append(part.length() == 1 ? "0" : "").append(part);
            }
            digits = padded.toString();
        } else if (!trimmed.matches("[0-9a-fA-F]+|[0-9a-fA-F]{6}[:-][0-9a-fA-F]{6}|"
                + "[0-9a-fA-F]{4}(\\.[0-9a-fA-F]{4})+|[0-9a-fA-F]{4}(-[0-9a-fA-F]{4})+")) {
            throw IntegerText.invalid(text, displayName());
        }
        if (width == 8 && digits.length() == 12) {
            digits = digits.substring(0, 6) + "fffe" + digits.substring(6);
        }
        if (digits.length() != width * 2) {
            throw IntegerText.invalid(text, displayName());
        }
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) Integer.parseInt(digits, 2 * i, 2 * i + 2, 16);
        }
        return ByteString.wrap(bytes);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        out.writeBytes(((ByteString) value).unsafeArray());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return ByteString.wrap(in.readBytes(width));
    }

    @Override
    public byte[] encode(Object value) {
        return ((ByteString) value).toByteArray();
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return ByteString.copyOf(buffer, offset, width);
    }

    @Override
    public int compare(Object a, Object b) {
        return ((ByteString) a).compareTo((ByteString) b);
    }
}
