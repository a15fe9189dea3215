package io.quorate.lab.sim;

import java.util.List;

/**
 * What an etcd is about to be started on.
 *
 * @param data what its data says of itself; empty when there is none
 * @param forced whether a new cluster is forced out of it
 * @param aside what lies aside on its host
 */
record SimStart(String data, boolean forced, List<String> aside) {
  SimStart {
    aside = List.copyOf(aside);
  }
}
