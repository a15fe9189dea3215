/** Certificates; BouncyCastle stays here. */
@NullMarked
package io.quorate.common.pki;

import org.jspecify.annotations.NullMarked;
