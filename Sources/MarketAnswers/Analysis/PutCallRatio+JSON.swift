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

    /// Writes `{value,puts,calls,putStrikes,callStrikes}`: the ratio, its sums, and how many strikes each is over.
    private func write(_ ratio: PutCallRatio, to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.figure("value", ratio.figure, &reasons)
        json.figure("puts", Figure(ratio.puts, otherwise: "no put's is known"), &reasons)
        json.figure("calls", Figure(ratio.calls, otherwise: "no call's is known"), &reasons)
        json.key("putStrikes")
        json.integer(known(.put, ratio.basis))
        json.key("callStrikes")
        json.integer(known(.call, ratio.basis))
        reasons.write(to: &json)
        json.endObject()
    }

    private func known(_ type: OptionType, _ basis: PutCallRatio.Basis) -> Int {
        strikes.count { row in
            switch basis {
            case .openInterest: row[type]?.openInterest != nil
            case .change: row[type]?.change != nil
            case .volume: row[type]?.volume != nil
            }
        }
    }
}
