// swift-tools-version: 6.2

import PackageDescription

/// The same strictness in every room (STYLE: warnings are errors, memory safety is spelled out).
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "meshweft",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "meshweft", targets: ["MeshweftCLI"]),
    .library(name: "MeshweftKit", targets: ["MeshweftKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", path: "Sources/CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CBytes", path: "Sources/CBytes"),
    .target(name: "CPageCheck", path: "Sources/CPageCheck"),
    .target(name: "Platform", swiftSettings: strict),
    .target(name: "AccessLog", dependencies: ["CBytes", "Platform"], swiftSettings: strict),
    .target(name: "Correlation", dependencies: ["AccessLog", "Platform"], swiftSettings: strict),
    .target(
      name: "Queries", path: "Queries", resources: [.embedInCode("sql")], swiftSettings: strict),
    .target(
      name: "TraceStore",
      dependencies: [
        "AccessLog", "CPageCheck", "Correlation", "Platform", "Queries",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "ReportPage", dependencies: ["AccessLog"], resources: [.embedInCode("assets")],
      swiftSettings: strict),
    .target(
      name: "MeshweftKit",
      dependencies: [
        "AccessLog", "Correlation", "Platform", "TraceStore", "Queries", "ReportPage", "CZlib",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "MeshweftCLI",
      dependencies: [
        "MeshweftKit", "Platform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "meshweft-bench",
      dependencies: [
        "AccessLog", "CZlib",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks", exclude: ["compare", "correlation", "density", "follow", "reports", "run"],
      swiftSettings: strict),
    .testTarget(name: "AccessLogTests", dependencies: ["AccessLog", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CorrelationTests", dependencies: ["Correlation", "AccessLog"], swiftSettings: strict),
    .testTarget(
      name: "TraceStoreTests",
      dependencies: [
        "TraceStore", "Correlation", "AccessLog", "Queries", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["CZlib"], path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "MeshweftKitTests",
      dependencies: [
        "MeshweftKit", "Queries", "TraceStore", "Correlation", "AccessLog", "TestSupport",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ScenarioTests",
      dependencies: ["MeshweftCLI", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
      exclude: ["Fixtures", "Scenarios", "Support/mesh.awk"],
      swiftSettings: strict),
    .testTarget(
      name: "ReportPageTests", dependencies: ["AccessLog", "ReportPage", "MeshweftKit"], swiftSettings: strict
    ),
  ]
)
