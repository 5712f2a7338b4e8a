internal import ArgumentParser

/// What the user says about lines in a format of their own.
struct LineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Envoy's format string of your text lines, where it is not the default one.", valueName: "format"))
  var format: String?
  @Option(
    help: ArgumentHelp(
      "Your own JSON keys: name=key,name=key (request_id=x_req_id), or a YAML file of them.",
      valueName: "map"),
    completion: .file(extensions: ["yaml", "yml"]))
  var fieldMap: String?
  @Flag(
    inversion: .prefixedNo,
    help:
      "Link the lines into traces before ending. --no-correlate only stores them: the next report or `meshweft correlate` links them."
  )
  var correlate = true
}
