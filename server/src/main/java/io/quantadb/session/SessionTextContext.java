package io.quantadb.session;

import io.quantadb.types.DateOrder;
import io.quantadb.types.DateStyle;
import io.quantadb.types.IntervalStyle;
import io.quantadb.types.ObjectNames;
import io.quantadb.types.TextContext;
import io.quantadb.types.datetime.SessionTimeZone;
import java.util.Locale;

/** The settings text input and output depend on, parsed once when they change. Confined to the session's thread. */
public final class SessionTextContext implements TextContext {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private final Session session;
    private DateStyle dateStyle;
    private DateOrder dateOrder;
    private IntervalStyle intervalStyle;
    private SessionTimeZone timeZone;
    private int extraFloatDigits;
    private long clockReads;
    private boolean byteaHex;
    private ObjectNames names = ObjectNames.NONE;

    SessionTextContext(Session session) {
        this.session = session;
        for (String name : new String[] {"DateStyle", "IntervalStyle", "TimeZone", "extra_float_digits", "bytea_output"}) {
            settingChanged(name, session.services().settings().serverValue(name));
        }
    }

    void settingChanged(String name, String value) {
        switch (name) {
            case "DateStyle" -> {
                dateStyle = DateStyle.valueOf(SettingRules.dateStyleName(value).toUpperCase(Locale.ROOT));
                dateOrder = value.contains("DMY") ? DateOrder.DMY : value.contains("YMD") ? DateOrder.YMD : DateOrder.MDY;
            }
            case "IntervalStyle" -> intervalStyle = IntervalStyle.valueOf(value.toUpperCase(Locale.ROOT));
            case "TimeZone" -> timeZone = SessionTimeZone.find(value);
            case "extra_float_digits" -> extraFloatDigits = Integer.parseInt(value);
            case "bytea_output" -> byteaHex = value.equals("hex");
            default -> { }
        }
    }

    /** How often literals such as 'now' were read: a plan that has one is good for its transaction only. */
    long clockReads() {
        return clockReads;
    }

    /** How names of catalog objects are printed and found; set when the catalog is at hand. */
    public void names(ObjectNames newNames) {
        names = newNames;
    }

    @Override
    public DateStyle dateStyle() {
        return dateStyle;
    }

    @Override
    public DateOrder dateOrder() {
        return dateOrder;
    }

    @Override
    public IntervalStyle intervalStyle() {
        return intervalStyle;
    }

    @Override
    public SessionTimeZone timeZone() {
        return timeZone;
    }

    @Override
    public int extraFloatDigits() {
        return extraFloatDigits;
    }

    @Override
    public boolean byteaHex() {
        return byteaHex;
    }

    @Override
    public long transactionTimestamp() {
        clockReads++;
        return session.transaction() == null ? session.statementStartMicros() - POSTGRES_EPOCH_MICROS
            : session.transaction().startWallMicros() - POSTGRES_EPOCH_MICROS;
    }

    @Override
    public ObjectNames names() {
        return names;
    }
}
