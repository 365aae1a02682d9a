package io.quantadb.types;

/** Shared part of the types whose values are objects. */
abstract class ObjectOps extends TypeOps {
    private final String displayName;

    ObjectOps(String displayName) {
        this.displayName = displayName;
    }

    @Override
    public final PhysicalKind kind() {
        return PhysicalKind.OBJECT;
    }

    @Override
    public final String displayName() {
        return displayName;
    }
}
