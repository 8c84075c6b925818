import JSON
import MarketData

extension OpenInterestSnapshot {
    /// Writes the value of `analysis`: what follows from the figures of the snapshot. What does not is `null`, and
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
        json.figure("netChange", netChange, &reasons)
        json.figure("maxPain", maxPainFigure.map(\.price), &reasons)
        json.figure("atTheMoney", atTheMoneyFigure.map(\.price), &reasons)
        json.figure("straddle", straddle, &reasons) { $0.write(to: &$1) }
        json.figure("resistance", resistance(), &reasons) { OpenInterestWall.write($0, to: &$1) }
        json.figure("support", support(), &reasons) { OpenInterestWall.write($0, to: &$1) }
        json.figure("buildUp", buildUps, &reasons) { $0.write(to: &$1) }
        json.figure("strikeWindow", strikeWindow, &reasons) { $0.write(to: &$1) }
    }

    private var buildUps: Figure<BuildUpCount> {
        let count = BuildUpCount(self)
        return count.isEmpty
            ? .unknown(reason: "of no option are the changes of price and open interest both known") : .known(count)
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
        let silence = "the source does not say how many strikes are listed"
        json.beginObject()
        json.field("from", from.price)
        json.field("to", to.price)
        json.field("covered", covered)
        json.figure("listed", Figure(listed, otherwise: silence), &reasons) { $1.integer($0) }
        json.figure("whole", Figure(isWhole, otherwise: silence), &reasons) { $1.bool($0) }
        json.field("words", words)
        reasons.write(to: &json)
        json.endObject()
    }
}
