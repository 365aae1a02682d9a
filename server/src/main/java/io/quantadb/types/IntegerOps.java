package io.quantadb.types;

/** smallint, integer and bigint. */
final class IntegerOps extends LongOps {
    static final IntegerOps INT2 = new IntegerOps("smallint", 2, Short.MIN_VALUE, Short.MAX_VALUE);
    static final IntegerOps INT4 = new IntegerOps("integer", 4, Integer.MIN_VALUE, Integer.MAX_VALUE);
    static final IntegerOps INT8 = new IntegerOps("bigint", 8, Long.MIN_VALUE, Long.MAX_VALUE);

    private final long min;
    private final long max;

    private IntegerOps(String name, int width, long min, long max) {
        super(name, width, false);
        this.min = min;
        this.max = max;
    }

    @Override
    String toText(long value, TextContext ctx) {
        return Long.toString(value);
    }

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        IntegerText.write(value, out);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return IntegerText.parse(text, min, max, displayName());
    }
}
