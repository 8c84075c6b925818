import MarketData

extension MarketStoreCompatibility {
    static let revisions: [CompatibilityCheck] = [
        CompatibilityCheck("a final bar takes the place of a forming one, and never the other way round") { store in
            let forming = MarketSample.bar(0, nudge: 2, isFinal: false)
            try await store.write(MarketSample.run([forming], age: 60))
            let final = try await store.write(MarketSample.run([MarketSample.bar(0)]))
            try requireEqual(final.updated, 1, "updated by the final bar, though its answer is older")
            try await store.write(MarketSample.run([forming], age: 120))
            let bars = try await store.bars(of: MarketSample.key, in: .always).bars
            try requireEqual(bars, [MarketSample.bar(0)], "bars")
            try requireEqual(try await store.revisions(of: MarketSample.key), [], "revisions")
        },
        CompatibilityCheck("of two forming bars the one of the newer answer stands") { store in
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
        CompatibilityCheck("an older answer that comes late changes no bar, and its value is kept as a former one") {
            store in
            let newer = MarketSample.bar(0, nudge: 1)
            try await store.write(MarketSample.run([newer], age: 60))
            let outcome = try await store.write(MarketSample.run([MarketSample.bar(0)]))
            try require(outcome.isUnchanged, "the older answer changed something: \(outcome)")
            try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, [newer], "bars")
            let former = BarRevision(former: MarketSample.bar(0), provenance: MarketSample.provenance())
            try requireEqual(try await store.revisions(of: MarketSample.key), [former], "revisions")
        },
        CompatibilityCheck("answers repeated after a revision revise nothing again") { store in
            let answers = [
                MarketSample.run([MarketSample.bar(0)]), MarketSample.run([MarketSample.bar(0, nudge: 1)], age: 60),
            ]
            for answer in answers + answers + answers.reversed() { try await store.write(answer) }
            try requireEqual(try await store.revisions(of: MarketSample.key).count, 1, "revisions")
            let bars = try await store.bars(of: MarketSample.key, in: .always).bars
            try requireEqual(bars, [MarketSample.bar(0, nudge: 1)], "bars")
        },
        CompatibilityCheck("bars that are outdated are kept, and lacking until they were fetched anew") { store in
            var coverage = MarketSample.had(0..<20)
            coverage.remove(MarketSample.range(12..<14))
            coverage.replace(CoverageSpan(MarketSample.range(4..<5), .empty(.noTrades)))
            let bars = (0..<20).filter { $0 != 4 && $0 != 12 && $0 != 13 }.map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: coverage))
            try await store.outdate(MarketSample.key, before: MarketSample.time(15))
            let known = try await store.coverage(of: MarketSample.key)
            try requireEqual(
                known.missing(in: MarketSample.range(0..<20)), [MarketSample.range(0..<4), MarketSample.range(5..<15)],
                "lacking")
            try requireEqual(known.state(at: MarketSample.time(4)), .empty(.noTrades), "a minute without a trade")
            try requireEqual(try await store.series().map(\.bars), [17], "bars")
            let current = try await store.currentBars(of: MarketSample.key, in: .always).bars
            try requireEqual(current, (15..<20).map { MarketSample.bar($0) }, "bars that still hold")
            let anew = (0..<12).filter { $0 != 4 }.map { MarketSample.bar($0, nudge: 1) }
            try await store.write(MarketSample.run(anew, age: 60, coverage: MarketSample.had(0..<12)))
            let after = try await store.coverage(of: MarketSample.key)
            try requireEqual(
                after.missing(in: MarketSample.range(0..<20)), [MarketSample.range(12..<15)], "lacking afterwards")
            let now = try await store.currentBars(of: MarketSample.key, in: MarketSample.range(0..<15)).bars
            try requireEqual(now, anew, "bars that were fetched anew")
        },
        CompatibilityCheck("a bar of before stays outdated that an answer over its time does not bring") { store in
            let bars = (0..<10).map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: MarketSample.had(0..<10)))
            try await store.outdate(MarketSample.key, before: MarketSample.time(100))
            // The source says that history begins at 4, and lacks 6.
            var proven = MarketSample.had(4..<10)
            proven.add(CoverageSpan(MarketSample.range(0..<4), .empty(.beforeHistory)))
            proven.replace(CoverageSpan(MarketSample.range(6..<7), .empty(.noTrades)))
            let anew = [4, 5, 7, 8, 9].map { MarketSample.bar($0, nudge: 1) }
            try await store.write(MarketSample.run(anew, age: 60, coverage: proven))
            try requireEqual(
                try await store.currentBars(of: MarketSample.key, in: .always).bars, anew, "bars that still hold")
            try requireEqual(try await store.series().map(\.bars), [10], "bars that are kept")
        },
        CompatibilityCheck("a bar that is written over an outdated one holds, whatever is said of its time") { store in
            let bars = (0..<10).map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: MarketSample.had(0..<10)))
            try await store.outdate(MarketSample.key, before: MarketSample.time(100))
            let anew = [3, 4, 12].map { MarketSample.bar($0, nudge: 1) }
            try await store.write(MarketSample.run(anew, age: 60, coverage: CoverageMap()))
            try requireEqual(
                try await store.currentBars(of: MarketSample.key, in: .always).bars, anew, "bars that hold")
        },
    ]
}
