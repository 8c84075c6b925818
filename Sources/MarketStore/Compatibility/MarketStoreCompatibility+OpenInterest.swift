import MarketData

extension MarketStoreCompatibility {
    static let openInterest: [CompatibilityCheck] = [
        CompatibilityCheck("a snapshot comes out as it went in; what was not known stays unknown") { store in
            for snapshot in [SnapshotSample.full, SnapshotSample.sparse] {
                try requireEqual(try await store.append(snapshot), .stored, "outcome")
                let found = try await store.latestSnapshot(
                    of: snapshot.symbol, expiry: snapshot.expiry, at: snapshot.provenance.asOf,
                    from: snapshot.provenance.source)
                try requireEqual(found, snapshot, "the snapshot")
            }
        },
        CompatibilityCheck("a stamp that the source gave before is not stored again, whatever it says") { store in
            try await store.append(SnapshotSample.at(0))
            try requireEqual(try await store.append(SnapshotSample.at(0)), .known, "the same again")
            var other = SnapshotSample.at(0)
            other.spot = 1
            try requireEqual(try await store.append(other), .differs, "other figures under the same stamp")
            let stored = try await SnapshotSample.all(of: store)
            try requireEqual(stored, [SnapshotSample.at(0)], "snapshots")
        },
        CompatibilityCheck("no answer as of an instant is from later") { store in
            var random = SeededRandom(state: 7)
            let minutes = Set((0..<60).map { _ in Int.random(in: 0..<375, using: &random) })
            for minute in minutes.shuffled(using: &random) { try await store.append(SnapshotSample.at(minute)) }
            for _ in 0..<200 {
                let second = Int64.random(in: -600..<24_000, using: &random)
                let expected = minutes.filter { Int64($0) * 60 <= second }.max()
                let found = try await store.latestSnapshot(
                    of: SnapshotSample.symbol, expiry: SnapshotSample.expiry,
                    at: MarketSample.opening.advanced(bySeconds: second))
                try requireEqual(found, expected.map { SnapshotSample.at($0) }, "as of second \(second)")
            }
        },
        CompatibilityCheck("sources are kept apart, even at the same stamp") { store in
            try await store.append(SnapshotSample.at(0))
            try await store.append(SnapshotSample.at(0, source: .nse))
            try await store.append(SnapshotSample.at(3, source: .nse))
            let found = try await store.latestSnapshot(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, at: MarketSample.time(9), from: .trendlyne)
            try requireEqual(found, SnapshotSample.at(0), "the newest of one source")
            try requireEqual(try await SnapshotSample.all(of: store).count, 3, "snapshots of both")
        },
        CompatibilityCheck("a range of snapshots comes in time order, and a limit counts from the oldest") { store in
            for minute in [9, 0, 6, 3] { try await store.append(SnapshotSample.at(minute)) }
            let part = try await store.snapshots(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: MarketSample.range(3..<9))
            try requireEqual(part, [3, 6].map { SnapshotSample.at($0) }, "the range")
            let first = try await store.snapshots(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: .always, from: nil, limit: 1)
            try requireEqual(first, [SnapshotSample.at(0)], "the first")
        },
        CompatibilityCheck("expired contracts are listed beside the others, ascending") { store in
            for days in [7, 0, 700] { try await store.append(SnapshotSample.at(0, expiresIn: days)) }
            let expiries = [0, 7, 700].map { SnapshotSample.expiry.advanced(byDays: $0) }
            try requireEqual(try await store.expiries(of: SnapshotSample.symbol), expiries, "expiries")
        },
    ]
}
