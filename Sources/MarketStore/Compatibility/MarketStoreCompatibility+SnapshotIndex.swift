import MarketData

extension MarketStoreCompatibility {
    static let snapshotIndex: [CompatibilityCheck] = [
        CompatibilityCheck("stamps say whose they are: two sources of one stamp are two, ascending, of one expiry") {
            store in
            for minute in [9, 0, 6, 3] { try await store.append(SnapshotSample.at(minute)) }
            try await store.append(SnapshotSample.at(6, source: .nse))
            try await store.append(SnapshotSample.at(7, expiresIn: 7))
            let stamps = try await store.sourceStamps(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: MarketSample.range(3..<9))
            let expected: [(Int, Provenance.Source)] = [(3, .trendlyne), (6, .nse), (6, .trendlyne)]
            try requireEqual(
                stamps,
                expected.map {
                    SnapshotStamp(source: $0.1, mode: .streaming, asOf: MarketSample.time($0.0))
                }, "stamps")
        },
        CompatibilityCheck("a stamp says how it was told") { store in
            var close = SnapshotSample.at(9, source: .nse)
            close.provenance.mode = .endOfDay
            try await store.append(close)
            let stamps = try await store.sourceStamps(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: .always)
            try requireEqual(stamps.map(\.mode), [.endOfDay], "modes")
        },
    ]
}
