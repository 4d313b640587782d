// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

// The order of the targets is the order of the levels in docs/design.md: each uses what stands
// above it here, and nothing else. TidyTests compares the imports with this file.
let package = Package(
    name: "keepd",
    products: [
        // With the modules whose types it speaks of.
        .library(name: "Reactor", targets: ["Reactor", "LinuxSystem", "SystemTypes"]),
        .library(name: "ReactorTesting", targets: ["ReactorTesting"]),
        .executable(name: "keepd", targets: ["keepd"]),
        .executable(name: "keepd-holder", targets: ["keepd-holder"]),
        .executable(name: "keepctl", targets: ["keepctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // 0: the floor
        .target(name: "SystemTypes", swiftSettings: strict),
        .target(name: "JSONEncoding", swiftSettings: strict),
        .target(name: "CLinux"),
        // libedit, wrapped.
        .target(
            name: "CLineEditor",
            cSettings: [
                .enableWarning("all"),
                .enableWarning("extra"),
                .treatAllWarnings(as: .error),
            ],
            linkerSettings: [.linkedLibrary("edit")]
        ),
        .systemLibrary(
            name: "CSystemd",
            pkgConfig: "libsystemd",
            providers: [.apt(["libsystemd-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // 1: calls, and decisions
        .target(
            name: "LinuxSystem",
            dependencies: ["CLinux", "SystemTypes", system],
            swiftSettings: strict
        ),
        .target(name: "Gzip", dependencies: ["CZlib"], swiftSettings: strict),
        .target(
            name: "Supervision",
            dependencies: ["JSONEncoding", "SystemTypes", collections],
            swiftSettings: strict
        ),
        .target(
            name: "ControlProtocol",
            dependencies: ["JSONEncoding"],
            resources: [
                .embedInCode("org.keepd.Control.varlink"),
                .embedInCode("org.varlink.service.varlink"),
            ],
            swiftSettings: strict
        ),

        .target(name: "Migration", dependencies: ["SystemTypes"], swiftSettings: strict),

        // 2: mechanisms
        .target(
            name: "Reactor",
            dependencies: ["LinuxSystem", "SystemTypes", collections, system],
            swiftSettings: strict
        ),
        .target(name: "Systemd", dependencies: ["CSystemd"], swiftSettings: strict),

        // 3: wiring, and what stands in for the world
        .target(
            name: "ReactorTesting",
            dependencies: ["LinuxSystem", "Reactor", "SystemTypes", system],
            swiftSettings: strict
        ),
        .target(
            name: "Daemon",
            dependencies: [
                "ControlProtocol", "Gzip", "LinuxSystem", "Migration", "Reactor", "Supervision",
                "SystemTypes", "Systemd", collections, logging, system,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ControlClient",
            dependencies: ["ControlProtocol", "LinuxSystem", "SystemTypes", system],
            swiftSettings: strict
        ),

        // 4: programs
        .executableTarget(
            name: "keepd",
            dependencies: ["Daemon", argumentParser],
            resources: [.embedInCode("keepd.schema.json")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "keepctl",
            dependencies: [
                "CLineEditor", "ControlClient", "ControlProtocol", "LinuxSystem", "SystemTypes",
                argumentParser, system,
            ],
            swiftSettings: strict
        ),
        // In C, for it is to cost next to nothing; docs/decisions/0010-a-holder.md.
        .executableTarget(
            name: "keepd-holder",
            dependencies: ["CLinux"],
            cSettings: [
                .enableWarning("all"),
                .enableWarning("extra"),
                .treatAllWarnings(as: .error),
            ]
        ),
        .executableTarget(name: "demo", swiftSettings: strict),
        // For `make bench-check`.
        .executableTarget(
            name: "loopwork",
            dependencies: ["LinuxSystem", "Reactor", "SystemTypes"],
            path: "Benchmarks/check/loopwork",
            swiftSettings: strict
        ),

        // Tests
        // In C, for Swift cannot fork.
        .executableTarget(
            name: "misbehave",
            path: "Tests/Misbehave",
            cSettings: [
                .enableWarning("all"),
                .enableWarning("extra"),
                .treatAllWarnings(as: .error),
            ]
        ),
        .executableTarget(name: "announce", path: "Tests/Announce", swiftSettings: strict),
        .target(
            name: "FuzzTargets",
            dependencies: ["ControlProtocol", "Supervision"],
            path: "Tests/Fuzz/Targets",
            swiftSettings: strict
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["FuzzTargets"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LinuxSystemTests",
            dependencies: ["LinuxSystem", "SystemTypes", system],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReactorTests",
            dependencies: ["LinuxSystem", "Reactor", "ReactorTesting", "SystemTypes", system],
            exclude: ["thread.supp"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SupervisionTests",
            dependencies: ["Supervision", "SystemTypes"],
            exclude: ["Configuration/validate.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MigrationTests",
            dependencies: ["Migration"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Supervision", "SystemTypes"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ControlProtocolTests",
            dependencies: ["ControlProtocol", "FuzzTargets", "LinuxSystem"],
            exclude: ["corpus", "golden"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "KeepctlTests",
            dependencies: [
                "ControlClient", "ControlProtocol", "LinuxSystem", "SystemTypes", "keepctl",
                argumentParser, system,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DaemonPartsTests",
            dependencies: [
                "ControlProtocol", "Daemon", "LinuxSystem", "Reactor", "ReactorTesting",
                "Supervision", "SystemTypes", collections, logging, system,
            ],
            exclude: ["Handover/state-v1.json"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "ControlClient", "ControlProtocol", "LinuxSystem", "SystemTypes", "announce",
                "keepctl", "keepd", "keepd-holder", "misbehave", system,
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ]
)

// `make fuzz` builds it with libFuzzer, which brings the `main` function.
if Context.environment["KEEPD_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: ["FuzzTargets"],
            path: "Tests/Fuzz/Driver",
            swiftSettings: strict
        )
    )
}

// `make sanitize` builds what it tests, and not the daemon, which would take minutes more.
if Context.environment["KEEPD_REACTOR_ONLY"] != nil {
    let level: Set = [
        "SystemTypes", "CLinux", "LinuxSystem", "Reactor", "ReactorTesting",
        "LinuxSystemTests", "ReactorTests",
    ]
    package.targets.removeAll { !level.contains($0.name) }
    package.products.removeAll { !level.contains($0.name) }
}
