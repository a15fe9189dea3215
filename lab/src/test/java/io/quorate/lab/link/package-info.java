/** Agent and coordinator on one wire: real TLS on loopback, a real store, a host that is a fake. */
@NullMarked
package io.quorate.lab.link;

import org.jspecify.annotations.NullMarked;
