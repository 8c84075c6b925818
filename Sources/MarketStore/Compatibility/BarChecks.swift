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
        CompatibilityCheck("a run with a value that is not a number is refused whole") { store in
            var unknown = MarketSample.bar(1)
            unknown.close = .nan
            var endless = MarketSample.bar(1)
            endless.volume = .infinity
            for bad in [unknown, endless] {
                let run = MarketSample.run([MarketSample.bar(0), bad], coverage: MarketSample.data(0..<2))
                do {
                    try await store.write(run)
                    throw CompatibilityFailure("\(bad) was taken in")
                } catch let error as StoreError { try requireEqual(error.code, .refused, "the error's code") }
            }
            try requireEqual(try await store.bars(of: MarketSample.key, in: .always), .none, "bars")
            try requireEqual(try await store.coverage(of: MarketSample.key), CoverageMap(), "coverage")
        },
        CompatibilityCheck("impossible bars are kept as they came") { store in
            var upside = MarketSample.bar(0)
            (upside.high, upside.low) = (upside.low, upside.high)
            var negative = MarketSample.bar(1)
            negative.volume = -1
            var outside = MarketSample.bar(2)
            outside.open = outside.high + 5
            try await store.write(MarketSample.run([upside, negative, outside], coverage: MarketSample.data(0..<3)))
            try requireEqual(
                try await store.bars(of: MarketSample.key, in: .always).bars, [upside, negative, outside], "bars")
        },
    ]
}

extension MarketStoreCompatibility {
    static let revisions: [CompatibilityCheck] = [
        CompatibilityCheck("a final bar takes the place of a forming one, and never the other way round") { store in
            let forming = MarketSample.bar(0, nudge: 2, isFinal: false)
            try await store.write(MarketSample.run([forming], age: 60))
            let final = try await store.write(MarketSample.run([MarketSample.bar(0)]))
            try requireEqual(final.updated, 1, "updated by the final bar, though its response is older")
            try await store.write(MarketSample.run([forming], age: 120))
            let bars = try await store.bars(of: MarketSample.key, in: .always).bars
            try requireEqual(bars, [MarketSample.bar(0)], "bars")
            try requireEqual(try await store.revisions(of: MarketSample.key), [], "revisions")
        },
        CompatibilityCheck("of two forming bars the one of the newer response stands") { store in
            let newer = MarketSample.bar(0, nudge: 1, isFinal: false)
            try await store.write(MarketSample.run([newer], age: 2))
            try await store.write(MarketSample.run([MarketSample.bar(0, isFinal: false)], age: 1))
            try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, [newer], "bars")
        },
        CompatibilityCheck("a final bar that comes back different is counted, and its former value kept") { store in
            try await store.write(MarketSample.run((0..<10).map { MarketSample.bar($0) }))
            let corrected = (3..<12).map { MarketSample.bar($0, nudge: $0 == 4 ? 1.5 : 0) }
            let outcome = try await store.write(MarketSample.run(corrected, age: 60))
            try requireEqual([outcome.revised, outcome.confirmed, outcome.inserted], [1, 6, 2], "outcome")
            let former = BarRevision(former: MarketSample.bar(4), provenance: MarketSample.provenance())
            try requireEqual(try await store.revisions(of: MarketSample.key), [former], "revisions")
            let bars = try await store.bars(of: MarketSample.key, in: MarketSample.range(4..<5)).bars
            try requireEqual(bars, [MarketSample.bar(4, nudge: 1.5)], "the bar")
            try requireEqual(try await store.series().map(\.revisions), [1], "counted revisions")
        },
        CompatibilityCheck("an older response that comes late changes no bar, and its value is kept as a former one") {
            store in
            let newer = MarketSample.bar(0, nudge: 1)
            try await store.write(MarketSample.run([newer], age: 60))
            let outcome = try await store.write(MarketSample.run([MarketSample.bar(0)]))
            try require(outcome.isUnchanged, "the older response changed something: \(outcome)")
            try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, [newer], "bars")
            let former = BarRevision(former: MarketSample.bar(0), provenance: MarketSample.provenance())
            try requireEqual(try await store.revisions(of: MarketSample.key), [former], "revisions")
        },
        CompatibilityCheck("responses repeated after a revision revise nothing again") { store in
            let responses = [
                MarketSample.run([MarketSample.bar(0)]), MarketSample.run([MarketSample.bar(0, nudge: 1)], age: 60),
            ]
            for response in responses + responses + responses.reversed() { try await store.write(response) }
            try requireEqual(try await store.revisions(of: MarketSample.key).count, 1, "revisions")
            let bars = try await store.bars(of: MarketSample.key, in: .always).bars
            try requireEqual(bars, [MarketSample.bar(0, nudge: 1)], "bars")
        },
    ]
}

extension MarketStoreCompatibility {
    static let coverage: [CompatibilityCheck] = [
        CompatibilityCheck("adjacent spans of coverage become one, and gaps stay gaps") { store in
            for minutes in [0..<5, 20..<30, 5..<10, 3..<8] {
                try await store.write(MarketSample.run([], coverage: MarketSample.data(minutes)))
            }
            let expected = CoverageMap(
                [0..<10, 20..<30].map { CoverageSpan(MarketSample.range($0), .hasData) })
            try requireEqual(try await store.coverage(of: MarketSample.key), expected, "coverage")
            let part = try await store.coverage(of: MarketSample.key, in: MarketSample.range(8..<25))
            try requireEqual(part.unknown(in: MarketSample.range(8..<25)), [MarketSample.range(10..<20)], "missing")
        },
        CompatibilityCheck("reasons for emptiness are kept, and bars that come later overrule them") { store in
            let spans = EmptyReason.allCases.enumerated().map { index, reason in
                CoverageSpan(MarketSample.range(index * 10..<index * 10 + 5), .empty(reason))
            }
            try await store.write(MarketSample.run([], coverage: CoverageMap(spans)))
            try requireEqual(try await store.coverage(of: MarketSample.key).spans, spans, "coverage")
            try await store.write(MarketSample.run([MarketSample.bar(0)], coverage: MarketSample.data(0..<1)))
            let state = try await store.coverage(of: MarketSample.key).state(at: MarketSample.time(0))
            try requireEqual(state, .hasData, "the state of a minute that has a bar after all")
        },
        CompatibilityCheck("a forming bar proves nothing from its opening on") { store in
            let bars = (0..<6).map { MarketSample.bar($0, isFinal: $0 < 5) }
            try await store.write(MarketSample.run(bars, coverage: MarketSample.data(0..<20)))
            try requireEqual(try await store.coverage(of: MarketSample.key), MarketSample.data(0..<5), "coverage")
        },
        CompatibilityCheck("a known absence replaces coverage with data, unless a bar is stored") {
            store in
            let bars = [MarketSample.bar(0), MarketSample.bar(2)]
            try await store.write(MarketSample.run(bars, coverage: MarketSample.data(0..<3)))
            let response = BarRun(
                key: MarketSample.key, bars: [], provenance: MarketSample.provenance(age: 60),
                complete: MarketSample.range(1..<2), boundaries: MarketSample.boundaries)
            try await store.write(response)
            let coverage = try await store.coverage(of: MarketSample.key)
            try requireEqual(coverage.state(at: MarketSample.time(1)), .empty(.noTrades), "a minute without a bar")
            let wrong = CoverageMap([CoverageSpan(MarketSample.range(2..<3), .empty(.noTrades))])
            try await store.write(MarketSample.run([], age: 90, coverage: wrong))
            let after = try await store.coverage(of: MarketSample.key)
            try requireEqual(after.state(at: MarketSample.time(2)), .hasData, "a minute with a bar")
        },
        CompatibilityCheck("coverage without bars makes a series, and a run without either changes nothing") { store in
            try await store.write(MarketSample.run([], coverage: MarketSample.data(0..<1)))
            let outcome = try await store.write(MarketSample.run([]))
            try require(outcome.isUnchanged, "an empty run changed something")
            try requireEqual(try await store.series().map(\.bars), [0], "bars counted")
        },
    ]
}

extension MarketStoreCompatibility {
    static let generations: [CompatibilityCheck] =
        [
            CompatibilityCheck("a run with another price adjustment begins a generation and hides old bars") { store in
                var coverage = MarketSample.data(0..<20)
                coverage.replace(CoverageSpan(MarketSample.range(4..<5), .empty(.noTrades)))
                let bars = (0..<20).filter { $0 != 4 }.map { MarketSample.bar($0) }
                try await store.write(MarketSample.run(bars, coverage: coverage))
                let admission = try await admit(halved(10..<20, had: true), into: store)
                try requireEqual(admission.verdict, .newGeneration, "verdict")
                try requireEqual(try await store.generation(of: MarketSample.key), 1, "generation")
                try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, split(10..<20), "served")
                let known = try await store.coverage(of: MarketSample.key)
                try requireEqual(
                    known.unknown(in: MarketSample.range(0..<20)),
                    [MarketSample.range(0..<4), MarketSample.range(5..<10)],
                    "unknown in the new generation")
                try requireEqual(known.state(at: MarketSample.time(4)), .empty(.noTrades), "a minute without a trade")
                let former = try await store.formerBars(of: MarketSample.key, in: .always, limit: .max)
                try requireEqual(former.bars, (0..<10).filter { $0 != 4 }.map { MarketSample.bar($0) }, "former bars")
                let summary = try await store.series()
                try requireEqual(summary.map(\.bars), [10], "bars counted")
                try requireEqual(summary.map(\.formerBars), [9], "former bars counted")
            },
            CompatibilityCheck("a former bar stays until the new generation has one at its time") { store in
                try await store.write(
                    MarketSample.run((0..<10).map { MarketSample.bar($0) }, coverage: MarketSample.data(0..<10)))
                try await admit(halved(7..<10), into: store)
                // The source has no bar 6, and shows nothing before 4.
                var coverage = MarketSample.data(4..<10)
                coverage.add(CoverageSpan(MarketSample.range(0..<4), .empty(.beforeHistory)))
                coverage.replace(CoverageSpan(MarketSample.range(6..<7), .empty(.noTrades)))
                let later = MarketSample.run(split(4..<6) + split(7..<8), age: 120, coverage: coverage)
                try requireEqual(try await store.admit(later, if: Admission.Condition()).verdict, .appended, "verdict")
                let former = try await store.formerBars(of: MarketSample.key, in: .always, limit: .max).bars
                try requireEqual(former, [0, 1, 2, 3, 6].map { MarketSample.bar($0) }, "former bars")
                try await admit(halved(0..<7, age: 180), into: store)
                let none = try await store.formerBars(of: MarketSample.key, in: .always, limit: .max).bars
                try requireEqual(none, [], "former bars once all came again")
                try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, split(0..<10), "served")
                try requireEqual(try await store.series().map(\.formerBars), [0], "former bars counted")
            },
            CompatibilityCheck(
                "a run that shares no bars needs a neighbour that was confirmed, where that is requested"
            ) {
                store in
                try await store.write(MarketSample.run((0..<10).map { MarketSample.bar($0) }))
                let run = MarketSample.run([MarketSample.bar(10)], age: 60)
                let condition = Admission.Condition(confirmedSince: MarketSample.later.advanced(bySeconds: 30))
                let overlap = TimeRange(
                    from: MarketSample.time(7), to: Timestamp(milliseconds: MarketSample.time(9).milliseconds + 1))
                try requireEqual(
                    try await store.verdict(on: run, if: condition), .needsOverlap(overlap), "what would become of it")
                try requireEqual(
                    try await store.admit(run, if: condition).verdict, .needsOverlap(overlap), "what became of it")
                try requireEqual(try await store.series().map(\.bars), [10], "bars")
                try await store.write(MarketSample.run([MarketSample.bar(9)], age: 40))
                try requireEqual(
                    try await store.admit(run, if: condition).verdict, .appended, "with a confirmed neighbour")
            },
            CompatibilityCheck(
                "what was fetched for another generation, or is older than what it contradicts, stays out"
            ) {
                store in
                try await store.write(MarketSample.run((0..<10).map { MarketSample.bar($0) }))
                try await admit(halved(0..<10), into: store)
                let late = MarketSample.run([MarketSample.bar(20)], age: 70)
                let planned = try await store.admit(late, if: Admission.Condition(generation: 0))
                try requireEqual(planned.written.isUnchanged, true, "of another generation")
                let old = MarketSample.run((5..<15).map { MarketSample.bar($0) }, age: 30)
                let admission = try await store.admit(old, if: Admission.Condition())
                try requireEqual(admission.written.isUnchanged, true, "older")
                try requireEqual(try await store.generation(of: MarketSample.key), 1, "generation")
                try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, split(0..<10), "served")
            },
            CompatibilityCheck("retention removes bars of every generation") { store in
                try await store.write(MarketSample.run((0..<10).map { MarketSample.bar($0) }))
                try await admit(halved(5..<10), into: store)
                try requireEqual(
                    try await store.countBars(of: MarketSample.key, before: MarketSample.time(7)), 7, "counted")
                try requireEqual(
                    try await store.removeBars(of: MarketSample.key, before: MarketSample.time(7)), 7, "removed")
                let former = try await store.formerBars(of: MarketSample.key, in: .always, limit: .max).bars
                try requireEqual(former, [], "former bars")
                try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, split(7..<10), "served")
            },
        ]
        + (1...6).map { seed in
            CompatibilityCheck("runs in any order are served with one price adjustment (seed \(seed))") { store in
                var random = SeededRandom(state: UInt64(seed) &* 7_919)
                var isSplit = false
                for step in 0..<80 {
                    if step == 40 { isSplit = true }
                    let first = Int.random(in: 0..<180, using: &random)
                    let part = first..<first + Int.random(in: 4...30, using: &random)
                    // Before the split only old prices are reported; after it, late responses with old prices come too.
                    let isNew = isSplit && Int.random(in: 0..<4, using: &random) > 0
                    let age = isNew ? 1_000 + Int64(step) : Int64(min(step, 40))
                    let run =
                        isNew
                        ? halved(part, age: age) : MarketSample.run(part.map { MarketSample.bar($0) }, age: age)
                    let generation = try await store.generation(of: MarketSample.key)
                    let condition = Admission.Condition(
                        generation: isNew ? generation : 0,
                        confirmedSince: run.provenance.asOf.advanced(bySeconds: -500))
                    let admission = try await store.admit(run, if: condition)
                    if case .needsOverlap(let range) = admission.verdict, isNew {
                        let overlap = (0..<220).filter { range.contains(MarketSample.time($0)) }.map {
                            split($0..<$0 + 1)
                        }
                        try await store.admit(
                            MarketSample.run(overlap.flatMap(\.self), age: age), if: Admission.Condition())
                        try await store.admit(run, if: Admission.Condition())
                    }
                    let served = try await store.bars(of: MarketSample.key, in: .always).bars
                    let halves = served.count { $0.open < 20_000 }
                    try require(halves == 0 || halves == served.count, "two adjustments are served after step \(step)")
                }
                try requireEqual(try await store.generation(of: MarketSample.key), 1, "generation")
                try requireEqual(try await store.check(), [], "faults")
            }
        }

    @discardableResult
    private static func admit(_ run: BarRun, into store: any BarStore) async throws -> Admission {
        try await store.admit(run, if: Admission.Condition())
    }

    /// Bars of after a split.
    private static func split(_ minutes: Range<Int>) -> [Bar] {
        minutes.map { minute in
            var bar = MarketSample.bar(minute)
            (bar.open, bar.high, bar.low, bar.close) = (bar.open / 2, bar.high / 2, bar.low / 2, bar.close / 2)
            return bar
        }
    }

    private static func halved(_ minutes: Range<Int>, age: Int64 = 60, had: Bool = false) -> BarRun {
        MarketSample.run(split(minutes), age: age, coverage: had ? MarketSample.data(minutes) : CoverageMap())
    }
}
