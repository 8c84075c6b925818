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
    ]
}
