package io.quantadb.maintenance;

import java.util.function.Function;

/**
 * When a table is due, and how fast autovacuum works.
 *
 * @param napMillis pause between rounds
 * @param costDelayMicros sleep after each {@code costLimit} points of work, 0 never to sleep
 */
public record AutovacuumOptions(boolean enabled, long napMillis, long costDelayMicros, long costLimit, long vacuumThreshold,
        double vacuumScale, long insertThreshold, double insertScale, long analyzeThreshold, double analyzeScale) {

    /** @param setting server value of a setting by name */
    public static AutovacuumOptions of(Function<String, String> setting) {
        double delayMillis = Double.parseDouble(setting.apply("autovacuum_vacuum_cost_delay"));
        if (delayMillis < 0) {
            delayMillis = Double.parseDouble(setting.apply("vacuum_cost_delay"));
        }
        long limit = Long.parseLong(setting.apply("autovacuum_vacuum_cost_limit"));
        if (limit < 0) {
            limit = Long.parseLong(setting.apply("vacuum_cost_limit"));
        }
        return new AutovacuumOptions("on".equals(setting.apply("autovacuum")),
                Long.parseLong(setting.apply("autovacuum_naptime")) * 1_000, (long) (delayMillis * 1_000), limit,
                Long.parseLong(setting.apply("autovacuum_vacuum_threshold")),
                Double.parseDouble(setting.apply("autovacuum_vacuum_scale_factor")),
                Long.parseLong(setting.apply("autovacuum_vacuum_insert_threshold")),
                Double.parseDouble(setting.apply("autovacuum_vacuum_insert_scale_factor")),
                Long.parseLong(setting.apply("autovacuum_analyze_threshold")),
                Double.parseDouble(setting.apply("autovacuum_analyze_scale_factor")));
    }

    /** As a table's storage parameters change it. @param option value of a parameter by name, null if it is not set */
    public AutovacuumOptions with(Function<String, String> option) {
        String on = option.apply("autovacuum_enabled");
        return new AutovacuumOptions(on == null ? enabled : on.equals("true") || on.equals("on") || on.equals("1"), napMillis,
                costDelayMicros, costLimit,
                number(option, "autovacuum_vacuum_threshold", vacuumThreshold),
                fraction(option, "autovacuum_vacuum_scale_factor", vacuumScale),
                number(option, "autovacuum_vacuum_insert_threshold", insertThreshold),
                fraction(option, "autovacuum_vacuum_insert_scale_factor", insertScale),
                number(option, "autovacuum_analyze_threshold", analyzeThreshold),
                fraction(option, "autovacuum_analyze_scale_factor", analyzeScale));
    }

    private static long number(Function<String, String> option, String name, long otherwise) {
        String value = option.apply(name);
        return value == null ? otherwise : Long.parseLong(value);
    }

    private static double fraction(Function<String, String> option, String name, double otherwise) {
        String value = option.apply(name);
        return value == null ? otherwise : Double.parseDouble(value);
    }

    /** @param rows {@code pg_class.reltuples}; negative if never counted */
    public boolean needsVacuum(TableActivity activity, double rows) {
        double known = Math.max(rows, 0);
        return activity.dead.sum() > vacuumThreshold + vacuumScale * known
                || insertThreshold >= 0 && activity.insertedSinceVacuum.sum() > insertThreshold + insertScale * known;
    }

    public boolean needsAnalyze(TableActivity activity, double rows) {
        return activity.changedSinceAnalyze.sum() > analyzeThreshold + analyzeScale * Math.max(rows, 0);
    }
}
