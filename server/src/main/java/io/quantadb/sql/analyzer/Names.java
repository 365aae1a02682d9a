package io.quantadb.sql.analyzer;

import io.quantadb.sql.ast.QualifiedName;

/** Spelling of names in messages. */
final class Names {
    private Names() {
    }

    /** Dotted, not quoted. */
    static String qualified(QualifiedName name) {
        StringBuilder text = new StringBuilder();
        if (name.catalog() != null) {
            text.append(name.catalog()).append('.');
        }
        if (name.schema() != null) {
            text.append(name.schema()).append('.');
        }
        return text.append(name.name()).toString();
    }
}
