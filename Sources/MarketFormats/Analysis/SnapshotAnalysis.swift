import JSON
import MarketData

extension OpenInterestSnapshot {
    /// Writes the value of `analysis`: what follows from the values of the snapshot. What does not is `null`, and
    /// `reasons` says why.
    /// - Parameter more: Writes further fields of the object.
    func writeAnalysis(
        to json: inout JSONWriter, more: (inout JSONWriter, inout Reasons) -> Void = { _, _ in }
    ) {
        var reasons = Reasons()
        json.beginObject()
        writeAnalysisFields(to: &json, &reasons)
        more(&json, &reasons)
        json.key("rules")
        AnalysisRules.write(AnalysisRules.openInterest, to: &json)
        reasons.write(to: &json)
        json.endObject()
    }

    private func writeAnalysisFields(to json: inout JSONWriter, _ reasons: inout Reasons) {
        json.key("putCallRatios")
        writeRatios(to: &json)
        json.computed("netChange", netChange, &reasons)
        json.computed("maxPain", computedMaxPain.map(\.price), &reasons)
        json.computed("atTheMoney", computedAtTheMoney.map(\.price), &reasons)
        json.computed("straddle", straddle, &reasons) { $0.write(to: &$1) }
        json.computed("resistance", resistance(), &reasons) { OpenInterestWall.write($0, to: &$1) }
        json.computed("support", support(), &reasons) { OpenInterestWall.write($0, to: &$1) }
        json.computed("buildUp", buildUps, &reasons) { $0.write(to: &$1) }
        json.computed("strikeWindow", strikeWindow, &reasons) { $0.write(to: &$1) }
    }

    private var buildUps: ComputedValue<BuildUpCount> {
        let count = BuildUpCount(self)
        return count.isEmpty
            ? .unknown(reason: "no option has a known change in both price and open interest") : .known(count)
    }
}

extension Straddle {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("strike", strike.price)
        json.field("call", call)
        json.field("put", put)
        json.field("price", price)
        json.endObject()
    }
}

extension OpenInterestWall {
    fileprivate static func write(_ walls: [OpenInterestWall], to json: inout JSONWriter) {
        json.beginArray()
        for wall in walls {
            json.beginObject()
            json.field("strike", wall.strike.price)
            json.field("openInterest", wall.size)
            json.endObject()
        }
        json.endArray()
    }
}

extension StrikeWindow {
    fileprivate func write(to json: inout JSONWriter) {
        var reasons = Reasons()
        let reason = "the source does not say how many strikes are listed"
        json.beginObject()
        json.field("from", from.price)
        json.field("to", to.price)
        json.field("covered", covered)
        json.computed("listed", ComputedValue(listed, otherwise: reason), &reasons) { $1.integer($0) }
        json.computed("whole", ComputedValue(isWhole, otherwise: reason), &reasons) { $1.bool($0) }
        json.field("words", words)
        reasons.write(to: &json)
        json.endObject()
    }
}

/// How many of a chain's calls and puts did what since the previous session's close.
struct BuildUpCount {
    private var counts: [OptionType: [BuildUp: Int]] = [:]

    /// Counts the options with a known build-up.
    init(_ snapshot: OpenInterestSnapshot) {
        for row in snapshot.strikes {
            for type in OptionType.allCases {
                guard let buildUp = row[type]?.buildUp.value else { continue }
                counts[type, default: [:]][buildUp, default: 0] += 1
            }
        }
    }

    /// Whether no option has a known build-up.
    var isEmpty: Bool { counts.isEmpty }

    /// Writes `{calls:{long_build_up,...},puts:{...}}`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        for type in OptionType.allCases {
            switch type {
            case .call: json.key("calls")
            case .put: json.key("puts")
            }
            json.beginObject()
            for buildUp in BuildUp.allCases {
                json.key(buildUp.rawValue)
                json.integer(counts[type]?[buildUp] ?? 0)
            }
            json.endObject()
        }
        json.endObject()
    }
}

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

    /// Writes `{value,puts,calls,putStrikes,callStrikes,note?}`: the ratio, its sums, how many strikes each is over,
    /// and what to know where these are not the same.
    private func write(_ ratio: PutCallRatio, to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.computed("value", ratio.computed, &reasons)
        json.computed("puts", ComputedValue(ratio.puts, otherwise: "no value for any put"), &reasons)
        json.computed("calls", ComputedValue(ratio.calls, otherwise: "no value for any call"), &reasons)
        json.field("putStrikes", ratio.strikes?.puts)
        json.field("callStrikes", ratio.strikes?.calls)
        reasons.write(to: &json)
        if let note = ratio.note {
            json.field("note", note)
        }
        json.endObject()
    }
}
