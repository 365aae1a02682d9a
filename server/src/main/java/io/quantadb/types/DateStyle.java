package io.quantadb.types;

/** First word of the setting {@code DateStyle}: how dates are printed. */
public enum DateStyle {
    ISO("ISO"), SQL("SQL"), POSTGRES("Postgres"), GERMAN("German");

    private final String display;

    DateStyle(String display) {
        this.display = display;
    }

    /** As SHOW prints it. */
    public String display() {
        return display;
    }
}
