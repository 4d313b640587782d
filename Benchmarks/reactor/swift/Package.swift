// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// A package of its own, so that only those who measure need SwiftNIO.
let package = Package(
    name: "ReactorBenchmarks",
    dependencies: [
        .package(name: "keepd", path: "../../.."),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    ],
    targets: [
        .target(name: "Bench", swiftSettings: strict),
        .executableTarget(
            name: "bench-reactor",
            dependencies: ["Bench", .product(name: "Reactor", package: "keepd")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "bench-nio",
            dependencies: [
                "Bench",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
    ]
)
