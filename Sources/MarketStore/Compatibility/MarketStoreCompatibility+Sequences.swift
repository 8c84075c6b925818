import MarketData

extension MarketStoreCompatibility {
    static let sequences: [CompatibilityCheck] = (1...8).map { seed in
        CompatibilityCheck(
            "overlapping, repeated, reordered writes end in the content of one clean write (seed \(seed))"
        ) { store in
            var random = SeededRandom(state: UInt64(seed))
            let truth = MarketTruth(days: 3, &random)
            for run in truth.answers(&random) { try await store.write(run) }
            let clean = truth.cleanRun
            let stored = try await store.bars(of: clean.key, in: .always)
            try require(stored.bars == clean.bars, "the bars differ from those of a clean write")
            try requireEqual(try await store.coverage(of: clean.key), clean.coverage, "coverage")
            try requireEqual(try await store.revisions(of: clean.key), [], "revisions")
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), so that a failing sequence can be had again.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
