/**
 * The simulator: the real planner, workers and agents in one thread and virtual time, on modelled
 * etcd, with everything going wrong that may.
 */
@NullMarked
package io.quorate.lab.sim;

import org.jspecify.annotations.NullMarked;
