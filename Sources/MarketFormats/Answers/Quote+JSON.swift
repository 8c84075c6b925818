public import JSON
public import MarketData

extension Quote {
    /// Writes every field; what is unknown is `null`.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", symbol.description)
        writeFigures(since: nil, to: &json)
        provenance.writeFields(to: &json)
        json.endObject()
    }

    /// Writes the symbol, the time of the last price and what differs from an earlier state of the quote.
    public func writeChanges(since former: Quote, to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", symbol.description)
        if lastTime == former.lastTime {
            json.field("lastTime", lastTime?.seconds)
        }
        writeFigures(since: former, to: &json)
        if provenance.withoutTime != former.provenance.withoutTime { provenance.writeFields(to: &json) }
        json.endObject()
    }

    private func writeFigures(since former: Quote?, to json: inout JSONWriter) {
        func figure(_ name: StaticString, _ value: Double?, _ formerValue: Double??) {
            guard former == nil || formerValue != .some(value) else { return }
            json.field(name, value)
        }
        figure("last", last, former?.last)
        figure("bid", bid, former?.bid)
        figure("ask", ask, former?.ask)
        figure("open", open, former?.open)
        figure("high", high, former?.high)
        figure("low", low, former?.low)
        figure("previousClose", previousClose, former?.previousClose)
        figure("change", change, former?.change)
        figure("changePercent", changePercent, former?.changePercent)
        figure("volume", volume, former?.volume)
        figure("openInterest", openInterest, former?.openInterest)
        if former == nil || former?.lastTime != lastTime {
            json.field("lastTime", lastTime?.seconds)
        }
        if former == nil || former?.session != session {
            json.field("session", session)
        }
    }
}

extension Provenance {
    fileprivate var withoutTime: Provenance {
        var copy = self
        copy.asOf = Timestamp(milliseconds: 0)
        return copy
    }
}
