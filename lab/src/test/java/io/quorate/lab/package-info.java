/** The lab's own tests, and the end-to-end tests. */
@NullMarked
package io.quorate.lab;

import org.jspecify.annotations.NullMarked;
