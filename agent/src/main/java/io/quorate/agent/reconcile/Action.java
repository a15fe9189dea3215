package io.quorate.agent.reconcile;

import io.quorate.common.model.Release;
import java.nio.file.Path;

/**
 * One thing to do for a member; each is idempotent, and a plan is a list of them in order. They say
 * what, never how.
 */
public sealed interface Action {
  /** For people: what the agent is busy with. */
  String words();

  /** Whether the rest of the plan makes sense without it. */
  default boolean optional() {
    return false;
  }

  record PrepareDirectories() implements Action {
    @Override
    public String words() {
      return "making directories";
    }
  }

  /** Fetched, verified, unpacked; {@code optional} when it is only to lie ready. */
  record FetchRelease(Release release, boolean optional) implements Action {
    @Override
    public String words() {
      return "fetching etcd " + release.version();
    }
  }

  /** New keys and certificates; {@code optional} when those that are there still serve. */
  record MakeCertificates(boolean optional) implements Action {
    @Override
    public String words() {
      return "obtaining certificates";
    }
  }

  /** Asks the release that is to run whether it knows every setting. */
  record CheckSettings(boolean forcing) implements Action {
    @Override
    public String words() {
      return "checking settings";
    }
  }

  /** Goes on only if stopping the member cannot cost its cluster the quorum. */
  record ConfirmQuorum() implements Action {
    @Override
    public String words() {
      return "asking whether the others hold quorum";
    }
  }

  record DefineService() implements Action {
    @Override
    public String words() {
      return "defining the service";
    }
  }

  record WriteConfiguration(boolean forcing) implements Action {
    @Override
    public String words() {
      return "writing etcd.yaml";
    }
  }

  record SwitchRelease(Path directory) implements Action {
    @Override
    public String words() {
      return "switching the release";
    }
  }

  /** Last of the files: it carries the fingerprint of all the others. */
  record WriteEnvironment(boolean forcing) implements Action {
    @Override
    public String words() {
      return "writing the environment";
    }
  }

  record SetAside() implements Action {
    @Override
    public String words() {
      return "setting old data aside";
    }
  }

  record SeedData() implements Action {
    @Override
    public String words() {
      return "making the data directory";
    }
  }

  /**
   * Copies the data that a new cluster is to be forced from, and tries on a copy that it starts.
   */
  record CopySurvivor() implements Action {
    @Override
    public String words() {
      return "copying the survivor's data and trying the copy";
    }
  }

  /** Fetches what the data is to be restored from, and makes sure that it can be. */
  record ReadySeed() implements Action {
    @Override
    public String words() {
      return "fetching the snapshot";
    }
  }

  /** Marks the data as about to be made a new cluster of one. */
  record BeginForcing() implements Action {
    @Override
    public String words() {
      return "beginning to force a new cluster";
    }
  }

  /** It is a cluster of one now: gives the data its new lineage. */
  record EndForcing() implements Action {
    @Override
    public String words() {
      return "ending to force a new cluster";
    }
  }

  /** Makes durable what must not be forgotten. */
  record Remember(Memory.Note note, String value) implements Action {
    @Override
    public String words() {
      return "taking note";
    }
  }

  record Start() implements Action {
    @Override
    public String words() {
      return "starting";
    }
  }

  record Stop() implements Action {
    @Override
    public String words() {
      return "stopping";
    }
  }

  record Restart() implements Action {
    @Override
    public String words() {
      return "restarting";
    }
  }

  record Enable() implements Action {
    @Override
    public String words() {
      return "enabling";
    }
  }

  record Disable() implements Action {
    @Override
    public String words() {
      return "disabling";
    }
  }

  /** Removes what was rendered for it, keys included; never data. */
  record Forget() implements Action {
    @Override
    public String words() {
      return "forgetting its configuration";
    }
  }
}
