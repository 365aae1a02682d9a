package io.quantadb.types;

/**
 * {@code aclitem}: kept as its text. It has an equality, which comparing whole lists of privileges needs, but no order
 * that a user could sort by. Stateless.
 */
final class AclItemOps extends TextOps {
    static final AclItemOps INSTANCE = new AclItemOps();

    private AclItemOps() {
        super("aclitem", false);
    }

    @Override
    public int compare(Object a, Object b) {
        return TextOrder.compare((String) a, (String) b);
    }

    @Override
    public boolean equal(Object a, Object b) {
        return a.equals(b);
    }

    @Override
    public boolean hashable() {
        return true;
    }
}
