package io.quorate.coordinator.api.v1;

/**
 * How a member would get to another host: {@code copy} keeps its id and data, {@code learner} gives
 * it a new id. {@code why} says what makes a learner the better way; it is empty for a copy.
 */
public record MoveWay(String how, String why) {}
