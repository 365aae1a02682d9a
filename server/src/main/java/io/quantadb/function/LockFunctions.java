package io.quantadb.function;

import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;

/** The advisory lock functions. */
public final class LockFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        for (boolean shared : new boolean[] {false, true}) {
            String suffix = shared ? "_shared" : "";
            for (boolean session : new boolean[] {true, false}) {
                String scope = session ? "" : "xact_";
                lock(registry, "pg_advisory_" + scope + "lock" + suffix, shared, session, true);
                lock(registry, "pg_try_advisory_" + scope + "lock" + suffix, shared, session, false);
            }
            String unlock = "pg_advisory_unlock" + suffix;
            registry.fn1(unlock + "_int8", (c, key) -> locks(c).unlock(num(key), false, shared));
            registry.fn2(unlock + "_int4", (c, a, b) -> locks(c).unlock(pair(a, b), true, shared));
        }
        registry.fn0("pg_advisory_unlock_all", c -> {
            locks(c).unlockAll();
            return "";
        });
    }

    private static AdvisoryLocks locks(FunctionContext context) {
        return context.service(AdvisoryLocks.class);
    }

    private static long pair(Object high, Object low) {
        return num(high) << 32 | int4(low) & 0xFFFF_FFFFL;
    }

    private static void lock(FunctionRegistry.Builder registry, String name, boolean shared, boolean session,
            boolean wait) {
        registry.fn1(name + "_int8", (c, key) -> answer(locks(c).lock(num(key), false, shared, session, wait), wait));
        registry.fn2(name + "_int4", (c, a, b) -> answer(locks(c).lock(pair(a, b), true, shared, session, wait), wait));
    }

    /** Those that wait return void. */
    private static Object answer(boolean taken, boolean wait) {
        return wait ? "" : (Object) taken;
    }
}
