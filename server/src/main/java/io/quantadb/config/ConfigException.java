package io.quantadb.config;

/** A configuration that cannot be used: the message names file, key path, value and what is allowed. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
