package io.quantadb.base;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/**
 * Accessors of record classes, for walkers over trees of records. Looking them up by reflection costs microseconds a
 * class and creates new objects each time, so they are kept per class. Safe for use by many threads.
 */
public final class RecordAccessors {
    private static final ClassValue<Method[]> REFERENCES = new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
            return find(type);
        }
    };

    private RecordAccessors() {
    }

    /** Accessors of the components that can refer to something: no primitives, enums and strings. Not to be changed. */
    public static Method[] of(Class<?> recordClass) {
        return REFERENCES.get(recordClass);
    }

    private static Method[] find(Class<?> recordClass) {
        List<Method> result = new ArrayList<>();
        for (RecordComponent component : recordClass.getRecordComponents()) {
            Class<?> type = component.getType();
            if (!type.isPrimitive() && !type.isEnum() && type != String.class) {
                result.add(component.getAccessor());
            }
        }
        return result.toArray(Method[]::new);
    }
}
