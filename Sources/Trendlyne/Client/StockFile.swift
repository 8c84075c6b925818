public import Logging
public import MarketData
public import SourceHTTP

/// Where looked-up underlyings outlive a process: their numbers do not move, and each search is taken from the day's
/// quota.
public protocol StockStorage: Sendable {
    /// The underlying's number and code at Trendlyne; `nil` if not looked up yet.
    func stock(of symbol: Symbol) -> TrendlyneStock?

    /// Stores the results.
    func keep(_ stock: TrendlyneStock, of symbol: Symbol)
}

/// Looked-up underlyings in a file of the data folder. An entry that cannot be read or stored is looked up again, and
/// logged.
public struct StockFile: StockStorage {
    private let file: SharedJSONFile<[String: TrendlyneStock]>
    private let logger: Logger

    /// Underlyings kept at a path, such as `.../trendlyne-stocks.json`.
    public init(path: String, logger: Logger) {
        file = SharedJSONFile(path: path, empty: [:])
        self.logger = logger
    }

    /// The underlying's number and code.
    public func stock(of symbol: Symbol) -> TrendlyneStock? {
        noting { () throws(JSONFileError) in try file.read()[symbol.description] } ?? nil
    }

    /// Stores the results; at most some thousands, more than there are underlyings.
    public func keep(_ stock: TrendlyneStock, of symbol: Symbol) {
        _ = noting { () throws(JSONFileError) in
            try file.change { stocks in
                if stocks.count >= StockFile.mostStocks { stocks.removeAll() }
                stocks[symbol.description] = stock
            }
        }
    }

    private func noting<Result>(_ work: () throws(JSONFileError) -> Result) -> Result? {
        do {
            return try work()
        } catch {
            logger.warning("cannot store looked-up underlyings", metadata: ["why": "\(error.words)"])
            return nil
        }
    }

    private static let mostStocks = 4096
}

/// What Trendlyne knows an underlying by.
public struct TrendlyneStock: Codable, Hashable, Sendable {
    /// The number.
    public let id: Int
    /// The exchange's ticker, as the source spells it.
    public let code: String

    /// An underlying by its number and code.
    public init(id: Int, code: String) {
        self.id = id
        self.code = code
    }
}

/// What of a client outlives its process.
public struct TrendlyneStorage: Sendable {
    /// The day's requests and a stop; `nil` to forget them.
    public var ledger: (any LedgerStorage)?
    /// Looked-up underlyings; `nil` to look them up again.
    public var stocks: (any StockStorage)?

    /// A cache; none, unless said otherwise.
    public init(ledger: (any LedgerStorage)? = nil, stocks: (any StockStorage)? = nil) {
        self.ledger = ledger
        self.stocks = stocks
    }
}
