import MarketData

extension BarRequest {
    /// Writes which series is meant into an object that is open.
    func writeSeries(to json: inout JSONWriter) {
        json.key("symbol")
        json.string(symbol.description)
        json.key("interval")
        json.string(interval.description)
        json.key("session")
        json.string(hours.rawValue)
        json.key("adjustment")
        json.string(adjustment.rawValue)
        if backAdjusted {
            json.key("backAdjusted")
            json.bool(true)
        }
    }
}
