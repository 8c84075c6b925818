import MarketData

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
        CompatibilityCheck("a job is kept with its orders, and the same orders take up the unfinished one") { store in
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
