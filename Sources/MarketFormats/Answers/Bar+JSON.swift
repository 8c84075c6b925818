public import JSON
public import MarketData

extension Bar {
    /// Writes `{time,open,high,low,close,volume,final}`, and `openInterest` and `tradingDay` where there is one.
    public func write(to json: inout JSONWriter, tradingDay: CalendarDate? = nil) {
        json.beginObject()
        json.field("time", time.seconds)
        if let tradingDay {
            json.field("tradingDay", tradingDay.description)
        }
        json.field("open", open)
        json.field("high", high)
        json.field("low", low)
        json.field("close", close)
        json.field("volume", volume)
        if let openInterest {
            json.field("openInterest", openInterest)
        }
        json.field("final", isFinal)
        json.endObject()
    }
}
