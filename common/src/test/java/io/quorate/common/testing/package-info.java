/** What the tests of several modules share. */
@NullMarked
package io.quorate.common.testing;

import org.jspecify.annotations.NullMarked;
