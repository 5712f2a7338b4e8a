// What is missing for a full picture, and which logs all this is from.

/** What `meshweft doctor` says. */
function missingPanel() {
  if (!DATA.doctor.length) return null;
  return panel("doctor", "What is missing", "What would make traces complete. `meshweft doctor` also prints the log format that helps.", null,
    el("ul", { class: "missing" }, DATA.doctor.map(({ level, subject, finding, advice }) => el("li", null,
      el("span", { class: "verdict" }, level), " ", el("b", null, shortService(subject)), ` ${finding} `,
      el("span", { class: "quiet" }, advice)))));
}

function sourcesPanel() {
  const first = Math.min(...DATA.sources.map((source) => source.first_ms ?? Infinity));
  const last = Math.max(...DATA.sources.map((source) => source.last_ms ?? -Infinity));
  return panel("sources", "Logs", `${plural(DATA.hops, "hop")} of ${plural(DATA.source_count, "log")}.`, null,
    el("details", { class: "more" }, el("summary", null, "List them"),
      el("div", { class: "scroll" }, el("table", { class: "table" },
        el("thead", null, el("tr", null, ["Log", "Mesh cluster", "Roles", "Hops", "From", "To", "Silent"].map((name) =>
          el("th", { scope: "col", class: name === "Hops" ? "number" : null }, name)))),
        el("tbody", null, DATA.sources.map((source) => el("tr", null,
          el("td", null, source.name), el("td", null, source.mesh_cluster || "–"),
          el("td", null, source.roles.join(", ")), el("td", { class: "number" }, count(source.hops)),
          el("td", null, source.first_ms === null ? "–" : `${day(first) === day(last) ? "" : day(source.first_ms) + " "}${clock(source.first_ms)}`),
          el("td", null, source.last_ms === null ? "–" : `${day(first) === day(last) ? "" : day(source.last_ms) + " "}${clock(source.last_ms)}`),
          el("td", null, source.silences.map(([from, ms]) => `${duration(ms * 1000)} from ${clock(from)}`).join(", ") || "–"))))))),
    DATA.source_count > DATA.sources.length
      && el("p", { class: "note" }, `${DATA.source_count - DATA.sources.length} more logs; \`meshweft sources\` lists them.`));
}
