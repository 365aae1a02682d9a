package io.quantadb.sql.analyzer;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;

/** Whether two syntax trees say the same, wherever they stand. */
final class SyntaxEquality {
    private SyntaxEquality() {
    }

    static boolean same(Object a, Object b) {
        if (a == b) {
            return true;
        }
        if (a == null || b == null || a.getClass() != b.getClass()) {
            return false;
        }
        if (a instanceof List<?> x) {
            List<?> y = (List<?>) b;
            for (int i = 0; i < x.size(); i++) {
                if (y.size() != x.size() || !same(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return x.size() == y.size();
        }
        return a.getClass().isRecord() ? sameComponents(a, b) : Objects.equals(a, b);
    }

    private static boolean sameComponents(Object a, Object b) {
        for (RecordComponent component : a.getClass().getRecordComponents()) {
            if (component.getName().equals("position")) {
                continue;
            }
            try {
                if (!same(component.getAccessor().invoke(a), component.getAccessor().invoke(b))) {
                    return false;
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return true;
    }
}
