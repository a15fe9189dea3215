package io.quorate.common.error;

/**
 * Every refusal, wait and warning that Quorate can utter. The text of each, with causes and
 * remedies, is in {@code docs/errors.md}; a test fails on a code that is not there. Numbers are
 * never reused.
 *
 * <p>10xx the spec · 11xx releases · 12xx hosts and identities · 13xx the coordinator, its API and
 * store · 14xx the command line · 20xx the host · 21xx warnings about a running cluster · 30xx
 * waits of a rollout · 31xx quorum · 32xx versions and settings · 33xx a member that failed · 34xx
 * membership · 35xx snapshots, restore, recovery · 36xx moves.
 */
public enum Code {
  // 10xx the spec
  Q1001("the file cannot be read as YAML"),
  Q1002("unknown key"),
  Q1003("duplicate key"),
  Q1004("wrong type or impossible value"),
  Q1005("a required key is missing"),
  Q1006("a name with other than lower-case letters, digits and dashes"),
  Q1007("control character"),
  Q1008("two members share an address, a host's port or a directory"),
  Q1009("even number of members"),
  Q1010("a setting that Quorate decides, or that is unsafe"),
  Q1011("the file is too large or too deeply nested"),
  // 11xx releases
  Q1101("not a release archive in upstream's layout"),
  Q1102("the archive's SHA-256 is not the one given"),
  Q1103("the release is not in the catalogue"),
  Q1104("the release is in use"),
  Q1105("the archive holds something dangerous"),
  // 12xx hosts and identities
  Q1201("unknown host"),
  Q1202("the token is unknown, used or expired"),
  Q1203("the token is for another host"),
  Q1204("too many wrong tokens"),
  Q1205("the coordinator's authority is not the pinned one"),
  Q1206("the host is revoked"),
  Q1207("the certificate is for another host"),
  Q1208("agent and coordinator speak no common protocol"),
  Q1209("clocks are too far apart"),
  Q1210("bad certificate request"),
  Q1211("the host is still in use by a cluster"),
  Q1212("the host is already connected"),
  Q1213("a host of that name has already joined"),
  // 13xx the coordinator, its API and store
  Q1301("bad configuration"),
  Q1302("not allowed"),
  Q1303("unknown cluster"),
  Q1304("conflict: somebody else changed it first"),
  Q1305("stale plan"),
  Q1306("bad request"),
  Q1307("a rollout is under way"),
  Q1308("internal error"),
  Q1309("the audit trail does not verify"),
  Q1310("the audit trail cannot be written"),
  Q1311("the data directory is in use by another coordinator"),
  Q1312("confirmation missing or wrong"),
  Q1313("preflight failed"),
  Q1314("unknown member, plan, rollout or release"),
  Q1315("the store cannot be read or written"),
  // 14xx the command line
  Q1401("coordinator unreachable"),
  Q1402("no context: the command line does not know a coordinator"),
  Q1403("timed out; the rollout goes on"),
  Q1404("usage"),
  // 20xx the host
  Q2001("the document is older than what this host has seen"),
  Q2002("the agent does not know this operation"),
  Q2003("the operation has expired"),
  Q2004("the operation's id was used for something else"),
  Q2010("port in use"),
  Q2011("the directory is not empty"),
  Q2012("data of another cluster or member is in the way"),
  Q2013("this member's data is gone"),
  Q2014("not enough disk space"),
  Q2015("the release cannot be fetched or verified"),
  Q2016("etcd does not know a setting"),
  Q2017("certificates could not be obtained"),
  Q2018("the service manager refused"),
  Q2019("stopping this member would cost the cluster its quorum"),
  Q2020("a file or directory cannot be written"),
  Q2021("etcdutl is missing from the release"),
  Q2022("the system user is missing"),
  Q2023("etcd does not stay up"),
  Q2024("its cluster has gone on without this member"),
  Q2025("neither the coordinator nor all peers were heard after a boot"),
  Q2026("a cluster that is to be recovered may have gone on"),
  // 21xx warnings about a running cluster
  Q2101("member unreachable"),
  Q2102("agent not connected"),
  Q2103("alarm raised"),
  Q2104("database near its quota"),
  Q2105("drift found"),
  Q2106("slow disk"),
  Q2107("certificate expires soon"),
  Q2108("backup overdue or failed"),
  Q2109("clock offset"),
  Q2110("no leader"),
  // 30xx waits of a rollout
  Q3001("the last observation is too old to act on"),
  Q3002("a host is converging"),
  Q3003("a host is not connected"),
  Q3004("a member is not in sync"),
  Q3005("soak time"),
  Q3006("paused"),
  Q3007("a member is not healthy yet"),
  Q3008("no leader, or members disagree"),
  Q3009("alarm raised"),
  Q3010("a learner is catching up"),
  Q3011("an operation is under way"),
  Q3012("slow disk"),
  Q3013("members see different member lists"),
  Q3014("no fresh snapshot"),
  Q3015("certificates end within the rollout"),
  Q3016("a linearizable read failed"),
  Q3017("limited to other members"),
  Q3018("aborted"),
  Q3019("the cluster version has not followed yet"),
  Q3020("a member is not confirmed dead yet"),
  Q3025("a member does not run what it was told to"),
  Q3026("etcd does not know Quorate"),
  // 31xx quorum
  Q3101("the cluster has no quorum"),
  Q3102("stopping the member would lose quorum"),
  Q3103("a one- or two-member cluster cannot change without downtime"),
  Q3104("an unknown member is in the cluster"),
  // 32xx versions and settings
  Q3201("illegal version hop"),
  Q3202("a known-bad version"),
  Q3203("an intermediate release is missing from the catalogue"),
  Q3204("the version does not know a setting"),
  Q3205("downgrade needs etcd's own procedure"),
  Q3206("point of no return passed"),
  Q3207("a version hazard must be accepted"),
  // 33xx a member that failed
  Q3301("a member did not come back"),
  Q3302("the host refused the change"),
  Q3303("the rollout missed its deadline"),
  Q3304("a step failed"),
  // 34xx membership
  Q3401("a learner made no progress"),
  Q3402("the last member cannot be removed"),
  Q3403("membership changed by somebody else"),
  Q3404("the dead member blocks the change"),
  Q3405("automatic replacement"),
  // 35xx snapshots, restore, recovery
  Q3501("snapshot damaged"),
  Q3502("snapshot of another cluster"),
  Q3503("unknown snapshot"),
  Q3504("snapshot failed"),
  Q3505("restore drill failed"),
  Q3506("the cluster has quorum; recovery is not needed"),
  Q3507("no survivor to recover from"),
  Q3508("snapshot of another version"),
  Q3509("the survivor's data does not start"),
  Q3510("no snapshot can be made out of this data"),
  Q3511("a recovery was called off"),
  // 36xx moves
  Q3601("a move is impossible"),
  Q3602("the copy does not verify");

  private final String title;

  Code(String title) {
    this.title = title;
  }

  /** The heading of its section in the catalogue. */
  public String title() {
    return title;
  }
}
