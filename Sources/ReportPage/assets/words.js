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

const VERDICT_WORDS = { imbalanced: "imbalanced", balanced: "balanced", too_few: "too few to tell" };

const CAUSE_WORDS = {
  connection_pinning: "connection pinning", few_connections: "few connections", late_host: "a host came late",
  proxy_share: "uneven proxies", none: "", unknown: "cause not known",
};
