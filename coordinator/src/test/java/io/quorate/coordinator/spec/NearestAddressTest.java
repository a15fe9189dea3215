package io.quorate.coordinator.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestAddressTest {
  private static final List<String> TOLD =
      List.of("10.1.0.14", "10.77.0.14", "192.168.7.4", "fd00::14", "fd00:1::14");

  @Test
  void theNetworkThatItWasInBeforeComesFirst() {
    assertEquals(Optional.of("10.77.0.14"), NearestAddress.of(TOLD, "10.77.0.11"));
    assertEquals(Optional.of("192.168.7.4"), NearestAddress.of(TOLD, "192.168.0.1"));
    assertEquals(Optional.of("fd00:1::14"), NearestAddress.of(TOLD, "fd00:1::11"));
  }

  @Test
  void withoutOneInCommonItIsTheFirst() {
    assertEquals(Optional.of("10.1.0.14"), NearestAddress.of(TOLD, "etcd-1.example.org"));
    assertEquals(Optional.empty(), NearestAddress.of(List.of(), "10.77.0.11"));
  }
}
