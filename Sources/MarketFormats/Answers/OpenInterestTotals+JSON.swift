import MarketData

extension OpenInterestTotals {
    /// Writes everything that an answer has but the strikes.
    func writeHeading(to json: inout JSONWriter, _ reasons: inout Reasons) {
        json.key("symbol")
        json.string(symbol.description)
        json.key("expiry")
        json.string(expiry.description)
        json.key("unit")
        json.string(unit.rawValue)
        json.key("lotSize")
        json.integer(lotSize)
        json.key("spot")
        json.number(spot)
        json.key("atTheMoney")
        json.number(atTheMoney.value?.price)
        json.key("strikeRange")
        writeStrikeRange(to: &json)
        json.key("totals")
        writeTotals(to: &json)
        json.key("maxPain")
        json.number(maxPain.value?.price)
        provenance.writeFields(to: &json)
        if lotSize == nil { reasons.note("lotSize", "the lot of \(symbol) for \(expiry) is not known") }
        if spot == nil { reasons.note("spot", "the source gave no price of the underlying") }
        reasons.note("atTheMoney", atTheMoney.reason)
        reasons.note("maxPain", maxPain.reason)
    }

    /// Writes `{from,to,listed,covered}`: totals and ratios hold for these strikes and no others.
    func writeStrikeRange(to json: inout JSONWriter) {
        let window = strikeWindow.value
        json.beginObject()
        json.key("from")
        json.number(window?.from.price)
        json.key("to")
        json.number(window?.to.price)
        json.key("listed")
        json.integer(listedStrikes)
        json.key("covered")
        json.integer(window?.covered ?? 0)
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
        json.key("call")
        json.number(ratio.calls)
        json.key("put")
        json.number(ratio.puts)
        json.key("callChange")
        json.number(ofChange.calls)
        json.key("putChange")
        json.number(ofChange.puts)
        json.key("putCallRatio")
        json.number(ratio.value)
        json.words("putCallRatioReason", ratio.reason)
        json.words("putCallRatioNote", ratio.note)
        json.key("putCallRatioOfChange")
        json.number(ofChange.value)
        json.words("putCallRatioOfChangeReason", ofChange.reason)
        json.words("putCallRatioOfChangeNote", ofChange.note)
        json.key("callStrikes")
        json.integer(ratio.strikes?.calls)
        json.key("putStrikes")
        json.integer(ratio.strikes?.puts)
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes a member where there is something to say.
    fileprivate mutating func words(_ name: StaticString, _ words: String?) {
        guard let words else { return }
        key(name)
        string(words)
    }
}
