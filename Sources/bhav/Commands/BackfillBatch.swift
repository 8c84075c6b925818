import ArgumentParser
import BhavApp
import MarketData
import MarketHistory
import MarketHub
import MarketStore

/// A backfill as it is ordered or taken up on the command line: works on the job, with a line about each series, and a
/// progress bar on a terminal.
struct BackfillBatch: Sendable {
    /// What to work on.
    enum Work: Sendable {
        /// These series; where a job with the same ones was not finished, that one is taken up.
        case orders([BackfillOrder])
        /// What a job has left; `nil` for the newest one that has.
        case resume(Int64?)
    }

    let work: Work
    let pace: Backfill.Pace
    /// Whether only what is not complete is told of.
    let isQuiet: Bool

    func run(_ backfill: Backfill, _ jobs: any BackfillJobStore) async throws {
        guard let job = try await job(in: jobs) else {
            Console.say("bhav: no backfill has anything left to do")
            return
        }
        let report = BackfillReport(job: job, isQuiet: isQuiet)
        do {
            try await backfill.work(on: job, in: jobs) { report.take($0) }
        } catch let error as CancellationError {
            report.say("interrupted; what came is kept. Go on with: bhav backfill --resume --job \(job.id)")
            throw error
        } catch let error as StoreError {
            report.say("stopped; what came before is kept. Go on with: bhav backfill --resume --job \(job.id)")
            throw error
        }
        report.sayTotals()
        if let exit = report.exit { throw ExitCode(exit.rawValue) }
    }

    /// Says what the store lacks of each series, and asks nobody.
    func tell(_ store: SQLiteMarketStore, calendars: SeriesCalendars) async throws {
        let now = SystemClock.now()
        for order in try await orders(in: store) {
            guard let range = order.range(now: now) else { continue }
            let boundaries = try await calendars.boundaries(of: order.key, in: store)
            let survey = try await SeriesSurvey(
                of: order.key, over: range, in: store, boundaries: boundaries, now: now)
            let plan = survey.plan(pageSize: pace.pageSize)
            let name = "\(order.key.symbol) \(order.key.interval)"
            Console.say(
                plan.pages.isEmpty
                    ? "bhav: \(name)  nothing is missing"
                    : "bhav: \(name)  up to \(plan.bars) bars are missing; questions: \(plan.pages.count)")
        }
    }

    private func orders(in store: SQLiteMarketStore) async throws -> [BackfillOrder] {
        if case .orders(let orders) = work { return orders }
        return try await job(in: store)?.items.filter(\.isOpen).map(\.order) ?? []
    }

    private func job(in jobs: any BackfillJobStore) async throws -> BackfillJob? {
        switch work {
        case .orders(let orders):
            let job = try await jobs.openJob(orders, now: SystemClock.now())
            if job.items.contains(where: { $0.result != nil }) {
                Console.say("bhav: taking up job \(job.id) of \(job.created)")
            }
            return job
        case .resume(let id?):
            guard let job = try await jobs.job(id) else {
                throw MarketDataError.badRequest("there is no job \(id); bhav store jobs lists them")
            }
            return job
        case .resume(nil):
            let all = try await jobs.jobs()
            return all.first(where: \.isUnfinished) ?? all.first { $0.count(.complete) < $0.items.count }
        }
    }
}
