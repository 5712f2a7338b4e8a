// ReportPage: the HTML page that `meshweft report` writes: styles, script, and how they become one file.
//
// The page is a viewer: it holds its values as one block of JSON and builds itself from that in the browser. Which
// values these are is MeshweftKit's business (its Page/); this room knows no trace and no service. Nothing is loaded
// from anywhere: a policy in the page's head forbids it, and forbids every script and style but the page's own, whose
// hashes it names. Data never becomes markup: the script makes nodes and sets their text, and the policy's trusted
// types make a browser refuse anything else.

internal import AccessLog

/// One page, ready to be written.
package struct ReportPage: Sendable {
  /// UTF-8
  package let bytes: [UInt8]

  /// - Parameters:
  ///   - title: plain text, for the browser's tab.
  ///   - json: one JSON value, whatever its strings hold.
  package init(title: String, json: [UInt8]) {
    let style = ReportPage.joined(PageAssets.styles)
    let script = ReportPage.joined(PageAssets.scripts)
    var page: [UInt8] = []
    page += ReportPage.head(title: title, policy: ReportPage.policy(script: script, style: style)).utf8
    page += "<style>".utf8 + style + "</style>\n</head>\n<body>\n".utf8
    page +=
      "<noscript>This page shows its values with a script of its own. Allow scripts for this file.</noscript>\n"
      .utf8
    page += "<script type=\"application/json\" id=\"data\">".utf8
    page += InlineText.json(json)
    page += "</script>\n<script>".utf8 + script + "</script>\n</body>\n</html>\n".utf8
    bytes = page
  }

  private static func head(title: String, policy: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>\(InlineText.html(title))</title>

    """
  }

  /// Only this script and this style; no network, no frames, no forms, no base; strings are never parsed as markup.
  static func policy(script: [UInt8], style: [UInt8]) -> String {
    [
      "default-src 'none'", "script-src 'sha256-\(SHA256.base64(script))'",
      "style-src 'sha256-\(SHA256.base64(style))'", "base-uri 'none'", "form-action 'none'",
      "require-trusted-types-for 'script'", "trusted-types 'none'",
    ].joined(separator: "; ")
  }

  private static func joined(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined(separator: [0x0A])) }
}
