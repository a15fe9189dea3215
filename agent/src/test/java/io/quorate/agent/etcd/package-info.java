@NullMarked
package io.quorate.agent.etcd;

import org.jspecify.annotations.NullMarked;
