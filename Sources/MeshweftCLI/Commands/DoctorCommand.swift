internal import ArgumentParser
internal import MeshweftKit

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "doctor", "Say which logs, lines and fields are missing for full traces, and how to get them.",
    examples: ["meshweft doctor"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting {
      let doctor = Doctor(database: database.resolved)
      if output.form == .table { return try Terminal.show(Array(doctor.text().utf8)) }
      try output.print(doctor.report())
    }
  }
}
