/** TLS options for both ends of the wire. */
@NullMarked
package io.quorate.common.tls;

import org.jspecify.annotations.NullMarked;
