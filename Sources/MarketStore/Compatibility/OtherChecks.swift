import MarketData

extension MarketStoreCompatibility {
    static let retention: [CompatibilityCheck] = [
        CompatibilityCheck("what is older than a policy keeps goes, and is known to have been removed") { store in
            let bars = (0..<30).map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: MarketSample.data(0..<30)))
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
            try requireEqual(coverage.state(at: MarketSample.time(20)), .hasData, "the first minute that stays")
            try requireEqual(try await store.series().map(\.bars), [10], "counted bars")
            try requireEqual(try await store.applyRetention(now: now), 0, "removed the second time")
        },
        CompatibilityCheck("a policy that keeps more makes what an earlier one removed missing again") { store in
            let now = MarketSample.time(30)
            try await store.write(
                MarketSample.run((0..<30).map { MarketSample.bar($0) }, coverage: MarketSample.data(0..<30)))
            try await store.setRetentionPolicy(RetentionPolicy(seconds: [.oneMinute: 600]), now: now)
            try await store.applyRetention(now: now)
            try await store.setRetentionPolicy(RetentionPolicy(seconds: [.oneMinute: 1_200]), now: now)
            let longer = try await store.coverage(of: MarketSample.key)
            try requireEqual(longer.state(at: MarketSample.time(9)), .removed, "what it does not keep either")
            try requireEqual(longer.unknown(in: MarketSample.range(10..<30)), [MarketSample.range(10..<20)], "missing")
            try await store.setRetentionPolicy(RetentionPolicy(), now: now)
            try requireEqual(try await store.retentionPolicy(), RetentionPolicy(), "the policy")
            try requireEqual(try await store.coverage(of: MarketSample.key), MarketSample.data(20..<30), "coverage")
        },
        CompatibilityCheck("the start of a series stays known, and a later bar before it is covered") { store in
            var coverage = MarketSample.data(10..<30)
            coverage.add(CoverageSpan(MarketSample.range(0..<10), .empty(.beforeHistory)))
            let bars = (10..<30).map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: coverage))
            try requireEqual(
                try await store.removeBars(of: MarketSample.key, before: MarketSample.time(20)), 10, "removed")
            try await store.write(MarketSample.run([MarketSample.bar(15)], coverage: MarketSample.data(15..<16)))
            let after = try await store.coverage(of: MarketSample.key)
            try requireEqual(after.state(at: MarketSample.time(5)), .empty(.beforeHistory), "before the beginning")
            try requireEqual(after.state(at: MarketSample.time(14)), .removed, "removed")
            try requireEqual(after.state(at: MarketSample.time(15)), .hasData, "taken in again")
        },
        CompatibilityCheck("what is written while much is removed is all there afterwards") { store in
            let bars = (0..<25_000).map { MarketSample.bar($0) }
            try await store.write(MarketSample.run(bars, coverage: MarketSample.data(0..<25_000)))
            async let removed = store.removeBars(of: MarketSample.key, before: MarketSample.time(24_000))
            for minute in 25_000..<25_020 {
                try await store.write(
                    MarketSample.run([MarketSample.bar(minute)], coverage: MarketSample.data(minute..<(minute + 1))))
            }
            try requireEqual(try await removed, 24_000, "removed")
            try requireEqual(try await store.series().map(\.bars), [1_020], "bars that stay")
            let coverage = try await store.coverage(of: MarketSample.key)
            try requireEqual(coverage.state(at: MarketSample.time(23_999)), .removed, "the last that went")
            try requireEqual(
                coverage.unknown(in: MarketSample.range(0..<25_020)), [], "unknown once much was removed")
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
            try requireEqual(try await store.append(other), .differs, "other values under the same stamp")
            let stored = try await SnapshotSample.all(of: store)
            try requireEqual(stored, [SnapshotSample.at(0)], "snapshots")
        },
        CompatibilityCheck("no response as of an instant is from later") { store in
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

extension MarketStoreCompatibility {
    static let snapshotIndex: [CompatibilityCheck] = [
        CompatibilityCheck("stamps say whose they are: two sources of one stamp are two, ascending, of one expiry") {
            store in
            for minute in [9, 0, 6, 3] { try await store.append(SnapshotSample.at(minute)) }
            try await store.append(SnapshotSample.at(6, source: .nse))
            try await store.append(SnapshotSample.at(7, expiresIn: 7))
            let stamps = try await store.sourceStamps(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: MarketSample.range(3..<9))
            let expected: [(Int, Provenance.Source)] = [(3, .trendlyne), (6, .nse), (6, .trendlyne)]
            try requireEqual(
                stamps,
                expected.map {
                    SnapshotStamp(source: $0.1, mode: .streaming, asOf: MarketSample.time($0.0))
                }, "stamps")
        },
        CompatibilityCheck("a stamp says how it was reported") { store in
            var close = SnapshotSample.at(9, source: .nse)
            close.provenance.mode = .endOfDay
            try await store.append(close)
            let stamps = try await store.sourceStamps(
                of: SnapshotSample.symbol, expiry: SnapshotSample.expiry, in: .always)
            try requireEqual(stamps.map(\.mode), [.endOfDay], "modes")
        },
    ]
}

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

extension MarketStoreCompatibility {
    private static let orders = [Interval.oneMinute, .fiveMinutes, .oneDay].map { interval in
        BackfillOrder(
            SeriesKey(symbol: MarketSample.key.symbol, interval: interval), from: MarketSample.opening,
            to: interval == .oneDay ? nil : MarketSample.later)
    }

    private static func result(_ state: BackfillResult.State, inserted: Int = 7) -> BackfillResult {
        BackfillResult(
            state: state, settled: MarketSample.later, inserted: inserted, revised: 1,
            remaining: state == .complete ? 0 : 3, reason: state == .complete ? nil : "plan_limit")
    }

    static let jobs: [CompatibilityCheck] = [
        CompatibilityCheck("a job is kept with its orders, and the same orders resume the unfinished one") { store in
            let job = try await store.openJob(orders, now: MarketSample.opening)
            try requireEqual(job.items.map(\.order), orders, "orders")
            try await store.settle(2, of: job.id, result(.partial))
            let again = try await store.openJob(orders, now: MarketSample.later)
            try requireEqual(again.id, job.id, "the job")
            try requireEqual(again.items.map(\.result), [nil, result(.partial), nil], "results")
            try requireEqual(again.created, MarketSample.opening, "created")
            try requireEqual(try await store.job(job.id), again, "the job by its number")
        },
        CompatibilityCheck("other orders, or the same after the end, are a new job, and the newest comes first") {
            store in
            let first = try await store.openJob(orders, now: MarketSample.opening)
            let other = try await store.openJob(Array(orders.dropLast()), now: MarketSample.opening)
            for item in 1...3 { try await store.settle(item, of: first.id, result(.complete)) }
            let second = try await store.openJob(orders, now: MarketSample.later)
            try requireEqual(try await store.jobs().map(\.id), [second.id, other.id, first.id], "jobs")
            try requireEqual(try await store.job(first.id)?.isUnfinished, false, "unfinished")
            try requireEqual(try await store.job(-1), nil, "a job that is not there")
        },
        CompatibilityCheck("a second result takes the place of the first, and what each brought is added up") { store in
            let job = try await store.openJob(orders, now: MarketSample.opening)
            try await store.settle(1, of: job.id, result(.failed))
            try await store.settle(1, of: job.id, result(.complete, inserted: 5))
            let found = try await store.job(job.id)?.items.first?.result
            try requireEqual(found?.state, .complete, "state")
            try requireEqual(found?.inserted, 12, "bars inserted by both")
            try requireEqual(found?.reason, nil, "reason")
        },
        CompatibilityCheck("no orders are refused, and so is a result of an item that is not there") { store in
            let job = try await store.openJob(orders, now: MarketSample.opening)
            do {
                try await store.settle(4, of: job.id, result(.complete))
                throw CompatibilityFailure("an item that is not there was settled")
            } catch let error as StoreError { try requireEqual(error.code, .refused, "the error's code") }
            do {
                _ = try await store.openJob([], now: MarketSample.opening)
                throw CompatibilityFailure("a job without orders was kept")
            } catch let error as StoreError { try requireEqual(error.code, .refused, "the error's code") }
        },
        CompatibilityCheck("only the newest jobs are kept") { store in
            for minute in 0..<60 {
                let order = BackfillOrder(MarketSample.key, from: MarketSample.time(minute), to: nil)
                _ = try await store.openJob([order], now: MarketSample.time(minute))
            }
            let jobs = try await store.jobs()
            try requireEqual(jobs.count, 50, "jobs")
            try requireEqual(jobs.last?.created, MarketSample.time(10), "the oldest")
        },
    ]
}

extension MarketStoreCompatibility {
    static let instruments: [CompatibilityCheck] = [
        CompatibilityCheck("what was last said of an instrument is what is known of it") { store in
            let symbol = MarketSample.key.symbol
            try requireEqual(try await store.instrument(of: symbol), nil, "before anything was said")
            let first = Instrument(symbol: symbol, timeZone: "Asia/Kolkata", session: "24x7", hasVolume: false)
            try await store.keep(first)
            try requireEqual(try await store.instrument(of: symbol), first, "what was kept")
            var second = Instrument(
                symbol: symbol, description: "Nifty 50", type: "index", currency: "INR", priceScale: 100, minimumMove: 5
            )
            second.country = "IN"
            try await store.keep(second)
            try await store.keep(second)
            try requireEqual(try await store.instrument(of: symbol), second, "what was said later")
        }
    ]
}
