package io.quantadb.types;

/** character(n): padded with blanks, compared without trailing ones. */
final class BpcharOps extends TextOps {
    static final BpcharOps INSTANCE = new BpcharOps();

    private BpcharOps() {
        super("character", true);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return applyTypmod(text, typmod, false);
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        String text = (String) value;
        if (typmod < 4) {
            return text;
        }
        int wanted = typmod - 4;
        int cut = indexBeyond(text, wanted);
        if (cut < 0) {
            int missing = wanted - length(text);
            return missing == 0 ? text : text + " ".repeat(missing);
        }
        if (!explicitCast && !trimTrailingBlanks(text.substring(cut)).isEmpty()) {
            throw VarcharOps.tooLong("character", typmod);
        }
        return text.substring(0, cut);
    }

    @Override
    public int compare(Object a, Object b) {
        return TextOrder.compare(trimTrailingBlanks((String) a), trimTrailingBlanks((String) b));
    }

    @Override
    public boolean equal(Object a, Object b) {
        return trimTrailingBlanks((String) a).equals(trimTrailingBlanks((String) b));
    }

    @Override
    public Object hashKey(Object value) {
        return trimTrailingBlanks((String) value);
    }

    @Override
    public String formatTypmod(int typmod) {
        return typmod < 4 ? "" : "(" + (typmod - 4) + ")";
    }

    @Override
    public int parseTypmod(String[] arguments) {
        return parseLength(arguments, "char");
    }
}
