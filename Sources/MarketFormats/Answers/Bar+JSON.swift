public import MarketData

extension Bar {
    /// Writes `{time,open,high,low,close,volume,final}`, and `openInterest` and `tradingDay` where there is one.
    public func write(to json: inout JSONWriter, tradingDay: CalendarDate? = nil) {
        json.beginObject()
        json.key("time")
        json.integer(time.seconds)
        if let tradingDay {
            json.key("tradingDay")
            json.string(tradingDay.description)
        }
        json.key("open")
        json.number(open)
        json.key("high")
        json.number(high)
        json.key("low")
        json.number(low)
        json.key("close")
        json.number(close)
        json.key("volume")
        json.number(volume)
        if let openInterest {
            json.key("openInterest")
            json.number(openInterest)
        }
        json.key("final")
        json.bool(isFinal)
        json.endObject()
    }
}
