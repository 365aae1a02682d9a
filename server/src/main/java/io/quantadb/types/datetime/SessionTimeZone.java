package io.quantadb.types.datetime;

import io.quantadb.types.TimeUnits;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time zone as PostgreSQL understands it: an IANA zone, a fixed offset, or a POSIX specification without daylight
 * saving.
 *
 * <p>Offsets are seconds <em>east</em> of UTC throughout; POSIX specifications have the opposite sign ({@code FOO3} is
 * three hours west). Local times that a transition skips or repeats are resolved as PostgreSQL does: a skipped one by
 * the offset before, a repeated one by the offset after. Immutable and thread-safe.
 */
public final class SessionTimeZone {
    public static final SessionTimeZone UTC = new SessionTimeZone("UTC", null, 0, "UTC");

    private static final Pattern POSIX =
            Pattern.compile("(<[^>]+>|[A-Za-z]{3,})([+-]?)(\\d{1,3})(?::(\\d{1,2})(?::(\\d{1,2}))?)?");
    private static final Map<String, SessionTimeZone> CACHE = new ConcurrentHashMap<>();

    private final String name;
    private final ZoneRules rules;
    private final int fixedOffset;
    private final String fixedAbbreviation;
    /** The last span of constant offset asked for; a racy cache of immutable values. */
    private Span lastSpan;

    /** Offset in force from {@code from} (inclusive) to {@code to} (exclusive), seconds since 1970. */
    private record Span(long from, long to, int offset) {
    }

    private SessionTimeZone(String name, ZoneRules rules, int fixedOffset, String fixedAbbreviation) {
        this.name = name;
        this.rules = rules;
        this.fixedOffset = fixedOffset;
        this.fixedAbbreviation = fixedAbbreviation;
    }

    /** Zone of a constant offset, named as SET TIME ZONE does: {@code <+05:30>-05:30}. */
    public static SessionTimeZone ofOffset(int secondsEast) {
        String east = offsetText(secondsEast);
        return new SessionTimeZone("<" + east + ">" + offsetText(-secondsEast), null, secondsEast, east);
    }

    private static String offsetText(int seconds) {
        int magnitude = Math.abs(seconds);
        String text = String.format("%s%02d", seconds < 0 ? "-" : "+", magnitude / 3600);
        if (magnitude % 3600 != 0) {
            text += String.format(":%02d", magnitude / 60 % 60);
        }
        return magnitude % 60 == 0 ? text : text + String.format(":%02d", magnitude % 60);
    }

    /** By IANA name in any case, or POSIX specification; null if there is no such zone. */
    public static SessionTimeZone find(String specification) {
        String key = specification.toLowerCase(Locale.ROOT);
        SessionTimeZone zone = CACHE.get(key);
        if (zone == null) {
            zone = lookUp(specification, key);
            if (zone != null && CACHE.size() < 2000) {
                CACHE.put(key, zone);
            }
        }
        return zone;
    }

    private static SessionTimeZone lookUp(String specification, String key) {
        if (key.equals("gmt") || key.equals("utc")) {
            return key.equals("utc") ? UTC : new SessionTimeZone("GMT", null, 0, "GMT");
        }
        String id = ZoneIds.BY_LOWER_CASE.get(key);
        if (id != null) {
            return new SessionTimeZone(id, ZoneId.of(id).getRules(), 0, null);
        }
        Matcher posix = POSIX.matcher(specification);
        if (!posix.matches()) {
            return null;
        }

        int seconds = Integer.parseInt(posix.group(3)) * 3600
                + (posix.group(4) == null ? 0 : Integer.parseInt(posix.group(4)) * 60)
                + (posix.group(5) == null ? 0 : Integer.parseInt(posix.group(5)));
        if (seconds > 167 * 3600) {
            return null;
        }
        boolean bracketed = specification.startsWith("<");
        String abbreviation = bracketed ? posix.group(1).substring(1, posix.group(1).length() - 1)
                : posix.group(1).toUpperCase(Locale.ROOT);
        String name = bracketed ? specification : specification.toUpperCase(Locale.ROOT);
        return new SessionTimeZone(name, null, posix.group(2).equals("-") ? seconds : -seconds, abbreviation);
    }

    /** Loaded when the first zone is looked up by name. */
    private static final class ZoneIds {
        static final Map<String, String> BY_LOWER_CASE = new TreeMap<>();

        static {
            ZoneId.getAvailableZoneIds().forEach(id -> BY_LOWER_CASE.put(id.toLowerCase(Locale.ROOT), id));
            for (String id : new String[] {"EST", "MST", "HST"}) {
                BY_LOWER_CASE.putIfAbsent(id.toLowerCase(Locale.ROOT), ZoneId.SHORT_IDS.get(id));
            }
        }
    }

    /** As SHOW timezone prints it. */
    public String name() {
        return name;
    }

    /** Offset in force at an instant, microseconds since 2000-01-01 UTC. */
    public int offsetAt(long timestamp) {
        return rules == null ? fixedOffset : offsetAtUnix(TimeUnits.unixSeconds(timestamp));
    }

    private int offsetAtUnix(long unixSeconds) {
        Span span = lastSpan;
        if (span == null || unixSeconds < span.from || unixSeconds >= span.to) {
            span = spanAt(unixSeconds);
            lastSpan = span;
        }
        return span.offset;
    }

    private Span spanAt(long unixSeconds) {
        Instant instant = Instant.ofEpochSecond(unixSeconds);
        ZoneOffsetTransition next = rules.nextTransition(instant);
        ZoneOffsetTransition previous = rules.previousTransition(instant.plusNanos(1));
        return new Span(previous == null ? Long.MIN_VALUE : previous.toEpochSecond(),
                next == null ? Long.MAX_VALUE : next.toEpochSecond(), rules.getOffset(instant).getTotalSeconds());
    }

    /** Offset to use for a local time, microseconds since 2000-01-01 local. */
    public int offsetForLocal(long localTimestamp) {
        if (rules == null) {
            return fixedOffset;
        }
        long localSeconds = TimeUnits.unixSeconds(localTimestamp);
        Span span = lastSpan;
        if (span != null && span.from != Long.MIN_VALUE && span.to != Long.MAX_VALUE
                && localSeconds - 100_000 > span.from && localSeconds + 100_000 < span.to) {
            return span.offset; // more than a day away from both transitions
        }
        LocalDateTime local = LocalDateTime.ofEpochSecond(localSeconds, 0, ZoneOffset.UTC);
        ZoneOffsetTransition transition = rules.getTransition(local);
        if (transition == null) {
            int offset = rules.getOffset(local).getTotalSeconds();
            offsetAtUnix(localSeconds - offset);
            return offset;
        }
        return (transition.isGap() ? transition.getOffsetBefore() : transition.getOffsetAfter()).getTotalSeconds();
    }

    /** Abbreviation in force at an instant, such as EST; the offset where the zone has no letters for it. */
    public String abbreviationAt(long timestamp) {
        if (rules == null) {
            return fixedAbbreviation;
        }
        int offset = offsetAt(timestamp);
        ZoneOffsetTransition first = rules.getTransitions().isEmpty() ? null : rules.getTransitions().getFirst();
        if (first != null && TimeUnits.unixSeconds(timestamp) < first.toEpochSecond()) {
            return "LMT";
        }
        String abbreviation = ZoneAbbreviations.forOutput(name, offset);
        return abbreviation != null ? abbreviation : offsetText(offset).replace(":", "");
    }

    /** Whether daylight saving is in force at an instant. */
    public boolean isDaylight(long timestamp) {
        return rules != null && rules.isDaylightSavings(Instant.ofEpochSecond(TimeUnits.unixSeconds(timestamp)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionTimeZone zone && name.equals(zone.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
