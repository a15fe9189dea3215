/** How etcd runs: under systemd, or as a supervised process where there is none. */
@NullMarked
package io.quorate.agent.service;

import org.jspecify.annotations.NullMarked;
