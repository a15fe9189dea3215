package io.quorate.agent.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTest {
  private static final List<String> PANIC =
      List.of(
          "{\"level\":\"warn\",\"msg\":\"simple token is not cryptographically signed\"}",
          "panic: unmarshal should never fail (proto: cannot parse) [recovered]",
          "\tpanic: execute job failed");

  @Test
  void thePanicIsToldAndNotItsStack() {
    List<String> log = new ArrayList<>(PANIC);
    for (int frame = 0; frame < 100; frame++) {
      log.add("");
      log.add("goroutine 134 [running]:");
      log.add("go.uber.org/zap/zapcore.CheckWriteAction.OnWrite(0x2?, 0x1177ab9?, {0x0?, 0x0?})");
      log.add("\tgo.uber.org/zap@v1.27.1/zapcore/entry.go:196 +0x54");
      log.add("go.etcd.io/etcd/pkg/v3/schedule.(*fifo).executeJob.func1()");
      log.add("panic({0xf4c9c0?, 0x7b7c9f9f5d0?})");
      log.add("created by go.etcd.io/etcd/server/v3/etcdserver.(*raftNode).start in goroutine 1");
    }
    log.add("etcd@prod.service: Failed with result 'exit-code'.");
    List<String> told = new ArrayList<>(PANIC);
    told.add("etcd@prod.service: Failed with result 'exit-code'.");
    assertEquals(told, LastWords.of(log));
  }

  @Test
  void onlyTheLastTwenty() {
    List<String> log = new ArrayList<>();
    for (int line = 0; line < 50; line++) {
      log.add("line " + line);
    }
    assertEquals(log.subList(30, 50), LastWords.of(log));
  }
}
