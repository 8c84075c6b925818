import GRDB
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

/// Backfills and their items, as rows.
struct JobTable {
    static let mostItems = 100_000
    private static let kept = 50

    let db: Database

    /// The newest unfinished job with these orders.
    func unfinished(_ orders: [BackfillOrder]) throws -> BackfillJob? {
        let sql = """
            SELECT id, created FROM job WHERE fingerprint = ?
            AND EXISTS (SELECT 1 FROM job_item WHERE job = id AND state = 'waiting') ORDER BY id DESC
            """
        for row in try Row.fetchAll(db, sql: sql, arguments: [JobTable.fingerprint(orders)]) {
            let job = try job(row)
            if job.items.map(\.order) == orders { return job }
        }
        return nil
    }

    func make(_ orders: [BackfillOrder], now: Timestamp) throws -> BackfillJob {
        try db.execute(
            sql: "INSERT INTO job (created, fingerprint) VALUES (?, ?)",
            arguments: [now.milliseconds, JobTable.fingerprint(orders)])
        let id = db.lastInsertedRowID
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO job_item
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', NULL, 0, 0, 0, NULL)
                """)
        for (index, order) in orders.enumerated() {
            let place: StatementArguments = [id, index + 1]
            let span: StatementArguments = [order.from.milliseconds, order.to?.milliseconds]
            try insert.execute(arguments: place + SeriesTable.arguments(of: order.key) + span)
        }
        try db.execute(
            sql: "DELETE FROM job WHERE id NOT IN (SELECT id FROM job ORDER BY id DESC LIMIT \(JobTable.kept))")
        let items = orders.enumerated().map { BackfillJob.Item(number: $0 + 1, order: $1, result: nil) }
        return BackfillJob(id: id, created: now, items: items)
    }

    func settle(_ item: Int, of job: Int64, _ result: BackfillResult) throws {
        try db.execute(
            sql: """
                UPDATE job_item SET state = ?, settled = ?, inserted = inserted + ?, revised = revised + ?,
                    remaining = ?, reason = ?
                WHERE job = ? AND number = ?
                """,
            arguments: [
                result.state.rawValue, result.settled.milliseconds, result.inserted, result.revised,
                result.remaining, result.reason, job, item,
            ])
        guard db.changesCount == 1 else { throw StoreError(.refused, "job \(job) has no item \(item)") }
    }

    func job(_ id: Int64) throws -> BackfillJob? {
        let row = try Row.fetchOne(db, sql: "SELECT id, created FROM job WHERE id = ?", arguments: [id])
        return try row.map(job)
    }

    func all() throws -> [BackfillJob] {
        try Row.fetchAll(db, sql: "SELECT id, created FROM job ORDER BY id DESC").map(job)
    }

    private func job(_ row: Row) throws -> BackfillJob {
        let sql = """
            SELECT symbol, interval, hours, adjustment, back_adjusted, number, start, stop, state, settled,
                inserted, revised, remaining, reason
            FROM job_item WHERE job = ? ORDER BY number
            """
        let items = try Row.fetchAll(db, sql: sql, arguments: [row[0] as Int64]).map(item)
        return BackfillJob(id: row[0], created: Timestamp(milliseconds: row[1]), items: items)
    }

    private func item(_ row: Row) throws -> BackfillJob.Item {
        let stop = (row[7] as Int64?).map(Timestamp.init(milliseconds:))
        let order = BackfillOrder(
            try SeriesTable.key(row), from: Timestamp(milliseconds: row[6]), to: stop)
        var result: BackfillResult?
        if let settled = row[9] as Int64?, let state = BackfillResult.State(rawValue: row[8]) {
            result = BackfillResult(
                state: state, settled: Timestamp(milliseconds: settled), inserted: row[10], revised: row[11],
                remaining: row[12], reason: row[13])
        }
        return BackfillJob.Item(number: row[5], order: order, result: result)
    }

    /// Distinguishes orders quickly (FNV-1a, 64 bits); equality is settled by the orders themselves.
    private static func fingerprint(_ orders: [BackfillOrder]) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for order in orders {
            let text = "\(order.key)|\(order.from.milliseconds)|\(order.to?.milliseconds ?? 0)\n"
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return Int64(bitPattern: hash)
    }
}
