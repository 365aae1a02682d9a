package io.quantadb.sql.ast;

import java.util.List;

/** Statements that work on objects of any kind. */
public sealed interface ObjectStatement extends Statement {

    /** @param concurrently DROP INDEX only */
    record Drop(ObjectKind kind, List<ObjectReference> objects, boolean ifExists, boolean cascade,
                boolean concurrently, int position) implements ObjectStatement {
    }

    /** @param text null: remove the comment */
    record Comment(ObjectReference object, String text, int position) implements ObjectStatement {
    }

    /** @param provider null if not written; @param label null: remove */
    record SecurityLabel(String provider, ObjectReference object, String label, int position)
            implements ObjectStatement {
    }

    /**
     * RENAME TO, RENAME COLUMN, RENAME CONSTRAINT, RENAME ATTRIBUTE.
     *
     * @param object  what gets the new name; for a COLUMN, ATTRIBUTE or CONSTRAINT {@code owner} is its relation
     * @param relationKind for those: what ALTER named (TABLE, VIEW, ...); otherwise the object's kind
     * @param cascade of RENAME ATTRIBUTE
     */
    record Rename(ObjectReference object, ObjectKind relationKind, boolean only, String newName, boolean ifExists,
                  boolean cascade, int position) implements ObjectStatement {
    }

    record SetSchema(ObjectReference object, String newSchema, boolean ifExists, int position)
            implements ObjectStatement {
    }

    /** For tables, views, indexes and sequences see {@link AlterTableAction.OwnerTo}. */
    record SetOwner(ObjectReference object, Role owner, int position) implements ObjectStatement {
    }

    /** {@code ALTER ... [NO] DEPENDS ON EXTENSION}. */
    record DependsOnExtension(ObjectReference object, String extension, boolean no, int position)
            implements ObjectStatement {
    }

    /** {@code ALTER COLLATION ... REFRESH VERSION}. */
    record RefreshVersion(ObjectReference object, int position) implements ObjectStatement {
    }
}
