// Numbers and times as people read them. All times are UTC.

/** 1 234 567, with thin spaces from five digits on. */
function count(value) {
  const digits = String(Math.round(value));
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** 12.3 %; a share that is not nothing is never shown as 0. */
function percent(share) {
  if (!Number.isFinite(share)) return "–";
  if (share > 0 && share < 0.0005) return "<\u20090.1\u2009%";
  if (share < 1 && share > 0.9995) return ">\u200999.9\u2009%";
  const value = share * 100;
  return (value === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)) + "\u2009%";
}

/** Microseconds as 340 µs, 12 ms, 1.24 s, 26 min. */
function duration(us) {
  if (us === null || us === undefined) return "–";
  const size = Math.abs(us);
  if (size < 1000 && size > 0) return Math.round(us) + "\u2009µs";
  if (size < 1e6) return trimmed(us / 1e3, size < 1e4 ? 1 : 0) + "\u2009ms";
  if (size < 12e7) return trimmed(us / 1e6, size < 1e7 ? 2 : 1) + "\u2009s";
  return size < 72e8 ? Math.round(us / 6e7) + "\u2009min" : trimmed(us / 36e8, 1) + "\u2009h";
}

function trimmed(value, digits) { return String(Number(value.toFixed(digits))); }

function decimal(value, digits) { return Number.isFinite(value) ? value.toFixed(digits) : "–"; }

function bytes(value) {
  let amount = value, unit = 0;
  while (amount >= 1000 && unit < 4) { amount /= 1000; unit += 1; }
  return trimmed(amount, unit === 0 || amount >= 100 ? 0 : 1) + "\u2009" + ["B", "kB", "MB", "GB", "TB"][unit];
}

/** A rate per second. */
function rate(value) {
  return (value >= 100 ? count(value) : trimmed(value, value >= 10 ? 1 : 2)) + "/s";
}

function two(value) { return String(value).padStart(2, "0"); }
function day(ms) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "?" : date.toISOString().slice(0, 10);
}
function clock(ms, withMilliseconds) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "?" : date.toISOString().slice(11, withMilliseconds ? 23 : 19);
}
function minute(ms) { return clock(ms).slice(0, 5); }

/** From one time to another without saying the day twice. */
function span(from, to) {
  if (from === null) return "no requests";
  const start = `${day(from)} ${clock(from)}`;
  return start + " – " + (day(from) === day(to) ? clock(to) : `${day(to)} ${clock(to)}`) + " UTC";
}

/** `httpbin.default:8000` of `httpbin.default.svc.cluster.local:8000`. */
function shortService(name) { return name === "" ? "no service named" : name.replace(".svc.cluster.local", ""); }

function plural(number, one, many) { return `${count(number)} ${number === 1 ? one : many || one + "s"}`; }

function cut(text, length) { return text.length > length ? text.slice(0, length - 1) + "…" : text; }
