import JSON
import MarketData

extension OpenInterestTotals {
    /// Writes everything that an answer has but the strikes.
    func writeHeading(to json: inout JSONWriter, _ reasons: inout Reasons) {
        json.field("symbol", symbol.description)
        json.field("expiry", expiry.description)
        json.field("unit", unit.rawValue)
        json.field("lotSize", lotSize)
        json.field("spot", spot)
        json.field("atTheMoney", atTheMoney.value?.price)
        json.key("strikeRange")
        writeStrikeRange(to: &json)
        json.key("totals")
        writeTotals(to: &json)
        json.field("maxPain", maxPain.value?.price)
        provenance.writeFields(to: &json)
        if !notes.isEmpty {
            json.beginArray("notes")
            for note in notes { json.string(note) }
            json.endArray()
        }
        if lotSize == nil { reasons.note("lotSize", "the lot of \(symbol) for \(expiry) is not known") }
        if spot == nil { reasons.note("spot", "the source gave no price of the underlying") }
        reasons.note("atTheMoney", atTheMoney.reason)
        reasons.note("maxPain", maxPain.reason)
    }

    /// Writes `{from,to,listed,covered}`: totals and ratios hold for these strikes and no others.
    func writeStrikeRange(to json: inout JSONWriter) {
        let window = strikeWindow.value
        json.beginObject()
        json.field("from", window?.from.price)
        json.field("to", window?.to.price)
        json.field("listed", listedStrikes)
        json.field("covered", window?.covered ?? 0)
        var reasons = Reasons()
        if listedStrikes == nil {
            reasons.note("listed", "how many strikes are listed for this expiry is not known: there may be others")
        }
        reasons.write(to: &json)
        json.endObject()
    }

    private func writeTotals(to json: inout JSONWriter) {
        let ratio = putCallRatio(by: .openInterest)
        let ofChange = putCallRatio(by: .change)
        json.beginObject()
        json.field("call", ratio.calls)
        json.field("put", ratio.puts)
        json.field("callChange", ofChange.calls)
        json.field("putChange", ofChange.puts)
        json.field("putCallRatio", ratio.value)
        json.words("putCallRatioReason", ratio.reason)
        json.words("putCallRatioNote", ratio.note)
        json.field("putCallRatioOfChange", ofChange.value)
        json.words("putCallRatioOfChangeReason", ofChange.reason)
        json.words("putCallRatioOfChangeNote", ofChange.note)
        json.field("callStrikes", ratio.strikes?.calls)
        json.field("putStrikes", ratio.strikes?.puts)
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes a member where there is something to say.
    fileprivate mutating func words(_ name: StaticString, _ words: String?) {
        guard let words else { return }
        field(name, words)
    }
}
