import MarketData

extension MarketStoreCompatibility {
    static let coverage: [CompatibilityCheck] = [
        CompatibilityCheck("adjacent spans of coverage become one, and holes stay holes") { store in
            for minutes in [0..<5, 20..<30, 5..<10, 3..<8] {
                try await store.write(MarketSample.run([], coverage: MarketSample.had(minutes)))
            }
            let expected = CoverageMap(
                [0..<10, 20..<30].map { CoverageSpan(MarketSample.range($0), .had) })
            try requireEqual(try await store.coverage(of: MarketSample.key), expected, "coverage")
            let part = try await store.coverage(of: MarketSample.key, in: MarketSample.range(8..<25))
            try requireEqual(part.missing(in: MarketSample.range(8..<25)), [MarketSample.range(10..<20)], "missing")
        },
        CompatibilityCheck("reasons for emptiness are kept, and bars that come later overrule them") { store in
            let spans = EmptyReason.allCases.enumerated().map { index, reason in
                CoverageSpan(MarketSample.range(index * 10..<index * 10 + 5), .empty(reason))
            }
            try await store.write(MarketSample.run([], coverage: CoverageMap(spans)))
            try requireEqual(try await store.coverage(of: MarketSample.key).spans, spans, "coverage")
            try await store.write(MarketSample.run([MarketSample.bar(0)], coverage: MarketSample.had(0..<1)))
            let state = try await store.coverage(of: MarketSample.key).state(at: MarketSample.time(0))
            try requireEqual(state, .had, "the state of a minute that has a bar after all")
        },
        CompatibilityCheck("a forming bar proves nothing from its opening on") { store in
            let bars = (0..<6).map { MarketSample.bar($0, isFinal: $0 < 5) }
            try await store.write(MarketSample.run(bars, coverage: MarketSample.had(0..<20)))
            try requireEqual(try await store.coverage(of: MarketSample.key), MarketSample.had(0..<5), "coverage")
        },
        CompatibilityCheck("proof that there is no bar overrules a claim that all is had, unless one is stored") {
            store in
            let bars = [MarketSample.bar(0), MarketSample.bar(2)]
            try await store.write(MarketSample.run(bars, coverage: MarketSample.had(0..<3)))
            let answer = BarRun(
                key: MarketSample.key, bars: [], provenance: MarketSample.provenance(age: 60),
                answered: MarketSample.range(1..<2), boundaries: MarketSample.boundaries)
            try await store.write(answer)
            let coverage = try await store.coverage(of: MarketSample.key)
            try requireEqual(coverage.state(at: MarketSample.time(1)), .empty(.noTrades), "a minute without a bar")
            let wrong = CoverageMap([CoverageSpan(MarketSample.range(2..<3), .empty(.noTrades))])
            try await store.write(MarketSample.run([], age: 90, coverage: wrong))
            let after = try await store.coverage(of: MarketSample.key)
            try requireEqual(after.state(at: MarketSample.time(2)), .had, "a minute with a bar")
        },
        CompatibilityCheck("coverage without bars makes a series, and a run without either changes nothing") { store in
            try await store.write(MarketSample.run([], coverage: MarketSample.had(0..<1)))
            let outcome = try await store.write(MarketSample.run([]))
            try require(outcome.isUnchanged, "an empty run changed something")
            try requireEqual(try await store.series().map(\.bars), [0], "bars counted")
        },
    ]
}
