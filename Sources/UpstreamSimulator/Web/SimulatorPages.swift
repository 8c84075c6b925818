import MarketData

/// The simulator's own addresses: `GET /simulator/counts`, and what is changed while it runs.
///
///     POST /simulator/faults?begin=NAME   a fault strikes from now on
///     POST /simulator/faults?end=NAME     and ends
///     POST /simulator/split?symbol=NSE:TCS&ratio=2   a share splits now
///     POST /simulator/freeze?symbol=NSE:TCS          its open series and quotes stop changing
///     POST /simulator/thaw?symbol=NSE:TCS            and move again
///     POST /simulator/cut                 every WebSocket connection breaks now, as a failing network breaks it
///     POST /simulator/counts/reset        counts from nothing again
struct SimulatorPages: Sendable {
    static let root = "/simulator/"

    let simulation: Simulation
    let activity: ActivityLog

    /// The response; `nil` for a path that is not the simulator's own.
    func response(to request: WebRequest) async -> WebResponse? {
        guard request.path.hasPrefix(SimulatorPages.root) else { return nil }
        switch (request.method, String(request.path.dropFirst(SimulatorPages.root.count))) {
        case ("GET", "counts"): return .json(counts)
        case ("POST", "counts/reset"):
            simulation.counts.reset()
            return .json(counts)
        case ("POST", "cut"):
            await activity.cutConnections()
            return .json(["status": "ok"])
        case ("POST", "faults"): return changeFaults(request)
        case ("POST", "split"), ("POST", "freeze"), ("POST", "thaw"): return changeSymbol(request)
        default: return .notFound(request.path)
        }
    }

    private var counts: JSONText {
        let series = simulation.counts.all
        let did = activity.activity
        func number(_ count: Int) -> JSONText { .int(Int64(count)) }
        func table(_ counts: [String: Int]) -> JSONText {
            .object(counts.sorted { $0.key < $1.key }.map { ($0.key, number($0.value)) })
        }
        return .object([
            ("connectionsMade", number(did.connectionsMade)), ("connectionsOpen", number(did.connectionsOpen)),
            ("barsAsked", number(series.reduce(0) { $0 + $1.barsRequested })),
            ("barsSent", number(series.reduce(0) { $0 + $1.barsSent })),
            (
                "series",
                .list(
                    series.map { count in
                        .object([
                            ("symbol", .string(count.symbol)), ("interval", .string("\(count.interval)")),
                            ("requests", number(count.requests)), ("barsAsked", number(count.barsRequested)),
                            ("barsSent", number(count.barsSent)), ("barsPushed", number(count.barsPushed)),
                        ])
                    })
            ),
            ("calls", table(did.calls)), ("requests", table(did.requests)),
        ])
    }

    private func changeSymbol(_ request: WebRequest) -> WebResponse {
        guard let symbol = try? Symbol(request.query["symbol"] ?? ""),
            simulation.market.instrument(named: "\(symbol)") != nil
        else { return .json(["error": "symbol names no instrument"], status: 400) }
        switch request.path.split(separator: "/").last {
        case "split":
            guard let ratio = request.query["ratio"].flatMap(Double.init), ratio > 0, ratio.isFinite else {
                return .json(["error": "ratio must be a number above 0"], status: 400)
            }
            simulation.split(symbol, ratio: ratio)
        case "freeze": simulation.frozen.freeze("\(symbol)")
        default: simulation.frozen.thaw("\(symbol)")
        }
        return .json(["status": "ok"])
    }

    private func changeFaults(_ request: WebRequest) -> WebResponse {
        do throws(SimulatorConfigurationError) {
            for fault in try Fault.list(request.query["begin"] ?? "") { simulation.ledger.begin(fault) }
            for fault in try Fault.list(request.query["end"] ?? "") { simulation.ledger.end(fault) }
            return .json(["status": "ok"])
        } catch {
            return .json(["error": .string(error.message)], status: 400)
        }
    }
}
