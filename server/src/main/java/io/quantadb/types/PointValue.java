package io.quantadb.types;

/** A value of type point. */
public record PointValue(double x, double y) {
}
