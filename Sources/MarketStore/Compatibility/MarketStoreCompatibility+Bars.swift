import MarketData

extension MarketStoreCompatibility {
    static let bars: [CompatibilityCheck] = [
        CompatibilityCheck("bars come out as they went in, ascending, whatever order they came in") { store in
            let bars = (0..<5_000).map { MarketSample.bar($0, isFinal: $0 != 4_999) }
            let outcome = try await store.write(MarketSample.run(bars.reversed()))
            try requireEqual(outcome.inserted, bars.count, "inserted")
            let stored = try await store.bars(of: MarketSample.key, in: .always)
            try require(stored.bars == bars, "the bars differ")
            let stretch = StoredBars.Stretch(indices: 0..<bars.count, provenance: MarketSample.provenance())
            try requireEqual(stored.stretches, [stretch], "stretches")
        },
        CompatibilityCheck("an unknown series has no bars, no coverage and no revisions") { store in
            try requireEqual(try await store.bars(of: MarketSample.key, in: .always), .none, "bars")
            try requireEqual(try await store.newestBars(of: MarketSample.key, count: 5), .none, "newest bars")
            try requireEqual(try await store.coverage(of: MarketSample.key), CoverageMap(), "coverage")
            try requireEqual(try await store.series().count, 0, "series")
        },
        CompatibilityCheck("a range holds its start and not its end, and a limit counts from the oldest") { store in
            try await store.write(MarketSample.run((0..<20).map { MarketSample.bar($0) }))
            let part = try await store.bars(of: MarketSample.key, in: MarketSample.range(5..<8))
            try requireEqual(part.bars, (5..<8).map { MarketSample.bar($0) }, "the bars of the range")
            let few = try await store.bars(of: MarketSample.key, in: .always, limit: 3)
            try requireEqual(few.bars, (0..<3).map { MarketSample.bar($0) }, "the first bars")
            let openings = try await store.openings(of: MarketSample.key, in: MarketSample.range(18..<40))
            try requireEqual(openings, [MarketSample.time(18), MarketSample.time(19)], "openings")
        },
        CompatibilityCheck("the newest bars come ascending, and before an instant where one is given") { store in
            try await store.write(MarketSample.run((0..<20).map { MarketSample.bar($0) }))
            let newest = try await store.newestBars(of: MarketSample.key, count: 3)
            try requireEqual(newest.bars, (17..<20).map { MarketSample.bar($0) }, "the newest bars")
            let earlier = try await store.newestBars(of: MarketSample.key, count: 3, before: MarketSample.time(10))
            try requireEqual(earlier.bars, (7..<10).map { MarketSample.bar($0) }, "the newest bars before an instant")
        },
        CompatibilityCheck("each stretch of bars keeps its own provenance") { store in
            try await store.write(MarketSample.run((0..<5).map { MarketSample.bar($0) }))
            try await store.write(MarketSample.run((5..<9).map { MarketSample.bar($0) }, age: 60, source: .nse))
            let stored = try await store.bars(of: MarketSample.key, in: .always)
            try requireEqual(stored.stretches.map(\.indices), [0..<5, 5..<9], "stretches")
            try requireEqual(stored.stretches.map(\.provenance.source), [.tradingview, .nse], "sources")
            try requireEqual(
                stored.stretches.last?.provenance.asOf, MarketSample.later.advanced(bySeconds: 60), "as of")
        },
        CompatibilityCheck("series of other hours, adjustment or interval do not mix") { store in
            let symbol = MarketSample.key.symbol
            let keys = [
                MarketSample.key, SeriesKey(symbol: symbol, interval: .oneMinute, hours: .extended),
                SeriesKey(symbol: symbol, interval: .oneMinute, adjustment: .none),
                SeriesKey(symbol: symbol, interval: .oneMinute, backAdjusted: true),
                SeriesKey(symbol: symbol, interval: .fiveMinutes),
                SeriesKey(symbol: symbol, interval: .oneMonth),
            ]
            for (index, key) in keys.enumerated() {
                let bars = [MarketSample.bar(0, nudge: Double(index))]
                try await store.write(BarRun(key: key, bars: bars, provenance: MarketSample.provenance()))
            }
            for (index, key) in keys.enumerated() {
                let bars = try await store.bars(of: key, in: .always).bars
                try requireEqual(bars, [MarketSample.bar(0, nudge: Double(index))], "\(key)")
            }
            try requireEqual(Set(try await store.series().map(\.key)), Set(keys), "series")
        },
        CompatibilityCheck("a run with a bar that cannot be is refused whole") { store in
            var upside = MarketSample.bar(1)
            (upside.high, upside.low) = (upside.low, upside.high)
            var unknown = MarketSample.bar(1)
            unknown.close = .nan
            var negative = MarketSample.bar(1)
            negative.volume = -1
            for bad in [upside, unknown, negative] {
                let run = MarketSample.run([MarketSample.bar(0), bad], coverage: MarketSample.had(0..<2))
                do {
                    try await store.write(run)
                    throw CompatibilityFailure("\(bad) was taken in")
                } catch let error as StoreError { try requireEqual(error.code, .refused, "the error's code") }
            }
            try requireEqual(try await store.bars(of: MarketSample.key, in: .always), .none, "bars")
            try requireEqual(try await store.coverage(of: MarketSample.key), CoverageMap(), "coverage")
        },
    ]
}
