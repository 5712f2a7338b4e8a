import Foundation
import TestSupport
import Testing

@Suite struct `The scenario` {
  @Test(arguments: Scenario.all)
  func `prints what was recorded`(path: String) throws {
    let recorded = try Scenario(reading: path)
    let played = try recorded.played()
    if Scenario.isRecording {
      try played.text.write(toFile: path, atomically: true, encoding: .utf8)
      return
    }
    for (then, now) in zip(recorded.steps, played.steps) {
      #expect(now.status == then.status, "\(recorded): `\(now.command)` said \(now.errors)")
      #expect(difference(now.output, then.output) == nil, "\(recorded): standard output of `\(now.command)`")
      #expect(difference(now.errors, then.errors) == nil, "\(recorded): standard error of `\(now.command)`")
    }
  }

  /// Lines that are only in one of the texts.
  private func difference(_ now: String, _ then: String) -> String? {
    guard now != then else { return nil }
    let (now, then) = (now.components(separatedBy: "\n"), then.components(separatedBy: "\n"))
    let changes = now.difference(from: then).map { change in
      switch change {
      case .insert(let line, let text, _): "+\(line + 1) \(text)"
      case .remove(let line, let text, _): "-\(line + 1) \(text)"
      }
    }
    return "\n" + changes.prefix(20).joined(separator: "\n")
  }
}
