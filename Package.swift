// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A room of the house (ARCHITECTURE.md) and, beside it, the suite that tests it.
func room(
    _ name: String,
    imports dependencies: [Target.Dependency] = [],
    testsImport testDependencies: [Target.Dependency] = [],
    resources: [Resource]? = nil
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.byName(name: name), "TestSupport"] + dependencies + testDependencies,
            swiftSettings: settings
        ),
    ]
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let configuration = product(name: "Configuration", package: "swift-configuration")
    static let deques = product(name: "DequeModule", package: "swift-collections")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let logging = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioFoundationCompat = product(name: "NIOFoundationCompat", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHTTPCompression = product(name: "NIOHTTPCompression", package: "swift-nio-extras")
    static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioHTTPTypesHTTP1 = product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioWebSocket = product(name: "NIOWebSocket", package: "swift-nio")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

let package = Package(
    name: "bhav",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "bhav", targets: ["bhav"]),
        .library(name: "MarketData", targets: ["MarketData"]),
        .library(name: "MarketHub", targets: ["MarketHub"]),
        .library(name: "MarketHistory", targets: ["MarketHistory"]),
        .library(name: "MarketStore", targets: ["MarketStore"]),
        .library(name: "TradingViewProtocol", targets: ["TradingViewProtocol"]),
        .library(name: "TradingView", targets: ["TradingView"]),
        .library(name: "Trendlyne", targets: ["Trendlyne"]),
        .library(name: "NSE", targets: ["NSE"]),
        .library(name: "MockMarket", targets: ["MockMarket"]),
        .library(name: "UpstreamSimulator", targets: ["UpstreamSimulator"]),
        // Part of the configuration of the sources.
        .library(name: "SourceHTTP", targets: ["SourceHTTP"]),
        .library(name: "WebSocketTransport", targets: ["WebSocketTransport"]),
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "AsyncSupport", targets: ["AsyncSupport"]),
        .library(name: "NetworkFailure", targets: ["NetworkFailure"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.2.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        room("JSON"),
        room("AsyncSupport", imports: [.deques]),
        room("NetworkFailure", imports: [.nioCore, .nioPosix]),
        room("MarketData", imports: ["JSON"], testsImport: ["MockMarket"]),
        room("TradingViewProtocol", imports: ["JSON", "MarketData"]),
        room("MockMarket", imports: ["MarketData"]),
        room(
            "WebSocketTransport",
            imports: [
                "NetworkFailure", .hummingbirdCore, .httpTypes, .logging, .nioCore, .nioEmbedded, .nioHTTP1,
                .nioHTTPCompression, .nioHTTPTypes, .nioHTTPTypesHTTP1, .nioPosix, .nioSSL, .nioWebSocket,
            ],
            testsImport: [
                .hummingbird, .product(name: "HummingbirdTLS", package: "hummingbird"), .serviceLifecycle,
            ]
        ),
        room(
            "TradingView",
            imports: [
                "AsyncSupport", "JSON", "MarketData", "NetworkFailure", "SourceHTTP", "TradingViewProtocol",
                "WebSocketTransport",
                .asyncHTTPClient, .logging, .nioCore,
                .nioHTTP1, .nioPosix, .nioSSL, .serviceLifecycle,
            ],
            testsImport: ["UpstreamSimulator", "MockMarket", .httpTypes, .hummingbird, .hummingbirdCore]
        ),
        room(
            "SourceHTTP",
            imports: [
                "AsyncSupport", "JSON", "MarketData", "NetworkFailure", .asyncHTTPClient, .logging, .nioCore, .nioHTTP1,
                .nioPosix,
            ],
            testsImport: [.hummingbird, .httpTypes]
        ),
        room(
            "Trendlyne",
            imports: [
                "JSON", "MarketData", "NetworkFailure", "SourceHTTP", .asyncHTTPClient, .logging, .nioCore, .nioHTTP1,
                .nioPosix,
            ],
            testsImport: ["UpstreamSimulator", "MockMarket", .hummingbird, .httpTypes]
        ),
        room(
            "NSE",
            imports: [
                "CZlib", "JSON", "MarketData", "NetworkFailure", "SourceHTTP", .asyncHTTPClient, .logging, .nioCore,
                .nioHTTP1,
                .nioHTTPCompression, .nioPosix,
            ],
            testsImport: ["UpstreamSimulator", .hummingbird, .httpTypes]
        ),
        room(
            "UpstreamSimulator",
            imports: [
                "AsyncSupport", "JSON", "MarketData", "MockMarket", "TradingViewProtocol", "WebSocketTransport",
                .hummingbird,
                .hummingbirdCore,
                .hummingbirdTLS, .httpTypes, .logging, .nioCore, .nioPosix, .nioSSL, .serviceLifecycle,
            ],
            testsImport: [.asyncHTTPClient, .nioHTTP1]
        ),
        room("MarketFormats", imports: ["JSON", "MarketData", .nioCore]),
        room("MarketStore", imports: ["MarketData", .grdb, .grdbSQLite]),
        room(
            "MarketHistory", imports: ["MarketData", "MarketStore", .logging, .serviceLifecycle],
            testsImport: ["MarketHub", "MockMarket"]),
        room(
            "MarketHub", imports: ["MarketData", "MarketHistory", .logging, .serviceLifecycle],
            testsImport: ["MockMarket"]),
        room(
            "MarketServer",
            imports: [
                "AsyncSupport", "JSON", "MarketFormats", "MarketData", "MarketHistory", "MarketHub",
                "WebSocketTransport", .crypto, .deques, .hummingbird,
                .hummingbirdCore,
                .httpTypes, .logging, .metrics,
                .nioCore, .nioPosix, .serviceLifecycle,
            ],
            testsImport: ["MockMarket", .asyncHTTPClient, .nioHTTP1],
            resources: [.copy("Dashboard")]
        ),
        room(
            "BhavApp",
            imports: [
                "JSON", "MarketData", "MarketFormats", "MarketHistory", "MarketHub", "MarketServer", "MarketStore",
                "MockMarket", "NSE", "SourceHTTP",
                "TradingView", "Trendlyne", "WebSocketTransport",
                .asyncHTTPClient, .configuration, .logging, .metrics, .nioCore, .nioHTTP1, .nioHTTPCompression,
                .nioPosix,
                .nioSSL,
                .serviceLifecycle,
                .unixSignals,
            ],
            testsImport: ["UpstreamSimulator", .hummingbird]
        ),
        [
            .target(
                name: "TestSupport",
                dependencies: ["MarketData", .asyncHTTPClient, .httpTypes, .hummingbird, .logging, .nioCore],
                swiftSettings: settings),
            .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
            .executableTarget(
                name: "bhav",
                dependencies: [
                    "BhavApp", "JSON", "MarketFormats", "MarketData", "MarketHistory", "MarketHub", "MarketServer",
                    "MarketStore", "TradingView",
                    "UpstreamSimulator",
                    .argumentParser, .logging, .metrics, .nioCore, .serviceLifecycle, .unixSignals,
                ],
                swiftSettings: settings
            ),
            .testTarget(
                name: "LibraryExamplesTests",
                dependencies: [
                    "MarketData", "MarketHub", "MockMarket", "NSE", "TradingView", "Trendlyne", .logging,
                ],
                swiftSettings: settings
            ),
            .testTarget(
                name: "BhavCommandTests",
                dependencies: [
                    "bhav", "MarketData", "TestSupport", "UpstreamSimulator", .asyncHTTPClient, .nioCore, .nioHTTP1,
                    .nioPosix,
                ],
                exclude: ["Messages.txt"],
                swiftSettings: settings
            ),
            .testTarget(
                name: "FuzzTests", dependencies: fuzzed + ["TestSupport"], path: "Fuzz",
                exclude: ["Driver.swift", "Corpora"], swiftSettings: settings),
        ],
    ].flatMap { $0 }
)

/// The rooms that read bytes from outside.
var fuzzed: [Target.Dependency] {
    [
        "JSON", "MarketData", "MarketFormats", "MarketServer", "NSE", "SourceHTTP", "TradingView",
        "TradingViewProtocol",
        "Trendlyne", "WebSocketTransport", .nioCore, .nioEmbedded, .nioWebSocket,
    ]
}

// `make fuzz`: the same entry points driven by libFuzzer, which needs a separate program.
if Context.environment["BHAV_FUZZ"] != nil {
    package.targets.removeAll { $0.type == .test }
    package.targets.append(
        .executableTarget(
            name: "bhav-fuzz", dependencies: fuzzed, path: "Fuzz", exclude: ["CorpusTests.swift", "Corpora"],
            swiftSettings: settings))
}
