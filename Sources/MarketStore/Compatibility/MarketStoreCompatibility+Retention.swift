import MarketData

extension MarketStoreCompatibility {
    static let retention: [CompatibilityCheck] = [
        CompatibilityCheck("what is older than a policy keeps goes, and is known to have been let go of") { store in
            let bars = (0..<30).map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: MarketSample.had(0..<30)))
            let now = MarketSample.time(30)
            try await store.setRetentionPolicy(RetentionPolicy(seconds: [.oneMinute: 600]), now: now)
            let plan = try await store.retentionPlan(try await store.retentionPolicy(), now: now)
            try requireEqual(plan.items.map(\.bars), [20], "bars that would go")
            try requireEqual(try await store.series().map(\.bars), [30], "bars before the policy is applied")
            try requireEqual(try await store.applyRetention(now: now), 20, "removed")
            try requireEqual(try await store.bars(of: MarketSample.key, in: .always).bars, Array(bars[20...]), "bars")
            let coverage = try await store.coverage(of: MarketSample.key)
            try requireEqual(coverage.state(at: MarketSample.time(19)), .removed, "the last minute that went")
            try requireEqual(coverage.state(at: MarketSample.time(-9_999)), .removed, "long before")
            try requireEqual(coverage.state(at: MarketSample.time(20)), .had, "the first minute that stays")
            try requireEqual(try await store.series().map(\.bars), [10], "counted bars")
            try requireEqual(try await store.applyRetention(now: now), 0, "removed the second time")
        },
        CompatibilityCheck("a policy that keeps more makes what an earlier one let go of missing again") { store in
            let now = MarketSample.time(30)
            try await store.write(
                MarketSample.run((0..<30).map { MarketSample.bar($0) }, coverage: MarketSample.had(0..<30)))
            try await store.setRetentionPolicy(RetentionPolicy(seconds: [.oneMinute: 600]), now: now)
            try await store.applyRetention(now: now)
            try await store.setRetentionPolicy(RetentionPolicy(seconds: [.oneMinute: 1_200]), now: now)
            let longer = try await store.coverage(of: MarketSample.key)
            try requireEqual(longer.state(at: MarketSample.time(9)), .removed, "what it does not keep either")
            try requireEqual(longer.missing(in: MarketSample.range(10..<30)), [MarketSample.range(10..<20)], "missing")
            try await store.setRetentionPolicy(RetentionPolicy(), now: now)
            try requireEqual(try await store.retentionPolicy(), RetentionPolicy(), "the policy")
            try requireEqual(try await store.coverage(of: MarketSample.key), MarketSample.had(20..<30), "coverage")
        },
        CompatibilityCheck("where a series begins stays known, and a bar that comes after all is had") { store in
            var coverage = MarketSample.had(10..<30)
            coverage.add(CoverageSpan(MarketSample.range(0..<10), .empty(.beforeHistory)))
            let bars = (10..<30).map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: coverage))
            try requireEqual(try await store.letGo(of: MarketSample.key, before: MarketSample.time(20)), 10, "removed")
            try await store.write(MarketSample.run([MarketSample.bar(15)], coverage: MarketSample.had(15..<16)))
            let after = try await store.coverage(of: MarketSample.key)
            try requireEqual(after.state(at: MarketSample.time(5)), .empty(.beforeHistory), "before the beginning")
            try requireEqual(after.state(at: MarketSample.time(14)), .removed, "let go of")
            try requireEqual(after.state(at: MarketSample.time(15)), .had, "taken in again")
        },
        CompatibilityCheck("what is written while much is let go of is all there afterwards") { store in
            let bars = (0..<25_000).map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: MarketSample.had(0..<25_000)))
            async let removed = store.letGo(of: MarketSample.key, before: MarketSample.time(24_000))
            for minute in 25_000..<25_020 {
                try await store.write(
                    MarketSample.run([MarketSample.bar(minute)], coverage: MarketSample.had(minute..<(minute + 1))))
            }
            try requireEqual(try await removed, 24_000, "removed")
            try requireEqual(try await store.series().map(\.bars), [1_020], "bars that stay")
            let coverage = try await store.coverage(of: MarketSample.key)
            try requireEqual(coverage.state(at: MarketSample.time(23_999)), .removed, "the last that went")
            try requireEqual(
                coverage.missing(in: MarketSample.range(0..<25_020)), [], "missing once much was let go of")
        },
        CompatibilityCheck("a policy of no time at all is refused, and the former one stays") { store in
            let policy = RetentionPolicy(seconds: [.oneMinute: 600])
            try await store.setRetentionPolicy(policy, now: MarketSample.later)
            do {
                try await store.setRetentionPolicy(RetentionPolicy(seconds: [.oneMinute: 0]), now: MarketSample.later)
                throw CompatibilityFailure("zero seconds were taken")
            } catch let error as StoreError { try requireEqual(error.code, .refused, "the error's code") }
            try requireEqual(try await store.retentionPolicy(), policy, "the policy")
        },
    ]
}
