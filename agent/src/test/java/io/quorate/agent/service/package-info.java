@NullMarked
package io.quorate.agent.service;

import org.jspecify.annotations.NullMarked;
