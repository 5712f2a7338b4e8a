// Words that several sections share.

const UNKNOWN_CALLER = "caller not in the logs";

/** Where the story of a request ends that reached no server that logged it. */
const END_WORDS = {
  proxy: "no server's line", sent: "no proxy's or server's line", client: "sent nowhere",
};

const CARRIER_WORDS = {
  linked: "carrier found", not_logged_yet: "carrier not logged yet", missing: "carrier missing from the proxy's log",
  direct: "direct", unknown: "",
};

const VERDICT_WORDS = { imbalanced: "imbalanced", balanced: "balanced", uneven_work: "uneven work", too_few: "too few to tell",
  unknown: "unknown" };

const CAUSE_WORDS = {
  connection_pinning: "connection pinning", few_connections: "few connections", late_host: "a host came late",
  proxy_share: "uneven proxies", lost_connections: "a host lost its connections", sticky_key: "a hash sends keys to hosts",
  weighted_subsets: "weights of subsets or versions", outlier_ejection: "a failing host is left out",
  locality: "callers keep to their own zone", failover: "failover", adaptive_balancing: "slower hosts get less",
  uneven_work: "requests cost differently", slow_host: "a slow host", surge: "a new host got a burst",
  unexplained: "no known cause fits", none: "", unknown: "cause not known",
};
