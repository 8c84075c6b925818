public import Logging
public import MarketData
import SourceHTTP

/// Looked-up underlyings in a file of the data folder. What cannot be read or kept is looked up anew, and logged.
public struct StockFile: StockMemory {
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

    /// Keeps what was found; at most some thousands, more than there are underlyings.
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
            logger.warning("looked-up underlyings are not kept", metadata: ["why": "\(error.words)"])
            return nil
        }
    }

    private static let mostStocks = 4096
}
