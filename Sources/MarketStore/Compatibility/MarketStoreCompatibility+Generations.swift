import MarketData

extension MarketStoreCompatibility {
    static let generations: [CompatibilityCheck] =
        [
            CompatibilityCheck("a run on another price level begins a new generation, and former bars are not served") {
                store in
                var coverage = MarketSample.had(0..<20)
                coverage.replace(CoverageSpan(MarketSample.range(4..<5), .empty(.noTrades)))
                let bars = (0..<20).filter { $0 != 4 }.map { MarketSample.bar($0) }
                try await store.write(MarketSample.run(bars, coverage: coverage))
                let admission = try await admit(halved(10..<20, had: true), into: store)
                try requireEqual(admission.verdict, .newGeneration, "verdict")
                try requireEqual(try await store.generation(of: MarketSample.key), 1, "generation")
                try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, split(10..<20), "served")
                let known = try await store.coverage(of: MarketSample.key)
                try requireEqual(
                    known.missing(in: MarketSample.range(0..<20)),
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
                    MarketSample.run((0..<10).map { MarketSample.bar($0) }, coverage: MarketSample.had(0..<10)))
                try await admit(halved(7..<10), into: store)
                // The source lacks 6, and shows nothing before 4.
                var proven = MarketSample.had(4..<10)
                proven.add(CoverageSpan(MarketSample.range(0..<4), .empty(.beforeHistory)))
                proven.replace(CoverageSpan(MarketSample.range(6..<7), .empty(.noTrades)))
                let later = MarketSample.run(split(4..<6) + split(7..<8), age: 120, coverage: proven)
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
                "a run that shares no bars needs a neighbour that was confirmed, where that is asked for"
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
                    try await store.letGo(of: MarketSample.key, before: MarketSample.time(7)), 7, "removed")
                let former = try await store.formerBars(of: MarketSample.key, in: .always, limit: .max).bars
                try requireEqual(former, [], "former bars")
                try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, split(7..<10), "served")
            },
        ]
        + (1...6).map { seed in
            CompatibilityCheck("whatever comes in any order, one level is served (seed \(seed))") { store in
                var random = SeededRandom(state: UInt64(seed) &* 7_919)
                var isSplit = false
                for step in 0..<80 {
                    if step == 40 { isSplit = true }
                    let first = Int.random(in: 0..<180, using: &random)
                    let part = first..<first + Int.random(in: 4...30, using: &random)
                    // Before the split only the old level is told; after it, late responses of before come too.
                    let tellsNew = isSplit && Int.random(in: 0..<4, using: &random) > 0
                    let age = tellsNew ? 1_000 + Int64(step) : Int64(min(step, 40))
                    let run =
                        tellsNew
                        ? halved(part, age: age) : MarketSample.run(part.map { MarketSample.bar($0) }, age: age)
                    let generation = try await store.generation(of: MarketSample.key)
                    let condition = Admission.Condition(
                        generation: tellsNew ? generation : 0,
                        confirmedSince: run.provenance.asOf.advanced(bySeconds: -500))
                    let admission = try await store.admit(run, if: condition)
                    if case .needsOverlap(let range) = admission.verdict, tellsNew {
                        let overlap = (0..<220).filter { range.contains(MarketSample.time($0)) }.map {
                            split($0..<$0 + 1)
                        }
                        try await store.admit(
                            MarketSample.run(overlap.flatMap(\.self), age: age), if: Admission.Condition())
                        try await store.admit(run, if: Admission.Condition())
                    }
                    let served = try await store.bars(of: MarketSample.key, in: .always).bars
                    let halves = served.count { $0.open < 20_000 }
                    try require(halves == 0 || halves == served.count, "two levels are served after step \(step)")
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
        MarketSample.run(split(minutes), age: age, coverage: had ? MarketSample.had(minutes) : CoverageMap())
    }
}
