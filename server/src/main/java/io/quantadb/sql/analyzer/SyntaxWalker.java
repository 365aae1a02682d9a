package io.quantadb.sql.analyzer;

import io.quantadb.base.RecordAccessors;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Consumer;

/** Visits every record of a syntax tree, parents first. For checks too rare to deserve a visitor of their own. */
final class SyntaxWalker {
    private SyntaxWalker() {
    }

    static void walk(Object node, Consumer<Object> action) {
        if (node instanceof List<?> list) {
            list.forEach(element -> walk(element, action));
            return;
        }
        if (node == null || !node.getClass().isRecord()) {
            return;
        }
        action.accept(node);
        for (Method accessor : RecordAccessors.of(node.getClass())) {
            try {
                walk(accessor.invoke(node), action);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(accessor + " cannot be called", e);
            }
        }
    }

    /** How often tables of this bare name are referenced. */
    static int references(Object node, String table) {
        int[] count = {0};
        walk(node, n -> {
            if (n instanceof io.quantadb.sql.ast.FromItem.TableRef t && t.name().schema() == null
                    && t.name().name().equals(table)) {
                count[0]++;
            }
        });
        return count[0];
    }
}
