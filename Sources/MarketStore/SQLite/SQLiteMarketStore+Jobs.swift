public import MarketData

extension SQLiteMarketStore: BackfillJobStore {
    public func openJob(_ orders: [BackfillOrder], now: Timestamp) async throws(StoreError) -> BackfillJob {
        guard (1...JobTable.mostItems).contains(orders.count) else {
            throw StoreError(.refused, "a backfill has from 1 to \(JobTable.mostItems) series, not \(orders.count)")
        }
        return try await write("keeping a backfill of \(orders.count) series") { db in
            let table = JobTable(db: db)
            return try table.unfinished(orders) ?? table.make(orders, now: now)
        }
    }

    public func settle(_ item: Int, of job: Int64, _ result: BackfillResult) async throws(StoreError) {
        try await write("noting the outcome of item \(item) of job \(job)") { db in
            try JobTable(db: db).settle(item, of: job, result)
        }
    }

    public func job(_ id: Int64) async throws(StoreError) -> BackfillJob? {
        try await read("reading job \(id)") { db in try JobTable(db: db).job(id) }
    }

    public func jobs() async throws(StoreError) -> [BackfillJob] {
        try await read("reading the jobs") { db in try JobTable(db: db).all() }
    }
}
