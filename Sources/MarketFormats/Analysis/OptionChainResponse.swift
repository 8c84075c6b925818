public import Foundation
public import JSON
public import MarketData

/// A chain with prices: what the source sent per option, and what Black-76 on the implied forward makes of it.
public struct OptionChainResponse: MarketResponse {
    /// What the source sent.
    public let chain: OptionChain
    /// What follows from its prices.
    public let analysis: ChainAnalysis

    /// Creates a response.
    /// - Parameters:
    ///   - rate: The interest rate of the model: continuous, a year, 0.07 for 7 %.
    ///   - calendar: Whose hours end the options.
    public init(
        _ chain: OptionChain, rate: Double = ChainAnalysis.standardRate, calendar: TradingCalendar = .nse
    ) {
        self.chain = chain
        analysis = ChainAnalysis(chain.snapshot, rate: rate, calendar: calendar)
    }

    public var timeZone: TimeZone? { chain.snapshot.timeZone }

    public func write(to json: inout JSONWriter) {
        let snapshot = chain.snapshot
        var reasons = Reasons()
        json.beginObject()
        OpenInterestTotals(snapshot).writeHeading(to: &json, &reasons)
        json.key("model")
        writeModel(to: &json)
        json.key("analysis")
        snapshot.writeAnalysis(to: &json) { analysis.writeFields(to: &$0, &$1) }
        json.key("sourceFigures")
        writeSourceValues(to: &json)
        json.beginArray("strikes")
        var greeks = GreeksByStrike(analysis.greeks)
        for row in snapshot.strikes {
            let known = greeks.next(row.strike)
            row.write(to: &json) { type, side, json, reasons in
                side.writeFields(to: &json, &reasons)
                json.computed("greeks", known(type), &reasons) { $0.write(to: &$1) }
                if let quotes = greeks.quotes(of: type) {
                    json.key("quotedVolatility")
                    quotes.write(to: &json)
                }
                if let own = chain.sourceGreeks { own.write(row.strike, type, to: &json, &reasons) }
            }
        }
        json.endArray()
        reasons.write(to: &json)
        json.endObject()
    }

    /// Writes `{name,rate,forward,forwardStrikes,impliedRate,expiresAt,yearsToExpiry,daysToExpiry,rules}`.
    private func writeModel(to json: inout JSONWriter) {
        var reasons = Reasons()
        json.beginObject()
        json.field("name", ChainGreeks.model)
        json.field("rate", analysis.rate)
        json.computed("forward", analysis.greeks.map(\.forward.price), &reasons)
        json.computed("forwardStrikes", analysis.greeks.map(\.forward.strikes), &reasons) { strikes, json in
            json.beginArray()
            for strike in strikes { json.number(strike.price) }
            json.endArray()
        }
        json.computed("impliedRate", analysis.impliedRate, &reasons) { $0.write(to: &$1) }
        json.field("expiresAt", analysis.expiresAt.description)
        json.computed("yearsToExpiry", analysis.years, &reasons)
        json.computed("daysToExpiry", analysis.years.map { $0 * 365 }, &reasons)
        json.key("rules")
        AnalysisRules.write(AnalysisRules.prices, to: &json)
        reasons.write(to: &json)
        json.endObject()
    }

    /// Writes the source's own computed values, from its own models and strikes.
    private func writeSourceValues(to json: inout JSONWriter) {
        let source = chain.snapshot.provenance.source
        var reasons = Reasons()
        json.beginObject()
        let model = ComputedValue(source.volatilityModel, otherwise: "the model of these values is unknown")
        json.computed("impliedVolatilityModel", model, &reasons) { $1.string($0) }
        let reason = "the source sends none"
        json.computed("greeksModel", ComputedValue(chain.sourceGreeks?.model, otherwise: reason), &reasons) {
            $1.string($0)
        }
        let ratios = chain.sourceRatios
        json.computed("putCallRatio", ComputedValue(ratios[.openInterest], otherwise: reason), &reasons)
        json.computed("putCallRatioOfChange", ComputedValue(ratios[.change], otherwise: reason), &reasons)
        json.computed("putCallRatioOfVolume", ComputedValue(ratios[.volume], otherwise: reason), &reasons)
        json.computed("maxPain", ComputedValue(chain.sourceMaxPain?.price, otherwise: reason), &reasons)
        json.field("note", "the source's own, over strikes of its choosing; ours are in analysis")
        reasons.write(to: &json)
        json.endObject()
    }
}

extension OptionChainResponse {
    public var columns: [String] { OptionChainResponse.columns }

    /// A row a strike. `callImpliedVolatility` is the source's, `callModelVolatility` ours; the model, its rate and its
    /// forward are columns too, so that a row names the model of its greeks.
    private static let columns =
        ["strike"] + sideColumns("call") + sideColumns("put")
        + ["putCallRatio", "forward", "rate", "yearsToExpiry", "model", "source", "mode", "asOf"]

    private static func sideColumns(_ side: String) -> [String] {
        [
            "OpenInterest", "Change", "Previous", "Last", "Volume", "ImpliedVolatility", "PriceChange", "BuildUp",
            "ModelVolatility", "Delta", "Gamma", "Vega", "Theta", "Rho", "Reason",
        ].map { side + $0 }
    }

    public func rows(_ emit: ([Cell]) -> Void) {
        let snapshot = chain.snapshot
        var greeks = GreeksByStrike(analysis.greeks)
        for row in snapshot.strikes {
            let known = greeks.next(row.strike)
            var cells: [Cell] = [.number(row.strike.price)]
            for type in OptionType.allCases {
                let value = known(type)
                cells += OptionData.cells(row[type]) + OptionData.buildUpCells(row[type])
                cells += OptionGreeks.cells(value.value) + [.text(value.reason)]
            }
            cells += [
                .number(row.putCallRatio.value), .number(analysis.greeks.value?.forward.price),
                .number(analysis.rate), .number(analysis.years.value), .text(ChainGreeks.model),
            ]
            emit(cells + snapshot.provenance.cells)
        }
    }
}
