// swift-tools-version: 6.2
// libFuzzer targets for what reads bytes from strangers. A package of its own, so that the ordinary build knows nothing
// of it: `make fuzz` builds and runs it. The sources under test are links to the project's own.

import PackageDescription

/// Fuzzed code counts its branches, and is checked by the assertions that release builds leave out.
let fuzzed: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .unsafeFlags(["-sanitize=fuzzer", "-assert-config", "Debug"]),
]

let package = Package(
  name: "meshweft-fuzzing",
  targets: [
    .systemLibrary(name: "CZlib", path: "Sources/CZlib"),
    .systemLibrary(name: "CLibFuzzer", path: "Sources/CLibFuzzer"),
    .systemLibrary(name: "CBytes", path: "Sources/CBytes"),
    .target(name: "Platform", swiftSettings: fuzzed),
    .target(name: "AccessLog", dependencies: ["CBytes", "Platform"], swiftSettings: fuzzed),
    .target(name: "Framing", dependencies: ["CZlib", "Platform"], swiftSettings: fuzzed),
    .executableTarget(
      name: "meshweft-fuzz", dependencies: ["AccessLog", "Framing", "Platform", "CZlib", "CLibFuzzer"],
      path: "Sources/Fuzz",
      swiftSettings: fuzzed, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
  ]
)
