/** The configuration file: typed settings with unit, default and range, refused with file and key path when wrong. */
package io.quantadb.config;
