import Logging
import MarketData
import SourceHTTP
import Trendlyne

extension AppConfiguration {
    /// What outlives a process of Trendlyne: the day's requests, a stop, looked-up underlyings. Another address than the
    /// real one, such as a simulator's, has an allowance of its own.
    func trendlyneMemory(logger: Logger) -> TrendlyneMemory {
        var name = "trendlyne"
        if trendlyne.baseURL != TrendlyneConfiguration.realBaseURL {
            name +=
                "-" + trendlyne.baseURL.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
        }
        return TrendlyneMemory(
            ledger: LedgerFile(path: "\(dataFolder)/\(name)-requests.json"),
            stocks: StockFile(path: "\(dataFolder)/\(name)-stocks.json", logger: logger))
    }
}
