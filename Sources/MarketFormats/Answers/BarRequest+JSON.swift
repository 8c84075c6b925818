import JSON
import MarketData

extension BarRequest {
    /// Writes which series is meant into an object that is open.
    func writeSeries(to json: inout JSONWriter) {
        json.field("symbol", symbol.description)
        json.field("interval", interval.description)
        json.field("session", hours.rawValue)
        json.field("adjustment", adjustment.rawValue)
        if backAdjusted {
            json.field("backAdjusted", true)
        }
    }
}
