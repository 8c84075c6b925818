// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Measurements, apart from the product so that it depends on nothing for their sake.
let package = Package(
    name: "bhav-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "bhav", path: "..")],
    targets: [
        .executableTarget(
            name: "GreeksBenchmark", dependencies: [.product(name: "MarketData", package: "bhav")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "DecodeBenchmark", dependencies: [.product(name: "TradingViewProtocol", package: "bhav")],
            swiftSettings: settings
        ),
        .target(
            name: "BenchmarkMarket", dependencies: [.product(name: "MarketData", package: "bhav")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "StoreBenchmark",
            dependencies: [
                "BenchmarkMarket", .product(name: "MarketData", package: "bhav"),
                .product(name: "MarketStore", package: "bhav"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "MemoryBenchmark",
            dependencies: [
                "BenchmarkMarket", .product(name: "MarketData", package: "bhav"),
                .product(name: "MarketStore", package: "bhav"),
            ],
            swiftSettings: settings
        ),
    ]
)
