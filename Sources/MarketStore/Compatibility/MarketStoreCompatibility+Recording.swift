import MarketData

extension MarketStoreCompatibility {
    static let recording: [CompatibilityCheck] = [
        CompatibilityCheck("watches that touch become one, and others stay apart, each with its outcome") { store in
            let spans: [(Range<Int>, RecordingWatch.Outcome)] = [
                (0..<3, .watched), (3..<6, .watched), (6..<9, .refused), (9..<12, .watched), (20..<21, .watched),
            ]
            for (minutes, outcome) in spans { try await store.note(watch(minutes, outcome)) }
            let all = try await store.watches(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: .always)
            let expected = [
                watch(0..<6, .watched), watch(6..<9, .refused), watch(9..<12, .watched), watch(20..<21, .watched),
            ]
            try requireEqual(all, expected, "watches")
            let part = try await store.watches(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: MarketSample.range(8..<20))
            try requireEqual(part, Array(expected[1...2]), "those that reach into a range")
        },
        CompatibilityCheck("stamps of a range come ascending, those of two sources once") { store in
            for minute in [9, 0, 6, 3] { try await store.append(SnapshotSample.at(minute)) }
            try await store.append(SnapshotSample.at(6, source: .nse))
            try await store.append(SnapshotSample.at(7, expiresIn: 7))
            let stamps = try await store.stamps(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: MarketSample.range(3..<9))
            try requireEqual(stamps, [3, 6].map { MarketSample.time($0) }, "stamps")
        },
        CompatibilityCheck("watches of other expiries are other watches") { store in
            try await store.note(watch(0..<3, .watched))
            try await store.note(watch(3..<6, .watched, expiresIn: 7))
            let other = try await store.watches(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry.advanced(byDays: 7), in: .always)
            try requireEqual(other, [watch(3..<6, .watched, expiresIn: 7)], "watches")
        },
    ]

    private static func watch(
        _ minutes: Range<Int>, _ outcome: RecordingWatch.Outcome, expiresIn days: Int = 0
    ) -> RecordingWatch {
        RecordingWatch(
            symbol: SnapshotSample.symbol, expiry: SnapshotSample.expiry.advanced(byDays: days),
            span: MarketSample.range(minutes), outcome: outcome)
    }
}
