import JSON
import MarketData

extension OpenInterestSnapshot {
    /// Writes `{openInterest,change,volume}`, each a ratio with both of its sums.
    func writeRatios(to json: inout JSONWriter) {
        json.beginObject()
        for basis in PutCallRatio.Basis.allCases {
            switch basis {
            case .openInterest: json.key("openInterest")
            case .change: json.key("change")
            case .volume: json.key("volume")
            }
            write(putCallRatio(by: basis), to: &json)
        }
        json.endObject()
    }

    /// Writes `{value,puts,calls,putStrikes,callStrikes,note?}`: the ratio, its sums, how many strikes each is over, and
    /// what to know where these are not the same.
    private func write(_ ratio: PutCallRatio, to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.figure("value", ratio.figure, &reasons)
        json.figure("puts", Figure(ratio.puts, otherwise: "no put's is known"), &reasons)
        json.figure("calls", Figure(ratio.calls, otherwise: "no call's is known"), &reasons)
        json.field("putStrikes", ratio.strikes?.puts)
        json.field("callStrikes", ratio.strikes?.calls)
        reasons.write(to: &json)
        if let note = ratio.note {
            json.field("note", note)
        }
        json.endObject()
    }
}
